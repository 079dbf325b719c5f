import type { CallbackSettings, JobLevel, JobState, RuleType } from '@kinoprint/core'
import type { PairMatch } from '@kinoprint/dna'

/** A stored video that the input shares passages with; what they share is the matcher's answer as it stands. */
export type Detection = Omit<PairMatch, 'accepted'> & {
  readonly videoId: string
  readonly object: string
  /** Of the stored video, decimal seconds. */
  readonly durationSeconds: number
}

export type JobResult = {
  readonly videoId: string
  /** Of the input, decimal seconds. */
  readonly durationSeconds: number
  readonly detections: readonly Detection[]
  /** What was found beyond the limits of a result and is not stored; absent or null where nothing was. */
  readonly truncated?: { readonly detections: number; readonly segments: number } | null | undefined
}

export type Job = {
  readonly jobId: string
  /** Rises with every job; orders those of one millisecond. */
  readonly seq: number
  readonly state: JobState
  readonly tag: string
  readonly ruleType: RuleType
  readonly dnaDbId: string
  /** The video to delete; absent in the other kinds. */
  readonly videoId: string | null
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly jobLevel: JobLevel
  readonly userData: string | null
  readonly queueId: string
  readonly callback: CallbackSettings | null
  /** The key that asked for it; null for the command line. */
  readonly secretId: string | null
  /** A word for what the worker is doing, e.g. `fingerprint`. */
  readonly stage: string
  /** 0..1 */
  readonly progress: number
  /** How often a worker took it; a job put back at shutdown was not taken. */
  readonly attempts: number
  /** Why it failed; all three null otherwise. */
  readonly code: string | null
  readonly message: string | null
  readonly cause: string | null
  readonly result: JobResult | null
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

/** A job without its result, as lists read it. */
export type JobHead = Omit<Job, 'result'> & {
  /** Bytes of the result as JSON; 0 without one. */
  readonly resultBytes: number
}

/** Which taking of a job by a worker this is: every write of a running job carries it. */
export type JobFence = { readonly jobId: string; readonly claim: number }

/** A job is taken this often before it fails, when its worker died each time (issue: tried up to five times). */
export const MAX_ATTEMPTS = 5
