import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { OPTIMISE_LATE } from '../node-options.ts'
import { productEnvironment } from '../product-environment.ts'
import { startRedis } from '../servers.ts'
import type { Address } from './client.ts'

/** A product in separate processes, started like `npm start` or the commands of a deployment. */
export type Product = {
  readonly address: Address
  readonly dataDir: string
  /** One process when embedded. On servers: the API first, then the workers. */
  readonly processes: ChildProcess[]
  /** Starts one more worker process (servers only). */
  readonly addWorker: () => Promise<ChildProcess>
  /** Ends the API and starts it again at the same address (servers only). */
  readonly restartApi: () => Promise<void>
  /** Of its PostgreSQL; empty if it has none of its own. */
  readonly databaseUrl: string
  readonly close: () => Promise<void>
}

export const ENTRY = new URL('../../services/cli/bin/kinoprint.js', import.meta.url).pathname
const READY = /ready on (https?:\S+)/
/** Time limit for a hanging process. */
const STOP_LIMIT_MS = 250_000

/** Starts everything in one process over PGlite, with only the folder and a free port set. */
export async function startEmbedded(
  dataDir = newFolder(),
  settings: Record<string, string> = {},
): Promise<Product> {
  const { child, url } = await launch('serve', { DATA_DIR: dataDir, PORT: '0', ...settings })
  const processes = [child]
  return {
    address: { url, ...secretsIn(dataDir) },
    dataDir,
    processes,
    addWorker: () => Promise.reject(new Error('An embedded product has no separate workers.')),
    restartApi: () => Promise.reject(new Error('An embedded product has no separate API.')),
    databaseUrl: '',
    close: () => closeAll(processes, dataDir),
  }
}

type OnServers = {
  readonly workers?: number
  readonly settings?: Record<string, string>
  /** A database and a data folder to start with, instead of empty ones. */
  readonly databaseUrl?: string
  readonly dataDir?: string
}

/** Starts an API and `workers` worker processes over PostgreSQL and Redis, with a separate database and Redis. */
export async function startOnServers(options: OnServers = {}): Promise<Product> {
  const { workers = 2, settings = {}, dataDir = newFolder() } = options
  const databaseUrl = options.databaseUrl ?? (await newDatabase())
  // Its files are elsewhere, so that a copy of the data folder has no queue.
  const redisDir = newFolder()
  const redis = await startRedis(redisDir)
  const servers = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, DATA_DIR: dataDir, ...settings }
  const { child, url } = await launch('api', { PORT: '0', ...servers })
  const processes = [child]
  const addWorker = async () => {
    const worker = await launch('worker', { WORKER_CONCURRENCY: '1', ...servers, PORT: '0' })
    processes.push(worker.child)
    return worker.child
  }
  const restartApi = async () => {
    if (processes[0] !== undefined) await stop(processes[0])
    processes[0] = (await launch('api', { ...servers, PORT: new URL(url).port })).child
  }
  for (let n = 0; n < workers; n++) await addWorker()
  return {
    address: { url, ...secretsIn(dataDir) },
    dataDir,
    processes,
    addWorker,
    restartApi,
    databaseUrl: servers.DATABASE_URL,
    close: () => closeAll([...processes, redis.process], dataDir, redisDir),
  }
}

/** A stack that is already running, e.g. in compose. Its address and secrets come from the environment. */
export function runningStack(): Product | null {
  const { E2E_URL, E2E_ADMIN_TOKEN = '', E2E_SECRET_ID = '', E2E_SECRET_KEY = '' } = process.env
  if (!E2E_URL) return null
  const address = {
    url: E2E_URL,
    adminToken: E2E_ADMIN_TOKEN,
    secretId: E2E_SECRET_ID,
    secretKey: E2E_SECRET_KEY,
  }
  const none = () => Promise.reject(new Error('Tests cannot add workers to a running stack.'))
  const close = async () => {}
  return { address, dataDir: '', processes: [], addWorker: none, restartApi: none, databaseUrl: '', close }
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kinoprint-e2e-'))
}

/** Starts one process of the product, through the program `prefix` if given, and waits for its ready line. */
export async function launch(
  command: string,
  settings: Record<string, string>,
  prefix: readonly string[] = [],
): Promise<{ child: ChildProcess; url: string }> {
  const [program = process.execPath, ...args] = [
    ...prefix,
    process.execPath,
    ...OPTIMISE_LATE,
    ENTRY,
    command,
  ]
  const child = spawn(program, args, {
    // Outside the repository, so that a developer's .env does not change what is tested.
    cwd: tmpdir(),
    env: productEnvironment({ LOG_LEVEL: process.env.E2E_LOG_LEVEL ?? 'warn', ...settings }),
    stdio: ['ignore', 'pipe', process.env.E2E_LOG_LEVEL ? 'inherit' : 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said = (said + String(chunk)).slice(-4000)
  })
  for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
    const ready = READY.exec(line)
    if (!ready?.[1]) continue
    child.stdout?.resume()
    return { child, url: ready[1] }
  }
  throw new Error(`kinoprint ${command} ended before it was ready: ${said}`)
}

export function secretsIn(dataDir: string) {
  const { secretId, secretKey } = JSON.parse(readFileSync(join(dataDir, 'first-key.json'), 'utf8'))
  return { adminToken: readFileSync(join(dataDir, 'admin-token'), 'utf8').trim(), secretId, secretKey }
}

let databases = 0

/** Creates an empty database on the PostgreSQL of the test run. */
export async function newDatabase(): Promise<string> {
  const root = process.env.TEST_DATABASE_URL
  if (!root) throw new Error('TEST_DATABASE_URL is not set. Run npm test.')
  const name = `e2e_${process.pid}_${databases++}`
  const client = new pg.Client({ connectionString: root })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return root.replace(/\/[^/]*$/, `/${name}`)
}

/** Ends a process with SIGTERM and returns its exit code. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const closed = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
  await closed
  clearTimeout(timer)
  return child.exitCode
}

async function closeAll(processes: readonly ChildProcess[], ...folders: readonly string[]): Promise<void> {
  await Promise.all(processes.map((child) => stop(child)))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}
