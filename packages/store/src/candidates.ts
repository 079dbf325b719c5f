import type { Database } from './database.ts'
import type { TimedHash } from './fingerprints.ts'
export type CandidateHit = {
  readonly videoId: string
  readonly kind: 'video' | 'audio'
  readonly queryMs: number
  readonly refMs: number
  /** Differing bits of 256. */
  readonly distance: number
}
export type CandidateSearch = {
  readonly dnaDbId: string
  readonly video: readonly TimedHash[]
  readonly audio: readonly TimedHash[]
  /** Nearest rows wanted for each probe, 1..100. */
  readonly perProbe: number
  readonly signal?: AbortSignal | undefined
}
export declare function findCandidates(db: Database, search: CandidateSearch): Promise<CandidateHit[]>
