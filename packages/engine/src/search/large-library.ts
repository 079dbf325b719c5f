import { type Candidate, rankByKeys, rankCandidates } from '@kinoprint/dna'
import { findByKeys, findCandidates } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'
import type { SearchQuery } from '../threads/tasks.ts'
import { HITS_PER_HASH } from './look-up-candidates.ts'
import { mergeCandidates, type SeededVideo } from './merge-candidates.ts'

/**
 * Candidates that share keypoints with the query, or landmarks. Among 1,000 hours, 154 sources of 200 re-uploads are ranked by
 * their keypoints, all of them among the first four, and 69 by their landmarks, all among the first three. Each further
 * candidate costs an alignment. The stored moments of a bin of offsets vote together.
 */
const BY_KEYS = {
  keypoints: { limit: 4, binMs: 1000 },
  landmarks: { limit: 3, binMs: 5000 },
} as const

/** Candidates by the frames of the first lookup, sought among four times as many rows: 0.15 s of CPU among 1,000 hours. */
const BY_FRAMES = { limit: 4, rowsPerBucket: 64 }

export type LargeLibrarySearch = {
  readonly dnaDbId: string
  readonly query: SearchQuery
  /** VideoId of a stored video that is not searched: the query itself. */
  readonly except?: string | undefined
  /** VideoIds of the candidates of the first lookup. */
  readonly tried: ReadonlySet<string>
}

/**
 * The videos that a query may be a copy of although its hashes led to none: those that share keypoints or landmarks with
 * it, and those with a frame that a search of fewer rows missed.
 */
export async function candidatesOfLargeLibrary(
  context: Pick<WorkContext, 'db'>,
  search: LargeLibrarySearch,
  options: WorkOptions,
): Promise<SeededVideo[]> {
  return mergeCandidates([
    ...(await candidatesByKeys(context, search, 'keypoints')),
    ...(await candidatesByKeys(context, search, 'landmarks')),
    ...(await candidatesByFrames(context, search, options)),
  ])
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

async function candidatesByFrames(
  { db }: Pick<WorkContext, 'db'>,
  { dnaDbId, query, except, tried }: LargeLibrarySearch,
  { signal }: WorkOptions,
): Promise<Candidate[]> {
  const { limit, rowsPerBucket } = BY_FRAMES
  const hashes = { video: query.hashes.video, audio: [] }
  const hits = await findCandidates(db, { dnaDbId, ...hashes, perHash: HITS_PER_HASH, rowsPerBucket, signal })
  const others = hits.filter(({ videoId }) => videoId !== except && !tried.has(videoId))
  return rankCandidates({ hits: others, limit })
}
