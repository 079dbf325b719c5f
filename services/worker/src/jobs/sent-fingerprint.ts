import { Fault } from '@kinoprint/core'
import type { SearchQuery } from '@kinoprint/engine'
import { readSentFingerprint, type SentFingerprint } from '@kinoprint/store'
import type { ClaimedJob, JobContext } from './job-context.ts'

/** The fingerprint that was sent for this job. Throws a Fault if it is no longer kept. */
export async function requireSentFingerprint(
  { db }: Pick<JobContext, 'db'>,
  jobId: string,
): Promise<SentFingerprint> {
  const sent = await readSentFingerprint(db, jobId)
  if (sent !== null) return sent
  throw new Fault('InvalidArgument', 'The fingerprint of this job is no longer kept. Send it again.')
}

/** A query made from the bytes of a fingerprint. */
export function queryOf(
  { pool }: Pick<JobContext, 'pool'>,
  { data }: Pick<SentFingerprint, 'data'>,
  { signal }: Pick<ClaimedJob, 'signal'>,
): Promise<SearchQuery> {
  return pool.run('storedQuery', { data }, { signal })
}
