import { isTracing } from '@kinoprint/core'
import { startEmbeddedPostgres } from '@kinoprint/embedded-postgres'
import pg from 'pg'
import { CLIENT_SETTINGS, SERVER_SETTINGS } from './client-settings.ts'
import type { Database } from './database.ts'
import { STATEMENT_TIMEOUT_MS } from './statement.ts'
import { traceStatements } from './trace-statements.ts'

export type OpenOptions = (
  | { readonly databaseUrl: string }
  /** Folder of the embedded database. One process at a time can open it. */
  | { readonly dataDir: string }
) & {
  /** Maximum number of clients at once. BullMQ's PostgreSQL backend keeps one for each LISTEN. Default: 10. */
  readonly poolSize?: number | undefined
  /** Time limit for a new connection to a server. Default: 30 s. */
  readonly connectTimeoutMs?: number | undefined
  /** Settings of each session, by name. Their values may be secrets. */
  readonly sessionSettings?: Readonly<Record<string, string>> | undefined
  /** Receives one sentence per step of a slow start. */
  readonly onProgress?: ((message: string) => void) | undefined
  /** Receives the error of an idle client that broke (the pool replaces it) or of an embedded database that died. */
  readonly onError?: ((error: Error) => void) | undefined
}

const DEFAULT_POOL_SIZE = 10
/** How long close() waits for clients that are still in use. */
const CLOSE_TIMEOUT_MS = 5_000
const CONNECT_TIMEOUT_MS = 30_000
/** A network can fail without closing a connection, so probe idle connections and limit the wait for responses. */
const SERVER_CONFIG = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  query_timeout: STATEMENT_TIMEOUT_MS,
} as const

/**
 * Opens a PostgreSQL server, or the embedded PostgreSQL with its data in `dataDir`. Both behave the same from then on.
 * Call migrate() before anything else.
 *
 * @example const db = await openDatabase({ dataDir: './data' })
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const onError = options.onError ?? (() => {})
  if ('databaseUrl' in options) {
    const pool = newPool(
      {
        connectionString: options.databaseUrl,
        sessionSettings: options.sessionSettings,
        connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        ...SERVER_CONFIG,
      },
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
  // Idle clients cost nothing here, while a new one must set up its session.
  const pool = newPool({ stream: server.connect, idleTimeoutMillis: 0 }, options.poolSize, onError)
  const close = once(async () => {
    await endPool(pool)
    await server.close()
  })
  return { pool, embedded: true, close }
}

type PoolConfig = pg.PoolConfig & { readonly sessionSettings?: Readonly<Record<string, string>> | undefined }

function newPool(
  { sessionSettings = {}, ...config }: PoolConfig,
  max = DEFAULT_POOL_SIZE,
  onError: (error: Error) => void,
): pg.Pool {
  const pool = new pg.Pool({
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...config,
    max,
    application_name: 'kinoprint',
    onConnect: async (client: pg.ClientBase) => {
      // The pool handles errors of idle clients only. A client that breaks between two statements of a transaction
      // emits an error that would end the process; its next statement fails anyway.
      client.on('error', () => undefined)
      await client.query(config.connectionString === undefined ? CLIENT_SETTINGS : SERVER_SETTINGS)
      for (const [name, value] of Object.entries(sessionSettings))
        await client.query('select from set_config($1, $2, false)', [name, value])
    },
  } as pg.PoolConfig)
  pool.on('error', onError)
  if (isTracing()) traceStatements(pool)
  return pool
}

/** Waits for clients in use up to a time limit, so that an unreleased client does not keep the process alive. */
async function endPool(pool: pg.Pool): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)
  })
  await Promise.race([pool.end(), timeout])
  clearTimeout(timer)
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= close()
    return closing
  }
}
