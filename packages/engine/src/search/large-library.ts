import { type Candidate, rankByKeypoints } from '@kinoprint/dna'
import { findByKeypoints } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { SearchQuery } from '../threads/tasks.ts'
import { lookUpCandidates } from './look-up-candidates.ts'

/** Candidates that share keypoints with the query: in a library of 1,000 hours, the right one is among the first three. */
const MAX_BY_KEYPOINTS = 12

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
 * The videos that a query may be a copy of although two lookups led to none: those that share keypoints with it, and
 * those that more of its audio names at another pitch.
 */
export async function candidatesOfLargeLibrary(
  context: Pick<WorkContext, 'db' | 'pool'>,
  search: LargeLibrarySearch,
  options: WorkOptions,
): Promise<Pick<Candidate, 'videoId' | 'seeds'>[]> {
  const found = [
    ...(await candidatesByKeypoints(context, search)),
    ...(await candidatesByPitch(context, search, options)),
  ]
  const seedsOf = new Map<string, Candidate['seeds']>()
  for (const { videoId, seeds } of found) seedsOf.set(videoId, [...(seedsOf.get(videoId) ?? []), ...seeds])
  return [...seedsOf].map(([videoId, seeds]) => ({ videoId, seeds }))
}

async function candidatesByKeypoints(
  { db }: Pick<WorkContext, 'db'>,
  { dnaDbId, query: { keypoints }, except }: LargeLibrarySearch,
): Promise<Candidate[]> {
  if (keypoints.length === 0) return []
  const hits = await findByKeypoints(db, { dnaDbId, frames: keypoints })
  const others = hits.filter(({ videoId }) => videoId !== except)
  return rankByKeypoints(others, { limit: MAX_BY_KEYPOINTS })
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
