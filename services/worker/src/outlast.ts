import { setTimeout as delay } from 'node:timers/promises'
import { isDatabaseUnavailable } from '@kinoprint/store'

const PAUSE_MS = 250

export type OutlastOptions = { readonly limitMs: number; readonly signal: AbortSignal }

/** Tries again while the database is away, for so long at most; whatever else goes wrong is thrown at once. */
export const outlast = async <T>(work: () => Promise<T>, { limitMs, signal }: OutlastOptions): Promise<T> => {
  const until = performance.now() + limitMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseUnavailable(error) || performance.now() > until || signal.aborted) throw error
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}
