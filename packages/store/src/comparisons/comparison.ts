import type { Detection } from '../jobs/job.ts'

export type ComparisonSideName = 'query' | 'reference'

/** What one side of a comparison is. */
export type ComparisonSource = {
  readonly source: 'object' | 'video' | 'upload'
  /** Where its bytes are; of a stored video, where they were when it was stored. */
  readonly bucket: string
  readonly object: string
  /** The stored video; null for other sources. */
  readonly dnaDbId: string | null
  readonly videoId: string | null
  /** What to call it. */
  readonly name: string
  /** False while an upload has not arrived. */
  readonly isThere: boolean
}

/** What a worker has read of a side. */
export type ComparisonReading = {
  /** 0..1 */
  readonly progress: number
  /** Null until the side has been read. */
  readonly durationSeconds: number | null
  readonly hasAudio: boolean | null
}

export type ComparisonResult = Pick<
  Detection,
  'score' | 'similar' | 'audioSimilar' | 'queryCoverage' | 'refCoverage' | 'segments'
> & {
  /** Whether a search would report the pair. */
  readonly accepted: boolean
  /** The score from which it would. */
  readonly threshold: number
  /** With which frames of the video a still was compared; null for other pairs, and undefined before this was known. */
  readonly framesCompared?: 'all' | 'stored' | null
  /** Why the pair is not a match; null if it is one. */
  readonly why: ComparisonRejection | null
}

type ComparisonRejection = {
  /** `nothing`: no alignment at all. `tooWeak`: the best one is below the threshold. */
  readonly reason: 'nothing' | 'tooWeak'
  /** How much the score lacks, 0..1. */
  readonly lacks: number
  /** Seconds of the query that the best alignment covers. */
  readonly seconds: number
  readonly message: string
}

export type ComparisonError = {
  readonly code: string
  readonly message: string
  /** The side that could not be read; null if the failure concerns neither. */
  readonly side: ComparisonSideName | null
}

export type ComparisonStage = '' | 'fetch' | 'fingerprint' | 'match'

export type Comparison = {
  readonly comparisonId: string
  readonly state: 'Uploading' | 'Waiting' | 'Running' | 'Success' | 'Failed'
  readonly stage: ComparisonStage
  readonly query: ComparisonSource
  readonly reference: ComparisonSource
  readonly queryReading: ComparisonReading
  readonly referenceReading: ComparisonReading
  readonly result: ComparisonResult | null
  readonly error: ComparisonError | null
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly expiresAt: Date
}

export const COMPARISON_COLUMNS = `comparison_id as "comparisonId", state, stage, query, reference,
  query_reading as "queryReading", reference_reading as "referenceReading", result, error, created_at as "createdAt",
  started_at as "startedAt", ended_at as "endedAt", expires_at as "expiresAt"`

/** When a comparison is deleted, counted from its last step. */
export const NEXT_EXPIRY = `clock_timestamp() + interval '1 hour'`
