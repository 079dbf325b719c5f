import type { CallbackSettings, JobLevel, JobState, RuleType, StoreMode } from '@kinoprint/core'
import type { PairMatch } from '@kinoprint/dna'

/** A stored video that shares segments with the input, as the matcher reports it. */
export type Detection = Omit<PairMatch, 'accepted'> & {
  readonly videoId: string
  readonly object: string
  /** Length of the stored video in decimal seconds. */
  readonly durationSeconds: number
  /** The match of the query and this video. Absent or null in results of older versions, and for the query itself. */
  readonly matchId?: string | null | undefined
}

export type JobResult = {
  readonly videoId: string
  /** Length of the input in decimal seconds. */
  readonly durationSeconds: number
  readonly detections: readonly Detection[]
  /** Whether the library holds the input. Absent in results of searches, and of older versions. */
  readonly stored?: boolean | undefined
  /**
   * Shards whose videos were not compared, because they were away. Absent or empty if there were none, and in results of
   * older versions.
   */
  readonly missingShards?: readonly string[] | undefined
  /**
   * Numbers of detections and segments that exceed the limits of a result and are not stored. Absent or null if there
   * are none.
   */
  readonly truncated?: { readonly detections: number; readonly segments: number } | null | undefined
}

export type Job = {
  readonly jobId: string
  /** Increases with every job, so it orders jobs created in the same millisecond. */
  readonly seq: number
  readonly state: JobState
  readonly tag: string
  readonly ruleType: RuleType
  readonly dnaDbId: string
  /** The video to delete; null for other rule types. */
  readonly videoId: string | null
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly jobLevel: JobLevel
  /** Which videos it stores; null for the choice of its library. */
  readonly store: StoreMode | null
  readonly userData: string | null
  readonly queueId: string
  readonly callback: CallbackSettings | null
  /** The key that submitted it; null for the command line. */
  readonly secretId: string | null
  /** The inventory job that submitted it; null for others. */
  readonly inventoryJobId: string | null
  /** What the worker is doing, e.g. `fingerprint` (Stage in packages/engine). Empty unless the job is running. */
  readonly stage: string
  /** 0..1 */
  readonly progress: number
  /** How often a worker claimed it, not counting workers that returned it at shutdown. */
  readonly attempts: number
  /** Why it failed. All three are null unless it did. */
  readonly code: string | null
  readonly message: string | null
  readonly cause: string | null
  readonly result: JobResult | null
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

/** A job without its result, as in lists. */
export type JobHead = Omit<Job, 'result'> & {
  /** Size of the result as JSON; 0 without one. */
  readonly resultBytes: number
}

/** Fencing token of one claim. Every write of a running job carries it, so a worker that lost the job changes nothing. */
export type JobFence = { readonly jobId: string; readonly claim: number }

/** A job whose worker dies fails after this many attempts. */
export const MAX_ATTEMPTS = 5

const OWN_COLUMNS = `j.job_id as "jobId", j.seq, j.state, j.tag, j.rule_type as "ruleType",
  j.dna_db_id as "dnaDbId", j.video_id as "videoId", j.bucket, j.region, j.object, j.job_level as "jobLevel",
  j.store_mode as store,
  j.user_data as "userData", j.queue_id as "queueId", j.callback, j.secret_id as "secretId", j.inventory_job_id as "inventoryJobId", j.stage, j.progress,
  j.attempts, j.code, j.message, j.cause, j.created_at as "createdAt", j.started_at as "startedAt",
  j.ended_at as "endedAt"`

/** Columns of `jobs j` as a JobRow. `pg` returns bigint, here `seq`, as text. */
export const JOB_COLUMNS = `${OWN_COLUMNS}, j.result`

/** Columns of `jobs j` as a HeadRow, which has the size of the result instead of the result. */
export const HEAD_COLUMNS = `${OWN_COLUMNS}, j.result_bytes as "resultBytes"`

export type JobRow = Omit<Job, 'seq'> & { readonly seq: string }

/** A row as a Job. */
export function toJob({ seq, ...rest }: JobRow): Job {
  return { ...rest, seq: Number(seq) }
}

export type HeadRow = Omit<JobHead, 'seq'> & { readonly seq: string }

/** A row as a JobHead. */
export function toHead({ seq, ...rest }: HeadRow): JobHead {
  return { ...rest, seq: Number(seq) }
}
