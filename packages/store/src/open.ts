import { mkdir } from 'node:fs/promises'
import pg from 'pg'
import { CLIENT_SETTINGS } from './client-settings.ts'
import type { Database } from './database.ts'
import { startDatabaseThread } from './embedded/database-thread.ts'
import { lockFolder } from './embedded/folder-lock.ts'

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

/**
 * Opens PostgreSQL on a server or, in the given folder, inside this process; both look the same from then on.
 *
 * @example const db = await openDatabase({ dataDir: './data' })
 */
export const openDatabase = async (options: OpenOptions): Promise<Database> => {
  const onError = options.onError ?? (() => {})
  if ('databaseUrl' in options) {
    const pool = newPool(
      { connectionString: options.databaseUrl, keepAlive: true },
      options.poolSize,
      onError,
    )
    return { pool, embedded: false, close: once(() => endPool(pool)) }
  }
  const { dataDir } = options
  await mkdir(dataDir, { recursive: true })
  const lock = await lockFolder(dataDir)
  try {
    const onProgress = options.onProgress ?? (() => {})
    const thread = await startDatabaseThread({ dataDir, onProgress, onFailure: onError })
    // Idle clients cost nothing here, and each new one would set its session up again.
    const pool = newPool({ stream: thread.connect, idleTimeoutMillis: 0 }, options.poolSize, onError)
    const close = once(async () => {
      await endPool(pool)
      await thread.close()
      await lock.release()
    })
    return { pool, embedded: true, close }
  } catch (error) {
    await lock.release()
    throw error
  }
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
      await client.query(CLIENT_SETTINGS)
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
