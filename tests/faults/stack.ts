import type { ChildProcess } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startS3Server } from '../../packages/objects/src/testing/s3-server.ts'
import { openReceiver, type Receiver, status } from '../../services/worker/src/callbacks/receiver.fixture.ts'
import { type Client, createClient } from '../e2e/client.ts'
import { launch, secretsIn, stop } from '../e2e/product.ts'
import { freePort } from '../servers.ts'
import {
  type MortalRedis,
  type MortalServer,
  startMortalPostgres,
  startMortalRedis,
} from './mortal-servers.ts'
import { openSmallDisk, type SmallDisk } from './small-disk.ts'
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** A process of the product that tests can stop and restart. */
export type Part = {
  readonly name: string
  child: ChildProcess
  start(): Promise<void>
  /** Returns the exit code, or null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** The product in separate processes with its own servers. Tests can break each of them. */
export type Stack = {
  readonly folder: string
  readonly dataDir: string
  readonly url: string
  readonly client: Client
  readonly postgres: MortalServer
  readonly redis: MortalRedis
  /** Between the workers and PostgreSQL. */
  readonly network: TcpProxy
  readonly disk: SmallDisk
  readonly receiver: Receiver
  /** Bodies for which the receiver returned 200. */
  readonly taken: readonly Buffer[]
  /** Makes the receiver return 200 again, as at the start. */
  readonly takeCallbacks: () => void
  readonly api: Part
  readonly workers: readonly Part[]
  /** The environment for an administrator's commands. */
  readonly environment: Readonly<Record<string, string>>
  /** Queries PostgreSQL directly, over a connection for one statement. */
  sql<T extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[]>
  /** Warnings and errors logged so far. */
  logLines(): readonly string[]
  close(): Promise<void>
}

const LOG_LINES_MAX = 100_000
/** Where the processes log, for investigating failures. */
const LOG_FILE = process.env.FAULT_LOG

export type StackOptions = {
  readonly workers?: number
  readonly concurrency?: number
  /** Additional settings of the workers. */
  readonly settings?: Readonly<Record<string, string>>
}

export async function startStack({
  workers: count = 2,
  concurrency = 2,
  settings = {},
}: StackOptions = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-faults-'))
  chmodSync(folder, 0o755)
  const dataDir = join(folder, 'data')
  for (const name of ['data', 'pg', 'redis']) mkdirSync(join(folder, name))
  const disk = openSmallDisk(join(folder, 'tmp'))
  const [postgres, redis] = await Promise.all([
    startMortalPostgres(join(folder, 'pg')),
    startMortalRedis(join(folder, 'redis')),
  ])
  const [network, s3, receiver] = await Promise.all([
    openTcpProxy(postgres.port),
    startS3Server(),
    openReceiver(),
  ])
  const logged: string[] = []
  const taken: Buffer[] = []
  const takeCallbacks = (): void =>
    receiver.reply((response, request) => {
      taken.push(request.body)
      status(200)(response, request)
    })
  takeCallbacks()
  const environment = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    DATA_DIR: dataDir,
    TMPDIR: disk.path,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: 'AK',
    S3_SECRET_ACCESS_KEY: 'SK',
    CALLBACK_ALLOW: '127.0.0.1',
  }
  const behindNetwork = {
    ...environment,
    DATABASE_URL: postgres.url.replace(`:${postgres.port}/`, `:${network.port}/`),
    WORKER_CONCURRENCY: String(concurrency),
    ...settings,
  }
  const port = String(await freePort())
  const api = await startPart('api', { settings: { ...environment, PORT: port }, logged })
  const workers = await Promise.all(
    Array.from({ length: count }, () =>
      startPart('worker', { settings: { ...behindNetwork, PORT: '0' }, logged }),
    ),
  )
  const parts = [api, ...workers]
  const url = `http://127.0.0.1:${port}`
  return {
    folder,
    dataDir,
    url,
    client: createClient({ url, ...secretsIn(dataDir) }),
    postgres,
    redis,
    network,
    disk,
    receiver,
    taken,
    takeCallbacks,
    api,
    workers,
    environment,
    sql: (text, values = []) => askDatabase(postgres.url, text, values),
    logLines: () => logged,
    close: async () => {
      await Promise.all(parts.map((part) => part.end('SIGTERM')))
      await Promise.all([postgres.stop(), redis.stop(), network.close(), s3.close(), receiver.close()])
      disk.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type PartOptions = {
  readonly settings: Record<string, string>
  /** Receives the lines that the process logs. */
  readonly logged: string[]
  /** A program and its arguments that run the process, e.g. in another network. */
  readonly prefix?: readonly string[]
}

export async function startPart(
  name: 'api' | 'worker',
  { settings, logged, prefix = [] }: PartOptions,
): Promise<Part> {
  const begin = async (): Promise<ChildProcess> => {
    const { child } = await launch(name, settings, prefix)
    child.stderr?.on('data', (chunk) => {
      if (LOG_FILE) appendFileSync(LOG_FILE, String(chunk))
      logged.push(...String(chunk).split('\n').filter(Boolean))
      logged.splice(0, logged.length - LOG_LINES_MAX)
    })
    return child
  }
  const part: Part = {
    name,
    child: await begin(),
    start: async () => {
      part.child = await begin()
    },
    end: (signal) => stop(part.child, signal),
  }
  return part
}

/** Runs one statement over a connection of its own, in the schema of the product. */
export async function askDatabase<T extends pg.QueryResultRow>(
  connectionString: string,
  text: string,
  values: readonly unknown[],
): Promise<T[]> {
  const client = new pg.Client({ connectionString, options: '-c search_path=kinoprint,public' })
  await client.connect()
  try {
    return (await client.query<T>(text, [...values])).rows
  } finally {
    await client.end()
  }
}
