// `npm run picture:dashboard`: docs/images/dashboard.svg, drawn from an API, two workers, PostgreSQL and Redis under load
// for five minutes, as Prometheus recorded them. One worker is killed on the way, and started again if time is left.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openReceiver } from '../../services/worker/src/callbacks/receiver.fixture.ts'
import { createClient, jobXml } from '../e2e/client.ts'
import { launch, secretsIn } from '../e2e/product.ts'
import { renderFootage } from '../footage.ts'
import { deployed } from '../monitoring.ts'
import { freePort, initPostgres, makePostgresFolder, runPostgres, startRedis, stop } from '../servers.ts'
import { drawDashboard, type Panel, type Series } from './draw-dashboard.ts'

const PICTURE = fileURLToPath(new URL('../../docs/images/dashboard.svg', import.meta.url))
const MINUTES = 5
const SCRAPE_SECONDS = 5
const VIDEOS = 6

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-dashboard-'))
makePostgresFolder(folder)
const home = join(folder, 'server')
makePostgresFolder(home)
const postgres = await runPostgres({
  folder: home,
  data: initPostgres(home),
  port: await freePort(),
  settings: [],
})
mkdirSync(join(folder, 'redis'))
const redis = await startRedis(join(folder, 'redis'))
const settings = {
  ...{ DATABASE_URL: postgres.url, REDIS_URL: redis.url, DATA_DIR: join(folder, 'data') },
  ...{ PORT: '0', WORKER_CONCURRENCY: '1', CALLBACK_ALLOW: '127.0.0.1' },
}
const receiver = await openReceiver()
const api = await launch('api', settings)
const workers = [await launch('worker', settings), await launch('worker', settings)]
const prometheusPort = await freePort()
const config = join(folder, 'prometheus.yml')
const jobOf = (name: string, urls: readonly string[]) => ({
  job_name: name,
  static_configs: [{ targets: urls.map((url) => new URL(url).host) }],
})
// JSON is YAML.
writeFileSync(
  config,
  JSON.stringify({
    global: { scrape_interval: `${SCRAPE_SECONDS}s` },
    scrape_configs: [
      jobOf('kinoprint-api', [api.url]),
      jobOf(
        'kinoprint-worker',
        workers.map(({ url }) => url),
      ),
    ],
  }),
)
const prometheus = spawn(
  'prometheus',
  [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'metrics')}`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
  ],
  { stdio: 'ignore' },
)

const from = Date.now() / 1000
try {
  await work()
  const to = Date.now() / 1000
  const { panels } = JSON.parse(readFileSync(deployed('grafana/kinoprint.json'), 'utf8')) as {
    panels: Panel[]
  }
  const drawn = await Promise.all(
    panels.map(async (panel) => ({ ...panel, series: await seriesOf(panel, { from, to }) })),
  )
  const note =
    'The panels of deploy/grafana/kinoprint.json, drawn from Prometheus: an API and two workers on a busy machine with two cores. One worker was killed.'
  writeFileSync(PICTURE, drawDashboard(drawn, { note, times: { from, to } }))
  process.stdout.write(`Wrote ${PICTURE}\n`)
} finally {
  prometheus.kill()
  await receiver.close()
  for (const { child } of [api, ...workers]) child.kill()
  await delay(3_000)
  redis.process.kill()
  await stop(postgres.process, 'SIGINT')
  rmSync(folder, { recursive: true, force: true })
}

/** Stores and searches in waves, with some objects that do not exist. */
async function work(): Promise<void> {
  const client = createClient({ url: api.url, ...secretsIn(settings.DATA_DIR) })
  const library = await client.createLibrary()
  for (let n = 0; n < VIDEOS; n++) {
    const path = join(folder, `${n}.mp4`)
    await renderFootage(path, { seed: n, seconds: 5 + 5 * (n % 3) })
    await client.upload(`film-${n}.mp4`, path)
    await client.upload(`copy-${n}.mp4`, path)
  }
  for (let n = 0; Date.now() / 1000 < from + 60 * MINUTES; n++) {
    const video = n % VIDEOS
    const isWave = n % 20 < 8
    const object = n % 11 === 0 ? 'missing.mp4' : `copy-${video}.mp4`
    await client.submit({
      rule: 'GetFingerPrint',
      library,
      object: `film-${video}.mp4`,
      level: n % 3 === 0 ? 2 : 0,
    })
    const search = jobXml({ rule: 'FindSimilarVideo', library, object, level: 1 })
    const callback = `<CallBack>${receiver.url}</CallBack></Request>`
    await client.request('POST', 'jobs', search.replace('</Request>', callback))
    await delay(isWave ? 2_000 : 6_000)
    if (n === 25) workers[1]?.child.kill('SIGKILL')
    if (n === 40) {
      const port = new URL(workers[1]?.url ?? '').port
      workers[1] = await launch('worker', { ...settings, PORT: port })
    }
  }
}

type Answer = {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>
      readonly values: readonly (readonly [number, string])[]
    }[]
  }
}

async function seriesOf(
  { targets = [] }: Panel,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Series[]> {
  const found = targets.map(async ({ expr, legendFormat = '' }) => {
    const query = expr.replaceAll('$__rate_interval', '1m')
    const times = { start: String(from), end: String(to), step: String(SCRAPE_SECONDS) }
    const parameters = new URLSearchParams({ query, ...times })
    const url = `http://127.0.0.1:${prometheusPort}/api/v1/query_range?${parameters}`
    const { data } = (await (await fetch(url)).json()) as Answer
    return data.result.map(({ metric, values }) => ({
      name: legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? ''),
      points: values
        .map(([time, value]) => [time, Number(value)] as const)
        .filter(([, value]) => Number.isFinite(value)),
    }))
  })
  return (await Promise.all(found)).flat().filter(({ points }) => points.length > 0)
}
