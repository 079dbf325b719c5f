import { availableParallelism } from 'node:os'
import type { ObjectStore } from '@kinoprint/objects'
import type { JobQueue } from '@kinoprint/queue'
import type { Log } from '@kinoprint/runtime'
import { type Database, migrate } from '@kinoprint/store'
import { type ConsistencyReport, checkConsistency, reindexAll, ThreadPool } from '@kinoprint/worker'
import { migrationsDir } from '../migrations-dir.ts'

/** Chores that only a process with the database can do; the admin API runs them by name. */
export type Maintenance = {
  migrate(): Promise<{ from: number; to: number }>
  reindex(): Promise<{ videos: number }>
  check(): Promise<ConsistencyReport>
  repair(): Promise<ConsistencyReport>
}

export type RunningMaintenance = Maintenance & { close(): Promise<void> }

export type MaintenanceParts = {
  readonly db: Database
  readonly queue: () => Promise<JobQueue>
  readonly objects: ObjectStore
  readonly thumbnailsDir: string
}

/** Its threads are its own, so that a reindex does not take those of the jobs; they start when first needed. */
export const createMaintenance = (
  { db, queue, objects, thumbnailsDir }: MaintenanceParts,
  { log }: { log: Log },
): RunningMaintenance => {
  const pool = new ThreadPool({ threads: Math.max(1, availableParallelism() - 1) })
  const closing = new AbortController()
  const context = { db, queue, objects, thumbnailsDir, pool, log, signal: closing.signal }
  return {
    migrate: () => migrate(db, { dir: migrationsDir }),
    reindex: () => reindexAll(context),
    check: () => checkConsistency(context, { repair: false }),
    repair: () => checkConsistency(context, { repair: true }),
    close: () => {
      closing.abort()
      return pool.close()
    },
  }
}
