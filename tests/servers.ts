import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { postgresPrograms } from './debian-programs.ts'

/** Vitest's global setup of the projects that need servers. The files of the tests are in memory if it is large enough. */
export default function startTestServers(): Promise<() => Promise<void>> {
  return startServers(isMemoryFree() ? MEMORY : tmpdir())
}

/**
 * TEST_DATABASE_URL and TEST_REDIS_URL name servers to use. If one is unset, this starts that server on a free port and
 * sets the variable. All temporary files go to one folder in `parent`. It is removed with them, also those that a failed
 * test leaves.
 */
export async function startServers(parent: string = tmpdir()): Promise<() => Promise<void>> {
  const { TEST_DATABASE_URL, TEST_REDIS_URL, TEST_FOLDER, TMPDIR } = process.env
  // Each project runs this; the first one serves all.
  if (TEST_FOLDER) return async () => undefined
  const folder = mkdtempSync(join(parent, 'kinoprint-tests-'))
  chmodSync(folder, 0o755)
  process.env.TEST_FOLDER = folder
  process.env.TMPDIR = folder
  const postgres = TEST_DATABASE_URL ? null : await startPostgres(folder)
  const redis = TEST_REDIS_URL ? null : await startRedis(folder)
  if (postgres) process.env.TEST_DATABASE_URL = postgres.url
  if (redis) process.env.TEST_REDIS_URL = redis.url
  return async () => {
    if (postgres) await stop(postgres.process, 'SIGINT')
    if (redis) await stop(redis.process, 'SIGTERM')
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    } catch {
      // A process that a failed test left behind still writes there.
    }
    delete process.env.TEST_FOLDER
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
}

/** Linux keeps the files of this folder in memory. */
const MEMORY = '/dev/shm'
/** The files of three workers need 1 GB. */
const SPACE_BYTES = 2 ** 32

/**
 * Whether the files of the tests fit in memory, and programs among them run there. ext4 is slow to create files soon after
 * others were removed, and a new embedded database has 1,300 of them.
 */
function isMemoryFree(): boolean {
  const probe = join(MEMORY, `kinoprint-${process.pid}`)
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    writeFileSync(probe, '', { mode: 0o755 })
    accessSync(probe, constants.X_OK)
    return bavail * bsize >= SPACE_BYTES
  } catch {
    return false
  } finally {
    rmSync(probe, { force: true })
  }
}

export type Server = { readonly url: string; readonly process: ChildProcess }

/** A replica needs at least the setting of its primary. */
export const MAX_CONNECTIONS = 'max_connections=300'

/** Durability is off, because no test simulates a power failure of this server. */
async function startPostgres(folder: string): Promise<Server> {
  const data = initPostgres(folder)
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', MAX_CONNECTIONS]
  return runPostgres({ folder, data, port: await freePort(), settings })
}

/** Creates the data folder of a PostgreSQL in `folder` and returns its path. */
export function initPostgres(folder: string): string {
  const data = join(folder, 'postgres')
  const account = postgresAccount()
  if (account) chownSync(folder, account.uid, account.gid)
  execFileSync(
    join(postgresPrograms(), 'initdb'),
    ['-D', data, '-U', 'kinoprint', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: folder,
      ...account,
    },
  )
  return data
}

export type PostgresRun = {
  readonly folder: string
  readonly data: string
  readonly port: number
  readonly settings: readonly string[]
}

/** Starts the server of a data folder, for the first time or again. */
export async function runPostgres({ folder, data, port, settings }: PostgresRun): Promise<Server> {
  const bin = postgresPrograms()
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder]
  const child = spawn(join(bin, 'postgres'), [...args, ...settings.flatMap((setting) => ['-c', setting])], {
    stdio: ['ignore', 'ignore', 'ignore'],
    cwd: folder,
    ...postgresAccount(),
  })
  await waitFor('PostgreSQL', child, () => {
    execFileSync(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
  })
  return { url: `postgres://kinoprint@127.0.0.1:${port}/postgres`, process: child }
}

/** Copies the server at a port into `home` as a streaming replica of it. Returns the data folder to start. */
export function copyAsReplica(home: string, primaryPort: number): string {
  const data = join(home, 'postgres')
  const connection = ['-h', '127.0.0.1', '-p', String(primaryPort), '-U', 'kinoprint']
  execFileSync(
    join(postgresPrograms(), 'pg_basebackup'),
    ['-D', data, '-R', '--checkpoint=fast', ...connection],
    {
      ...postgresAccount(),
    },
  )
  return data
}

/** Starts a Redis, append-only as in production, with its files in `folder`. Without a password, it listens on `addresses`. */
export async function startRedis(
  folder: string,
  wantedPort?: number,
  addresses: readonly string[] = ['127.0.0.1'],
): Promise<Server> {
  const port = wantedPort ?? (await freePort())
  const network = ['--port', String(port), '--bind', ...addresses, '--protected-mode', 'no']
  const args = [...network, '--dir', folder, '--save', '']
  const child = spawn('redis-server', [...args, '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await waitFor('Redis', child, () => canConnect(port))
  return { url: `redis://127.0.0.1:${port}`, process: child }
}

/** Runs one statement on a server, and returns its first row. */
export async function queryServer<T>({ url }: Pick<Server, 'url'>, sql: string): Promise<T | undefined> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows[0]
  } finally {
    await client.end()
  }
}

/** Creates a folder that the account of PostgreSQL may write to. */
export function makePostgresFolder(path: string): string {
  mkdirSync(path, { recursive: true })
  const account = postgresAccount()
  if (account !== null) chownSync(path, account.uid, account.gid)
  return path
}

/** PostgreSQL refuses to run as root, so root starts it as the user of Debian's package. */
export function postgresAccount(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

export async function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
}

/** Time limit for a hanging start. RabbitMQ takes 3 s on an idle machine and 30 s on a busy one. */
const START_LIMIT_MS = 250_000
const POLL_MS = 50

export async function waitFor(
  name: string,
  child: ChildProcess,
  probe: () => void | Promise<void>,
): Promise<void> {
  const until = Date.now() + START_LIMIT_MS
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`${name} ended with code ${child.exitCode} while it started.`)
    try {
      await probe()
      return
    } catch (error) {
      if (Date.now() > until) throw new Error(`${name} did not start.`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}
