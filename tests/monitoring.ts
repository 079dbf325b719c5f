import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The path of a file that is deployed beside the product. */
export function deployed(name: string): string {
  return fileURLToPath(new URL(`../deploy/${name}`, import.meta.url))
}

type Dashboard = { readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[] }

/** The queries of the Grafana dashboard, with Grafana's own variable replaced by a range. */
export function dashboardQueries(): string[] {
  const { panels } = JSON.parse(readFileSync(deployed('grafana/kinoprint.json'), 'utf8')) as Dashboard
  return panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m')),
  )
}

/** The expressions of the alerts. */
export function alertExpressions(): string {
  return readFileSync(deployed('prometheus/alerts.yml'), 'utf8')
}
