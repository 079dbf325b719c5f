import { logFailure } from '@kinoprint/engine'
import { sharingShards } from '@kinoprint/store'
import type { JobContext } from './job-context.ts'

/**
 * Runs a search on a read replica that has everything which was stored before, or on the primary if there is none. A search whose
 * replica fails runs again on the primary. What the search writes, it must write through its own context.
 */
export async function onReplica<T>(
  context: JobContext,
  search: (context: JobContext) => Promise<T>,
): Promise<T> {
  const { replicas, log } = context
  if (replicas === undefined) return search(context)
  const db = await replicas.choose()
  try {
    return await search({ ...context, db: sharingShards(db, context.db) })
  } catch (error) {
    if (!replicas.noteFailure(db, error)) throw error
    logFailure(log, error, { message: 'A read replica failed; the primary repeats the search', fields: {} })
    return search(context)
  }
}
