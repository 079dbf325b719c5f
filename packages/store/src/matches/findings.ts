import type { Detection } from '../jobs/job.ts'
import type { Passage } from './passage.ts'

/** The content that a job searched with. */
export type QueryContent = {
  readonly bucket: string
  readonly object: string
  /** Including its quotes. */
  readonly etag: string
  /** Null if unknown. */
  readonly width: number | null
  readonly height: number | null
  readonly hasAudio: boolean | null
  /** Frames per second; null or absent if unknown. */
  readonly fps?: number | null | undefined
}

/** What becomes of a pair: in the job's result, for review only, or kept as a near miss. */
export type Verdict = 'report' | 'review' | 'near'

/** A stored video that a search aligned with its query. */
export type Finding = Omit<Detection, 'segments' | 'matchId' | 'object' | 'durationSeconds'> & {
  readonly segments: readonly Passage[]
  readonly verdict: Verdict
  /** What it rests on, as gzipped JSON; null or absent if that is not known. */
  readonly evidence?: Uint8Array | null | undefined
}

/** What a search found: its query, and the pairs to keep as matches, best first. */
export type Findings = { readonly query: QueryContent; readonly found: readonly Finding[] }
