import { type Candidate, rankByKeys } from '@kinoprint/dna'
import { findByKeys } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { SearchQuery } from '../threads/tasks.ts'
import { lookUpCandidates } from './look-up-candidates.ts'

/**
 * Candidates that share keypoints with the query, or landmarks. Among 1,000 hours, 154 sources of 200 re-uploads are ranked by
 * their keypoints, all of them among the first four, and 67 by their landmarks, among the first three. Each further
 * candidate costs an alignment. The stored moments of a bin of offsets vote together.
 */
const BY_KEYS = {
  keypoints: { limit: 6, binMs: 1000 },
  landmarks: { limit: 4, binMs: 5000 },
} as const

/**
 * Few rows of each of these hashes, because there are 336. Of a copy, several hashes hit the same video, and its rows are
 * the nearest ones. Among 500 hours, 21 of 26 copies are among the first sixteen.
 */
const PITCH_REACH = { reach: { hitsPerHash: 3, maxCandidates: 24 }, maxWeak: 16 }

export type LargeLibrarySearch = {
  readonly dnaDbId: string
  readonly query: SearchQuery
  /** VideoId of a stored video that is not searched: the query itself. */
  readonly except?: string | undefined
}

/**
 * The videos that a query may be a copy of although two lookups led to none: those that share keypoints or
 * landmarks with it, and those that more of its audio names at another pitch.
 */
export async function candidatesOfLargeLibrary(
  context: Pick<WorkContext, 'db' | 'pool'>,
  search: LargeLibrarySearch,
  options: WorkOptions,
): Promise<Pick<Candidate, 'videoId' | 'seeds'>[]> {
  const found = [
    ...(await candidatesByKeys(context, search, 'keypoints')),
    ...(await candidatesByKeys(context, search, 'landmarks')),
    ...(await candidatesByPitch(context, search, options)),
  ]
  const seedsOf = new Map<string, Candidate['seeds']>()
  for (const { videoId, seeds } of found) seedsOf.set(videoId, [...(seedsOf.get(videoId) ?? []), ...seeds])
  return [...seedsOf].map(([videoId, seeds]) => ({ videoId, seeds }))
}

async function candidatesByKeys(
  { db }: Pick<WorkContext, 'db'>,
  { dnaDbId, query, except }: LargeLibrarySearch,
  kind: keyof typeof BY_KEYS,
): Promise<Candidate[]> {
  if (query[kind].length === 0) return []
  const hits = await findByKeys(db, { dnaDbId, kind, moments: query[kind] })
  const others = hits.filter(({ videoId }) => videoId !== except)
  return rankByKeys(others, BY_KEYS[kind])
}

async function candidatesByPitch(
  context: Pick<WorkContext, 'db' | 'pool'>,
  { dnaDbId, query: { fingerprint }, except }: LargeLibrarySearch,
  options: WorkOptions,
): Promise<Candidate[]> {
  if (!fingerprint.audio?.spectra) return []
  const { signal } = options
  const hashes = await context.pool.run('pitchHashes', { query: fingerprint }, { signal })
  if (hashes.audio.length === 0) return []
  return (await lookUpCandidates(context, { dnaDbId, hashes, except, ...PITCH_REACH }, options)).candidates
}
