import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseUnavailable } from '@kinoprint/store'

const PAUSE_MS = 250

export type RetryOptions = { readonly limitMs: number; readonly signal: AbortSignal }

/** Retries while the database is unavailable, for at most `limitMs`. Throws any other error at once. */
export async function retryWhileUnavailable<T>(
  work: () => Promise<T>,
  { limitMs, signal }: RetryOptions,
): Promise<T> {
  const deadlineMs = performance.now() + limitMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseUnavailable(error) || performance.now() > deadlineMs || signal.aborted) throw error
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}
