import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dashboardQueries, deployed } from './monitoring.ts'

const ALERTS = deployed('prometheus/alerts.yml')
const CASES = deployed('prometheus/alerts.test.yml')

/** Runs Prometheus' own checker. Throws its output if it finds a fault. */
function promtool(...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { encoding: 'utf8' })
  if (error !== undefined) throw new Error('promtool is not installed. Run `npm test`, which installs it.')
  if (status !== 0) throw new Error(`promtool ${args.join(' ')}:\n${stdout}${stderr}`)
  return stdout
}

function namesIn(file: string, pattern: RegExp): string[] {
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map((match) => match[1] ?? '')
}

test('Prometheus accepts its configuration and the alerts', () => {
  expect(promtool('check', 'config', deployed('prometheus/prometheus.yml'))).toContain('SUCCESS')
})

test('each alert fires when it should, and stays silent otherwise', () => {
  expect(promtool('test', 'rules', CASES)).toContain('SUCCESS')
  const alerts = namesIn(ALERTS, /^ {6}- alert: (\w+)$/gm)
  expect(alerts.length).toBeGreaterThan(10)
  const firing = namesIn(CASES, /alertname: (\w+)\n {8}eval_time: \w+\n {8}exp_alerts:\n {10}- exp_labels/g)
  expect([...new Set(firing)].sort()).toEqual(alerts.sort())
})

test('Prometheus accepts every query of the dashboard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-dashboard-'))
  try {
    const file = join(folder, 'queries.json')
    const rules = dashboardQueries().map((query, n) => ({ record: `query:${n}`, expr: query }))
    expect(rules.length).toBeGreaterThan(20)
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))
    expect(promtool('check', 'rules', file)).toContain(`SUCCESS: ${rules.length} rules found`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
