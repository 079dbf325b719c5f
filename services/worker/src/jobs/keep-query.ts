import { logFailure, type SearchedQuery, type VideoFacts } from '@kinoprint/engine'
import { keepQueryFingerprint } from '@kinoprint/store'
import type { ClaimedJob, JobContext } from './job-context.ts'

type QueryToKeep = {
  readonly etag: string
  readonly facts: Pick<VideoFacts, 'durationSeconds' | 'width' | 'height' | 'hasAudio'>
  readonly query: SearchedQuery
}

/**
 * Keeps the fingerprint of a query for QUERY_RETENTION_DAYS, without what would take too much space. If only parts of a
 * file were decoded in full, it keeps the keyframes. A failure is only logged, because the search has succeeded.
 */
export async function keepQuery(
  { db, pool, log, queryRetentionDays }: JobContext,
  { etag, facts, query }: QueryToKeep,
  { job: { jobId }, signal }: ClaimedJob,
): Promise<void> {
  if (queryRetentionDays === 0) return
  const { durationSeconds, width, height, hasAudio } = facts
  try {
    const fingerprint = query.keyframes ?? query.fingerprint
    const kept = await pool.run('keepQuery', { fingerprint }, { signal })
    await keepQueryFingerprint(db, { etag, ...kept, durationSeconds, width, height, hasAudio })
  } catch (error) {
    if (signal.aborted) throw error
    logFailure(log, error, { message: 'Could not keep the fingerprint of a query', fields: { jobId } })
  }
}
