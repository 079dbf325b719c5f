import { type Candidate, type CandidateHit, rankCandidates } from '@kinoprint/dna'
import { findCandidates } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { SearchQuery } from '../threads/tasks.ts'

/** Index rows per hash. A passage that the library contains more often is found through its other hashes. */
const HITS_PER_HASH = 40
/** Maximum number of candidates that are aligned, best first, and how many of them may have few hits. */
const MAX_CANDIDATES = 100
const MAX_WEAK_CANDIDATES = 6

export type LookupReach = { readonly hitsPerHash: number; readonly maxCandidates: number }

export type Lookup = {
  readonly dnaDbId: string
  readonly hashes: SearchQuery['hashes']
  /** Number of candidates with few hits. Default: 6. */
  readonly maxWeak?: number
  readonly reach?: LookupReach | undefined
  readonly except?: string | undefined
}

/**
 * Returns the index hits for a query and the videos worth aligning, likeliest first. If a large library yields no
 * strong candidate, a second lookup probes further buckets.
 */
export async function lookUpCandidates(
  { db }: Pick<WorkContext, 'db'>,
  { dnaDbId, hashes, maxWeak = MAX_WEAK_CANDIDATES, reach, except }: Lookup,
  { signal, onProgress }: WorkOptions,
): Promise<{ hits: CandidateHit[]; candidates: Candidate[] }> {
  onProgress('candidates', 0)
  if (hashes.video.length + hashes.audio.length === 0) return { hits: [], candidates: [] }
  const lookup = { dnaDbId, ...hashes, perHash: reach?.hitsPerHash ?? HITS_PER_HASH, signal }
  const limits = { limit: reach?.maxCandidates ?? MAX_CANDIDATES, maxWeak }
  const others = ({ videoId }: CandidateHit): boolean => videoId !== except
  const likely = (await findCandidates(db, lookup)).filter(others)
  const candidates = rankCandidates({ hits: likely, ...limits })
  if (candidates.some(({ isStrong }) => isStrong)) return { hits: likely, candidates }
  const further = (await findCandidates(db, { ...lookup, further: true })).filter(others)
  if (further.length === 0) return { hits: likely, candidates }
  const hits = [...likely, ...further]
  return { hits, candidates: rankCandidates({ hits, ...limits }) }
}
