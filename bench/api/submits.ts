import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { signRequest } from '@kinoprint/contract'
import { createClient, jobXml } from '../../tests/e2e/client.ts'
import { newDatabase, startOnServers, stop } from '../../tests/e2e/product.ts'
import { startRedis } from '../../tests/servers.ts'
import { cpuSecondsOf } from '../ingest/process-cost.ts'
import { median } from '../median.ts'
import type { Row } from '../report.ts'

const ROUNDS = 5
const REQUESTS = 1000
const AT_ONCE = 16

type Target = {
  readonly url: string
  readonly pid: number
  readonly library: string
  readonly secretId: string
  readonly secretKey: string
}
type Submits = { readonly perSecond: number; readonly cpuMs: number }

/**
 * Submits a second of the API process on PostgreSQL and Redis, without a worker, against the barest server that does
 * the same. Both get the same signed requests over kept connections, in turns.
 */
export async function measureSubmits({
  folder,
  say,
}: {
  readonly folder: string
  readonly say: (line: string) => void
}): Promise<Row[]> {
  const product = await startOnServers({ workers: 0 })
  const bare = await startBare(folder)
  try {
    const { url, secretId, secretKey } = product.address
    const library = await createClient(product.address).createLibrary()
    const ours = { url, library, secretId, secretKey, pid: product.processes[0]?.pid ?? 0 }
    const other = { ...ours, url: bare.url, pid: bare.child.pid ?? 0 }
    const runs: { readonly ours: Submits; readonly bare: Submits }[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      say(`Submits, round ${round} of ${ROUNDS} …`)
      const run = { ours: await submitMany(ours, round), bare: await submitMany(other, round) }
      // The first warms both.
      if (round > 0) runs.push(run)
    }
    const row = (server: string, of: (run: (typeof runs)[number]) => Submits): Row => ({
      server,
      'submits a second': median(runs.map((run) => of(run).perSecond)).toFixed(0),
      'CPU ms each': median(runs.map((run) => of(run).cpuMs)).toFixed(2),
      'of the bare one': median(runs.map((run) => of(run).perSecond / run.bare.perSecond)).toFixed(2),
    })
    return [row('kinoprint api', (run) => run.ours), row('bare express', (run) => run.bare)]
  } finally {
    await Promise.all([product.close(), bare.close()])
  }
}

async function startBare(folder: string): Promise<{
  readonly url: string
  readonly child: ChildProcess
  readonly close: () => Promise<void>
}> {
  const redis = await startRedis(folder)
  const script = new URL('./bare-express.ts', import.meta.url).pathname
  const env = { ...process.env, DATABASE_URL: await newDatabase(), REDIS_URL: redis.url }
  const args = ['--import', 'tsx', '--conditions=source', script]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const close = async () => {
    await Promise.all([stop(child), stop(redis.process)])
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /bare on (\d+)/.exec(line)?.[1]
    if (port) return { url: `http://127.0.0.1:${port}`, child, close }
  }
  await close()
  throw new Error('The bare server ended before it was ready.')
}

/** Each asks for a file of its own: the same request twice within ten seconds is one job. */
async function submitMany(target: Target, round: number): Promise<Submits> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const bodies = Array.from({ length: REQUESTS }, (_, n) =>
    jobXml({ rule: 'FindSimilarVideo', library: target.library, object: `${round}-${n}.mp4` }),
  )
  const cpuBefore = cpuSecondsOf(target.pid)
  const begin = performance.now()
  const lane = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await submit(target, body, agent)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  const seconds = (performance.now() - begin) / 1000
  agent.destroy()
  return {
    perSecond: REQUESTS / seconds,
    cpuMs: (1000 * (cpuSecondsOf(target.pid) - cpuBefore)) / REQUESTS,
  }
}

function submit({ url, secretId, secretKey }: Target, body: string, agent: Agent): Promise<void> {
  const host = new URL(url).host
  const now = Math.floor(Date.now() / 1000)
  const signed = { method: 'POST', target: '/jobs', headers: [['host', host]] as [string, string][] }
  const window = { startSeconds: now - 60, endSeconds: now + 600 }
  const authorization = signRequest({ ...signed, secretId, secretKey, ...window })
  const headers = {
    host,
    authorization,
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    request(`${url}/jobs`, { method: 'POST', agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`POST /jobs answered ${answer.statusCode}`))
      answer.resume().once('end', resolve)
    })
      .once('error', reject)
      .end(body)
  })
}
