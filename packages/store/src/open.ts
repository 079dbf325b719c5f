import { startEmbeddedPostgres } from '@kinoprint/embedded-postgres'
import pg from 'pg'
import { CLIENT_SETTINGS, SERVER_SETTINGS } from './client-settings.ts'
import type { Database } from './database.ts'
import { STATEMENT_LIMIT_MS } from './statement.ts'

export type OpenOptions = (
  | { readonly databaseUrl: string }
  /** Folder of the embedded database; one opener at a time. */
  | { readonly dataDir: string }
) & {
  /** Clients at once; 10 unless told. BullMQ's PostgreSQL backend keeps one for each LISTEN. */
  readonly poolSize?: number | undefined
  /** Told what the first start is doing, one short sentence at a time. */
  readonly onProgress?: ((message: string) => void) | undefined
  /** Told of a client that broke while idle (the pool replaces it) and of an embedded database that died. */
  readonly onError?: ((error: Error) => void) | undefined
}

const DEFAULT_POOL_SIZE = 10
/** How long close() waits for clients that somebody still holds. */
const CLOSE_TIMEOUT_MS = 5_000
const CONNECT_TIMEOUT_MS = 30_000
/** Over a network a server can fall silent without a word: idle connections are probed, answers are not waited for. */
const SERVER_CONFIG = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  query_timeout: STATEMENT_LIMIT_MS,
} as const

/**
 * Opens PostgreSQL on a server or, in the given folder, inside this process; both look the same from then on.
 *
 * @example const db = await openDatabase({ dataDir: './data' })
 */
export const openDatabase = async (options: OpenOptions): Promise<Database> => {
  const onError = options.onError ?? (() => {})
  if ('databaseUrl' in options) {
    const pool = newPool(
      { connectionString: options.databaseUrl, ...SERVER_CONFIG },
      options.poolSize,
      onError,
    )
    return { pool, embedded: false, close: once(() => endPool(pool)) }
  }
  const server = await startEmbeddedPostgres({
    dataDir: options.dataDir,
    onProgress: options.onProgress ?? (() => {}),
    onFailure: onError,
  })
  // Idle clients cost nothing here, and each new one would set its session up again.
  const pool = newPool({ stream: server.connect, idleTimeoutMillis: 0 }, options.poolSize, onError)
  const close = once(async () => {
    await endPool(pool)
    await server.close()
  })
  return { pool, embedded: true, close }
}

const newPool = (
  config: pg.PoolConfig,
  max = DEFAULT_POOL_SIZE,
  onError: (error: Error) => void,
): pg.Pool => {
  const pool = new pg.Pool({
    ...config,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'kinoprint',
    onConnect: async (client: pg.ClientBase) => {
      // The pool listens only while a client is idle. One that breaks between two statements of a transaction says
      // so by an event, and without a listener that would end the process; the next statement fails anyway.
      client.on('error', () => undefined)
      await client.query(config.connectionString === undefined ? CLIENT_SETTINGS : SERVER_SETTINGS)
    },
  } as pg.PoolConfig)
  pool.on('error', onError)
  return pool
}

/** Waits for clients in use, but not for ever: one that nobody gives back must not keep the process alive. */
const endPool = async (pool: pg.Pool): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)
  })
  await Promise.race([pool.end(), timeout])
  clearTimeout(timer)
}

const once = (close: () => Promise<void>): (() => Promise<void>) => {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= close()
    return closing
  }
}
