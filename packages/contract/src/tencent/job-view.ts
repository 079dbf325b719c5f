import type { JobLevel, JobState, RuleType } from '@kinoprint/core'
import type { SegmentSeconds } from './seconds.ts'

/** The match of a search with one library video. Times are decimal seconds. */
export type DetectionView = {
  readonly videoId: string
  /** Of the library video. */
  readonly durationSeconds: number
  /** 0 to 100. */
  readonly similar: number
  /** 0 to 100. */
  readonly audioSimilar: number
  readonly segments: readonly SegmentSeconds[]
}

export type JobResultView = {
  readonly videoId: string
  /** Of the input. */
  readonly durationSeconds: number
  /** Strongest first. */
  readonly detections: readonly DetectionView[]
  /** Shards that were away, so that detections may be missing. */
  readonly missingShards?: readonly string[] | undefined
}

/** A job as the XML shows it, independent of how it is stored. */
export type JobView = {
  readonly jobId: string
  readonly state: JobState
  /** Null until the job fails; shown as Success. */
  readonly code: string | null
  readonly message: string | null
  /** 0 to 1. */
  readonly progress: number
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly queueId: string
  readonly input: { readonly bucketId: string; readonly region: string; readonly object: string }
  readonly dnaConfig: {
    readonly dnaDbId: string
    readonly ruleType: RuleType
    /** Shown only for DeleteFingerPrint. */
    readonly videoId?: string | null | undefined
  }
  readonly userData: string | null
  /** The inventory job that submitted it. Default: none. */
  readonly inventoryJobId?: string | null | undefined
  readonly jobLevel: JobLevel
  /** Shown only in state Success. */
  readonly result: JobResultView | null
}

/** The fields of a JobView as its database row contains them, before grouping. */
type FlatJob = Omit<JobView, 'input' | 'dnaConfig'> & {
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly dnaDbId: string
  readonly ruleType: JobView['dnaConfig']['ruleType']
  readonly videoId: string | null
}

/** Groups a job's fields as responses and callbacks show them. */
export function jobViewOf(job: FlatJob): JobView {
  return {
    jobId: job.jobId,
    state: job.state,
    code: job.code,
    message: job.message,
    progress: job.progress,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    queueId: job.queueId,
    input: { bucketId: job.bucket, region: job.region, object: job.object },
    dnaConfig: { dnaDbId: job.dnaDbId, ruleType: job.ruleType, videoId: job.videoId },
    userData: job.userData,
    inventoryJobId: job.inventoryJobId,
    jobLevel: job.jobLevel,
    result: job.result,
  }
}
