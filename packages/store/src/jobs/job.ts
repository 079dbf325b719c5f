export const jobStates = ['Submitted', 'Running', 'Success', 'Failed', 'Pause', 'Cancel'] as const
export type JobState = (typeof jobStates)[number]

export const ruleTypes = ['GetFingerPrint', 'FindSimilarVideo', 'DeleteFingerPrint'] as const
export type RuleType = (typeof ruleTypes)[number]

export type JobLevel = 0 | 1 | 2

/** What a request says about its own callback; it wins over the queue's, and `silent` silences that one too. */
export type CallbackSettings = {
  readonly silent: boolean
  readonly type: 'Url' | 'TDMQ'
  readonly format: 'XML' | 'JSON'
  /** Absent where the queue's own address is meant. */
  readonly url?: string | undefined
  readonly mqMode?: 'Queue' | 'Topic' | undefined
  readonly mqRegion?: string | undefined
  readonly mqName?: string | undefined
}

/** One matching passage; the four times are decimal seconds. */
export type DetectionSegment = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  /** 0..1 */
  readonly score: number
  readonly kind: 'video' | 'audio' | 'both'
  readonly speed: number
  readonly mirrored: boolean
}

export type Detection = {
  readonly videoId: string
  readonly object: string
  /** Of the stored video, decimal seconds. */
  readonly durationSeconds: number
  /** 0..1, the confidence that this is a copy. */
  readonly score: number
  /** 0..100 */
  readonly similar: number
  /** 0..100 */
  readonly audioSimilar: number
  /** 0..1 */
  readonly queryCoverage: number
  /** 0..1 */
  readonly refCoverage: number
  readonly segments: readonly DetectionSegment[]
}

export type JobResult = {
  readonly videoId: string
  /** Of the input, decimal seconds. */
  readonly durationSeconds: number
  readonly detections: readonly Detection[]
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
  /** A word for what the worker is doing, e.g. `decode`. */
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

/** Which taking of a job by a worker this is: every write of a running job carries it. */
export type JobFence = { readonly jobId: string; readonly attempt: number }

/** A job is taken this often before it fails, when its worker died each time (issue: tried up to five times). */
export const MAX_ATTEMPTS = 5
