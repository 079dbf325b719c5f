import { createThrottledWarnings } from '@kinoprint/core'
import { describeTools } from '@kinoprint/media'
import { type ObjectStore, openObjects } from '@kinoprint/objects'
import { type JobQueue, migrateQueue, openQueue, type QueueOptions } from '@kinoprint/queue'
import type { Log, Role, Settings, Warning } from '@kinoprint/runtime'
import { type Database, ensureQueue, migrate, openDatabase } from '@kinoprint/store'
import { databaseDir } from '../data-folder.ts'
import { migrationsDir } from '../migrations-dir.ts'
import { findServerTools, type ServerTools } from './find-tools.ts'
import { reachDatabase } from './reach-database.ts'

/** The database, brought up to date. */
export type Store = {
  readonly db: Database
  /** Where the queue is: in that same database unless REDIS_URL is set. */
  readonly queueOptions: QueueOptions
  /** What the migration did. */
  readonly migrated: { readonly from: number; readonly to: number }
}

/** What API and worker stand on. */
export type Product = Store &
  ServerTools & {
    readonly queue: JobQueue
    readonly objects: ObjectStore
    /** What /readyz shows beside the parts that fail. */
    readonly warnings: () => Promise<readonly Warning[]>
    close(): Promise<void>
  }

/** Embedded unless DATABASE_URL is set. Whoever opens it closes `db`. */
export const openStore = async (settings: Settings, { log }: { log: Log }): Promise<Store> => {
  const { databaseUrl, redisUrl, dataDir } = settings
  const onProgress = tellProgress(log)
  const warnings = createThrottledWarnings(log)
  const onError = (error: Error): void => warnings.warn(error, 'A database connection broke')
  const place = databaseUrl === null ? { dataDir: databaseDir(dataDir) } : { databaseUrl }
  const db = await openDatabase({ ...place, onProgress, onError })
  try {
    if (databaseUrl !== null) await reachDatabase(db, { databaseUrl })
    const migrated = await migrate(db, { dir: migrationsDir, onProgress })
    if (redisUrl === null) await migrateQueue(db.pool)
    await ensureQueue(db, { bucket: settings.defaultBucket, region: settings.defaultRegion })
    const queueOptions: QueueOptions = redisUrl === null ? { pool: db.pool, postgres: true } : { redisUrl }
    return { db, queueOptions, migrated }
  } catch (error) {
    await db.close()
    throw error
  }
}

/** The store, its queue, and what reads and decodes objects. */
export const openProduct = async (
  settings: Settings,
  { log, role }: { log: Log; role: Role },
): Promise<Product> => {
  const { bucketsDir, s3, maxObjectBytes } = settings
  const { tools, toolsWarning } = await findServerTools(settings, { role })
  log.info({}, describeTools(tools))
  if (toolsWarning !== null) log.warn({}, toolsWarning)
  const ofTools = toolsWarning === null ? [] : [{ part: 'ffmpeg', message: toolsWarning }]
  const objects = await openObjects({ bucketsDir, s3: s3 ?? undefined, maxObjectBytes })
  const store = await openStore(settings, { log })
  try {
    const queue = await openQueue(store.queueOptions, { log })
    const warnings = async (): Promise<Warning[]> => {
      // A queue that is away is among the failing parts already.
      const ofQueue = await queue.warnings().catch(() => [])
      return [...ofTools, ...ofQueue.map(({ message }) => ({ part: 'queue', message }))]
    }
    const close = async (): Promise<void> => {
      await queue.close()
      await objects.close()
      await store.db.close()
    }
    return { ...store, queue, objects, tools, toolsWarning, warnings, close }
  } catch (error) {
    await store.db.close()
    throw error
  }
}

/** The first start takes seconds: a person at a terminal sees why, a log file gets it as entries. */
const tellProgress =
  (log: Log) =>
  (message: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`${message}\n`)
    else log.info({}, message)
  }
