import { createThrottledWarnings, type Log } from '@kinoprint/core'
import { describeTools } from '@kinoprint/media'
import { type ObjectStore, openObjectStore } from '@kinoprint/objects'
import { type JobQueue, migrateQueue, openQueue, type QueueOptions } from '@kinoprint/queue'
import type { Role, Settings, Warning } from '@kinoprint/runtime'
import {
  createReplicas,
  type Database,
  ensureQueue,
  migrate,
  openDatabase,
  type Replicas,
  shardProblems,
  shardSessionSettings,
} from '@kinoprint/store'
import { databaseDir } from '../data-folder.ts'
import { migrationsDir } from '../installed-files.ts'
import { findServerTools, type ServerTools } from './find-tools.ts'
import { checkShardsNamed, openShards } from './open-shards.ts'
import { reachDatabase } from './reach-database.ts'

/** A replica that does not answer by then is left alone, because the primary can do its work. */
const REPLICA_CONNECT_MS = 2_000

/** The database with its current schema. */
export type Store = {
  readonly db: Database
  /** The server behind the queue: this database, or Redis if REDIS_URL is set. */
  readonly queueOptions: QueueOptions
  /** Schema versions before and after the migration. */
  readonly migrated: { readonly from: number; readonly to: number }
}

/** The parts that the API and the worker share. */
export type Product = Store &
  ServerTools & {
    readonly queue: JobQueue
    /** Databases that searches read. */
    readonly replicas: Replicas
    readonly objects: ObjectStore
    /** Warnings for /readyz, in addition to failing parts. */
    readonly warnings: () => Promise<readonly Warning[]>
    close(): Promise<void>
  }

/** Opens the embedded database, or the one in DATABASE_URL. The caller closes `db`. */
export async function openStore(settings: Settings, { log }: { log: Log }): Promise<Store> {
  const { databaseUrl, redisUrl, dataDir } = settings
  const onProgress = progressReporter(log)
  const warnings = createThrottledWarnings(log)
  const onError = (error: Error): void => warnings.warn(error, 'A database connection broke')
  const location = databaseUrl === null ? { dataDir: databaseDir(dataDir) } : { databaseUrl }
  const sessionSettings = shardSessionSettings(settings.shardUrls)
  const primary = await openDatabase({ ...location, sessionSettings, onProgress, onError })
  const db = await openShards(primary, settings, { log })
  try {
    if (databaseUrl !== null) await reachDatabase(db, { databaseUrl })
    const migrated = await migrate(db, { dir: migrationsDir, onProgress })
    await checkShardsNamed(db)
    if (redisUrl === null) await migrateQueue(db.pool)
    await ensureQueue(db, { bucket: settings.defaultBucket, region: settings.defaultRegion })
    const queueOptions: QueueOptions = redisUrl === null ? { pool: db.pool, postgres: true } : { redisUrl }
    return { db, queueOptions, migrated }
  } catch (error) {
    await db.close()
    throw error
  }
}

/** Opens the database, the queue, the object store and the decoders. */
export async function openProduct(
  settings: Settings,
  { log, role }: { log: Log; role: Role },
): Promise<Product> {
  const { bucketsDir, s3, maxObjectBytes } = settings
  const { tools, toolsWarning } = await findServerTools(settings, { role })
  log.info({}, describeTools(tools))
  if (toolsWarning !== null) log.warn({}, toolsWarning)
  const ofTools = toolsWarning === null ? [] : [{ part: 'ffmpeg', message: toolsWarning }]
  // The bundled ffmpeg of 2018 crashes when it reads some formats over HTTP.
  const ranges = s3?.ranges === true && tools.source !== 'bundled' && tools.ffprobeSource !== 'bundled'
  const objects = await openObjectStore({
    ...{ bucketsDir, maxObjectBytes, log },
    s3: s3 === null ? undefined : { ...s3, ranges },
  })
  const store = await openStore(settings, { log })
  try {
    const queue = await openQueue(store.queueOptions, { log })
    const replicas = await openReplicas(store.db, settings, { log })
    const warnings = async (): Promise<Warning[]> => {
      // An unavailable queue is already listed as a failing part.
      const ofQueue = await queue.warnings().catch(() => [])
      const ofReplicas = replicas.problems().map(({ name, message }) => ({
        part: 'replica',
        message: `Searches do not use the replica ${name}: ${message}`,
      }))
      const ofShards = shardProblems(store.db).map(({ name, message }) => ({
        part: 'shard',
        message: `Searches and jobs do without the shard ${name}: ${message}`,
      }))
      const warnings = [...ofReplicas, ...ofShards]
      return [...ofTools, ...ofQueue.map(({ message }) => ({ part: 'queue', message })), ...warnings]
    }
    const close = async (): Promise<void> => {
      await queue.close()
      await objects.close()
      await replicas.close()
      await store.db.close()
    }
    return { ...store, queue, replicas, objects, tools, toolsWarning, warnings, close }
  } catch (error) {
    await store.db.close()
    throw error
  }
}

/** Opens the replicas of DATABASE_READ_URLS. One that cannot be reached is left out until it can. */
async function openReplicas(
  primary: Database,
  { databaseReadUrls, shardUrls }: Pick<Settings, 'databaseReadUrls' | 'shardUrls'>,
  { log }: { log: Log },
): Promise<Replicas> {
  const warnings = createThrottledWarnings(log)
  const onError = (error: Error): void => warnings.warn(error, 'A connection to a read replica broke')
  const sessionSettings = shardSessionSettings(shardUrls)
  const opened = databaseReadUrls.map(async (databaseUrl) => ({
    name: new URL(databaseUrl).host,
    db: await openDatabase({ databaseUrl, sessionSettings, onError, connectTimeoutMs: REPLICA_CONNECT_MS }),
  }))
  return createReplicas(primary, await Promise.all(opened))
}

/** Explains why the first start takes several seconds: as lines on a terminal, otherwise as log entries. */
const progressReporter =
  (log: Log) =>
  (message: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`${message}\n`)
    else log.info({}, message)
  }

/** Starts part of an opened product. On failure, closes the product and rethrows. */
export async function orClose<T>(product: Pick<Product, 'close'>, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    await product.close().catch(() => undefined)
    throw error
  }
}
