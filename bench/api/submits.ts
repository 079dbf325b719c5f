import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { createClient } from '../../tests/e2e/client.ts'
import { newDatabase, startOnServers } from '../../tests/e2e/product.ts'
import { type Server, startRedis, stop as stopServer } from '../../tests/servers.ts'
import { cpuSecondsOfTree, parentOf } from '../ingest/process-cost.ts'
import { median } from '../median.ts'
import type { Row } from '../report.ts'
import { submitMany, type Target } from './submit-many.ts'

const REQUESTS = 1000

export type SubmitOptions = {
  readonly print: (line: string) => void
  readonly rounds: number
  /** Folder for CPU profiles of both servers, for Chrome DevTools. */
  readonly profile?: string | undefined
}

/** One of the two servers, and the processes behind it, by name. */
type Measured = { readonly target: Target; readonly pids: Readonly<Record<Part, number>> }
const parts = ['server', 'PostgreSQL', 'Redis'] as const
type Part = (typeof parts)[number]
type Round = { readonly perSecond: number; readonly cpuMs: Readonly<Record<Part, number>> }

/**
 * Measures the submissions per second of the API process on PostgreSQL and Redis, without a worker, and of a minimal
 * server that does the same. Both get the same signed requests in turn. The CPU time includes their servers.
 */
export async function measureSubmits(options: SubmitOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-bench-'))
  const closers: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })]
  try {
    const redis = await startRedis(folder)
    closers.push(() => stopServer(redis.process, 'SIGTERM'))
    const other = await startRedis(mkdtempSync(join(folder, 'bare-')))
    closers.push(() => stopServer(other.process, 'SIGTERM'))
    const settings = { REDIS_URL: redis.url, ...profiling(options.profile, 'kinoprint') }
    const product = await startOnServers({ workers: 0, settings })
    closers.push(product.close)
    const bare = await startBare({ REDIS_URL: other.url, ...profiling(options.profile, 'bare') })
    closers.push(() => stopServer(bare.child, 'SIGTERM'))
    const postgres = await postgresPid()
    const target = { ...product.address, library: await createClient(product.address).createLibrary() }
    const pids = (server: ChildProcess | undefined, queue: Server) => ({
      server: server?.pid ?? 0,
      PostgreSQL: postgres,
      Redis: queue.process.pid ?? 0,
    })
    const ours = { target, pids: pids(product.processes[0], redis) }
    return await inTurns(
      { ours, bare: { target: { ...target, url: bare.url }, pids: pids(bare.child, other) } },
      options,
    )
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

async function inTurns(
  { ours, bare }: { readonly ours: Measured; readonly bare: Measured },
  { print, rounds }: SubmitOptions,
): Promise<Row[]> {
  const runs: { readonly ours: Round; readonly bare: Round }[] = []
  for (let round = 0; round <= rounds; round++) {
    print(`Submissions, round ${round} of ${rounds} …`)
    const run = { ours: await oneRound(ours, round), bare: await oneRound(bare, round) }
    // The first round is a warm-up for both.
    if (round > 0) runs.push(run)
  }
  const row = (server: string, of: (run: (typeof runs)[number]) => Round): Row => {
    const cpu = (part: Part) => median(runs.map((run) => of(run).cpuMs[part]))
    const all = (round: Round) => parts.reduce((sum, part) => sum + round.cpuMs[part], 0)
    return {
      server,
      'submissions a second': median(runs.map((run) => of(run).perSecond)).toFixed(0),
      'share of the bare server': median(runs.map((run) => of(run).perSecond / run.bare.perSecond)).toFixed(
        2,
      ),
      ...Object.fromEntries(parts.map((part) => [`CPU ms per request: ${part}`, cpu(part).toFixed(2)])),
      all: median(runs.map((run) => all(of(run)))).toFixed(2),
    }
  }
  return [row('kinoprint api', (run) => run.ours), row('bare express', (run) => run.bare)]
}

async function oneRound({ target, pids }: Measured, round: number): Promise<Round> {
  const cpu = () => parts.map((part) => cpuSecondsOfTree(pids[part]))
  const before = cpu()
  const perSecond = await submitMany(target, { name: String(round), count: REQUESTS })
  const [server = 0, postgres = 0, redis = 0] = cpu().map(
    (seconds, n) => (1000 * (seconds - (before[n] ?? 0))) / REQUESTS,
  )
  return { perSecond, cpuMs: { server, PostgreSQL: postgres, Redis: redis } }
}

/** Environment that makes a server write its profile to the folder. */
function profiling(folder: string | undefined, name: string): Record<string, string> {
  const preload = new URL('./profile.mjs', import.meta.url).pathname
  if (folder === undefined) return {}
  return { NODE_OPTIONS: `--import=${preload}`, PROFILE_DIR: folder, PROFILE_NAME: name }
}

/** The postmaster, whose children serve connections. */
async function postgresPid(): Promise<number> {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const postmaster = parentOf(rows[0]?.pid ?? 0)
  await client.end()
  return postmaster
}

async function startBare(settings: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const script = new URL('./bare-express.ts', import.meta.url).pathname
  const env = { ...process.env, DATABASE_URL: await newDatabase(), ...settings }
  const args = ['--import', 'tsx', '--conditions=source', script]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /bare on (\d+)/.exec(line)?.[1]
    if (port) return { url: `http://127.0.0.1:${port}`, child }
  }
  throw new Error('The bare server exited before it was ready.')
}
