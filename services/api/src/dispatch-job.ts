import type { Job } from '@kinoprint/store'
import type { ApiContext } from './context.ts'

/**
 * Tells the queue of jobs that wait. Their rows are the truth and stand already: where the queue is away, the
 * reconciler dispatches them later, so nothing fails here.
 */
export async function dispatchJobs(
  { queue, log }: Pick<ApiContext, 'queue' | 'log'>,
  jobs: readonly Job[],
): Promise<void> {
  const waiting = jobs.filter(({ state }) => state === 'Submitted')
  if (waiting.length === 0) return
  try {
    await queue.enqueueMany(waiting)
  } catch (error) {
    log.warn(
      {
        jobIds: waiting.map(({ jobId }) => jobId),
        error: error instanceof Error ? error.message : String(error),
      },
      'The queue did not take a job; the reconciler dispatches it later.',
    )
  }
}

export function dispatchJob(context: Pick<ApiContext, 'queue' | 'log'>, job: Job): Promise<void> {
  return dispatchJobs(context, [job])
}

/** Takes a cancelled job out of the queue. Where that fails, its worker finds the row cancelled and passes on. */
export async function withdrawJob(
  { queue, log }: Pick<ApiContext, 'queue' | 'log'>,
  jobId: string,
): Promise<void> {
  try {
    await queue.remove(jobId)
  } catch (error) {
    log.debug({ jobId, err: error }, 'A cancelled job stays in the queue until a worker passes over it.')
  }
}
