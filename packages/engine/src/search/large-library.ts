import { type Candidate, rankByKeys } from '@kinoprint/dna'
import { findByKeys } from '@kinoprint/store'
import type { WorkContext } from '../context.ts'
import type { SearchQuery } from '../threads/tasks.ts'
import { mergeCandidates, type SeededVideo } from './merge-candidates.ts'

/**
 * Candidates that share keypoints with the query, or landmarks. Of 74 re-uploads that only keypoints name among 1,000 hours, 70
 * rank first or second, and the last one ninth. Those that only landmarks name rank first. Each further candidate costs
 * an alignment. The stored moments of a bin of offsets vote together.
 */
const BY_KEYS = {
  keypoints: { limit: 9, binMs: 1000 },
  landmarks: { limit: 2, binMs: 5000 },
} as const

export type LargeLibrarySearch = {
  readonly dnaDbId: string
  readonly query: SearchQuery
  /** VideoId of a stored video that is not searched: the query itself. */
  readonly except?: string | undefined
}

/** The videos that share keypoints or landmarks with a query, which may be a copy of them although its hashes led to none. */
export async function candidatesOfLargeLibrary(
  context: Pick<WorkContext, 'db'>,
  search: LargeLibrarySearch,
): Promise<SeededVideo[]> {
  return mergeCandidates([
    ...(await candidatesByKeys(context, search, 'keypoints')),
    ...(await candidatesByKeys(context, search, 'landmarks')),
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
