import { errorText, inSpan } from '@kinoprint/core'
import type { Job } from '@kinoprint/store'
import type { ApiContext } from './context.ts'

/** What submitting and cancelling need of a context. */
export type Dispatching = Pick<ApiContext, 'log'> & {
  readonly queue: Pick<ApiContext['queue'], 'enqueueMany' | 'remove'>
}

/**
 * Adds submitted jobs to the queue. Never fails: the jobs are already stored, and the reconciler dispatches those that
 * the queue did not accept.
 */
export async function dispatchJobs({ queue, log }: Dispatching, jobs: readonly Job[]): Promise<void> {
  const waiting = jobs.filter(({ state }) => state === 'Submitted')
  if (waiting.length === 0) return
  try {
    await inSpan({ name: 'queue add', kind: 'producer', needsParent: true }, () => queue.enqueueMany(waiting))
  } catch (error) {
    log.warn(
      { jobIds: waiting.map(({ jobId }) => jobId), error: errorText(error) },
      'Could not dispatch jobs; the reconciler will retry',
    )
  }
}

export function dispatchJob(context: Dispatching, job: Job): Promise<void> {
  return dispatchJobs(context, [job])
}

/** Removes a cancelled job from the queue. Never fails: workers skip cancelled jobs. */
export async function withdrawJob({ queue, log }: Dispatching, jobId: string): Promise<void> {
  try {
    await queue.remove(jobId)
  } catch (error) {
    log.debug({ jobId, err: error }, 'Could not remove a cancelled job from the queue')
  }
}
