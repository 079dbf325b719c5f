import { type Job, markDispatched } from '@kinoprint/store'
import type { ApiContext } from './context.ts'

/**
 * Tells the queue of a waiting job. The row is the truth and stands already: where the queue is away, the
 * reconciler dispatches it later, so nothing fails here.
 */
export const dispatchJob = async (
  { db, queue, log }: Pick<ApiContext, 'db' | 'queue' | 'log'>,
  { jobId, jobLevel, state }: Job,
): Promise<void> => {
  if (state !== 'Submitted') return
  try {
    await queue.enqueue(jobId, jobLevel)
    await markDispatched(db, [jobId])
  } catch (error) {
    log.warn(
      { jobId, error: error instanceof Error ? error.message : String(error) },
      'The queue did not take a job; the reconciler dispatches it later.',
    )
  }
}

/** Takes a cancelled job out of the queue. Where that fails, its worker finds the row cancelled and passes on. */
export const withdrawJob = async (
  { queue, log }: Pick<ApiContext, 'queue' | 'log'>,
  jobId: string,
): Promise<void> => {
  try {
    await queue.remove(jobId)
  } catch (error) {
    log.debug({ jobId, err: error }, 'A cancelled job stays in the queue until a worker passes over it.')
  }
}
