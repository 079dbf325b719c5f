import { setTimeout as delay } from 'node:timers/promises'
import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { AdminBackend } from './backend.ts'

export type EndedJob = RouteAnswer<'getJob'>

export type WaitOptions = {
  readonly signal: AbortSignal
  /** Called with the progress of the job, 0 to 1. */
  readonly onProgress?: (fraction: number) => void
}

/** The pause grows, so that short jobs end at once and long ones cause few requests. */
const FIRST_PAUSE_MS = 100
const LAST_PAUSE_MS = 2_000

/** Waits until a job has ended, also while its server restarts. Throws the reason of `signal` when it is aborted. */
export async function waitForJob(
  backend: Pick<AdminBackend, 'getJob'>,
  jobId: string,
  { signal, onProgress }: WaitOptions,
): Promise<EndedJob> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LAST_PAUSE_MS, 1.5 * pauseMs)) {
    signal.throwIfAborted()
    const job = await backend.getJob({ params: { jobId } }).catch((error: unknown) => {
      if (error instanceof Fault && error.code === 'ServiceUnavailable') return null
      throw error
    })
    if (job !== null && ['Success', 'Failed', 'Cancel'].includes(job.state)) return job
    if (job !== null) onProgress?.(job.progress)
    await delay(pauseMs, undefined, { signal })
  }
}

/** Why a job that has ended did not succeed; null if it did. */
export function failureOf({ state, error }: EndedJob): string | null {
  if (state === 'Success') return null
  return state === 'Cancel' ? 'The job was cancelled.' : (error?.message ?? 'The job failed.')
}
