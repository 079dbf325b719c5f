import { availableParallelism } from 'node:os'
import type { Log } from '@kinoprint/core'
import { reindexAll, ThreadPool } from '@kinoprint/engine'
import type { ObjectStore } from '@kinoprint/objects'
import type { JobQueue } from '@kinoprint/queue'
import type { Settings } from '@kinoprint/runtime'
import { type Database, lengthenIndexes, migrate } from '@kinoprint/store'
import { type ConsistencyReport, checkConsistency } from '@kinoprint/worker'
import { thumbnailsDir } from '../data-folder.ts'
import { migrationsDir } from '../installed-files.ts'
import type { Product } from './open-product.ts'

/** Maintenance tasks of a process with database access. The admin API runs them by name. */
export type Maintenance = {
  migrate(): Promise<{ from: number; to: number }>
  reindex(): Promise<{ videos: number }>
  /** Builds the indexes over long keys that large libraries lack. */
  lengthen(): Promise<{ indexes: number }>
  check(): Promise<ConsistencyReport>
  repair(): Promise<ConsistencyReport>
}

export type RunningMaintenance = Maintenance & { close(): Promise<void> }

export type MaintenanceParts = {
  readonly db: Database
  readonly queue: () => Promise<JobQueue>
  readonly objects: ObjectStore
  readonly thumbnailsDir: string
  /** Why the ffmpeg of this process is unsafe, or null. The consistency check reports it as a note. */
  readonly toolsWarning: () => Promise<string | null>
}

/** The maintenance tasks of a server process. */
export function maintenanceOf(
  product: Product,
  { settings, log }: { settings: Pick<Settings, 'dataDir'>; log: Log },
): RunningMaintenance {
  const parts = {
    ...product,
    queue: async () => product.queue,
    thumbnailsDir: thumbnailsDir(settings.dataDir),
    toolsWarning: async () => product.toolsWarning,
  }
  return createMaintenance(parts, { log })
}

/** Uses its own threads, started on first use, so that a reindex does not take threads from jobs. */
export function createMaintenance(
  { db, queue, objects, thumbnailsDir, toolsWarning }: MaintenanceParts,
  { log }: { log: Log },
): RunningMaintenance {
  const pool = new ThreadPool({ threads: Math.max(1, availableParallelism() - 1) })
  const closing = new AbortController()
  const context = { db, queue, objects, thumbnailsDir, pool, log, signal: closing.signal }
  const check = async (repair: boolean): Promise<ConsistencyReport> => {
    const report = await checkConsistency(context, { repair })
    const warning = await toolsWarning()
    return warning === null ? report : { ...report, notes: [...report.notes, warning] }
  }
  return {
    migrate: () => migrate(db, { dir: migrationsDir }),
    reindex: () => reindexAll(context),
    lengthen: async () => {
      const built = await lengthenIndexes(db, {
        onProgress: ({ dnaDbId, kind, shard }, fraction) =>
          log.info(
            { dnaDbId, kind, shard, percent: Math.floor(100 * fraction) },
            'Building an index over long keys',
          ),
      })
      return { indexes: built.length }
    },
    check: () => check(false),
    repair: () => check(true),
    close: () => {
      closing.abort()
      return pool.close()
    },
  }
}
