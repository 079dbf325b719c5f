import type { WorkContext, WorkOptions } from '@kinoprint/engine'
import type { ObjectStore } from '@kinoprint/objects'
import type { FloodLimits, Job, JobFence, Replicas } from '@kinoprint/store'

export type JobContext = WorkContext & {
  readonly objects: ObjectStore
  /** Days for which fingerprints of queries are kept; 0 keeps none. */
  readonly queryRetentionDays: number
  /** Length of the pieces in which films are decoded. Default: 10 min. */
  readonly filmPieceSeconds?: number | undefined
  /** When the flood guard holds a passage back. Default: never. */
  readonly flood?: FloodLimits | undefined
  /** Databases that searches read. Default: the primary alone. */
  readonly replicas?: Replicas | undefined
}

/** A claimed job. Every write for it carries the fence. */
export type ClaimedJob = WorkOptions & { readonly job: Job; readonly fence: JobFence }

/** Runs a claimed job and writes its result. Throws a Fault, or another error if it meets a bug. */
export type JobHandler = (context: JobContext, claimed: ClaimedJob) => Promise<void>
