import { Fault } from '@kinoprint/core'
import { createFairQueue } from './fair-queue.ts'

export type ConcurrencyLimiter = {
  /** Runs `work` when it is the turn of `name`. Fault SlowDown where that takes too long; nothing of it was done then. */
  run<T>(name: string, work: () => Promise<T>): Promise<T>
}

export type ConcurrencyOptions = { readonly concurrency: number; readonly waitMs: number }

/**
 * A queue before something that gets slower the more ask for it at once. Names take turns, and no work waits longer than
 * `waitMs`.
 *
 * @example const job = await limiter.run(key.secretId, () => enqueueJob(db, asked))
 */
export function createConcurrencyLimiter({ concurrency, waitMs }: ConcurrencyOptions): ConcurrencyLimiter {
  let running = 0
  const waiting = createFairQueue<() => void>()

  const free = (name: string): Promise<void> | undefined => {
    if (running < concurrency) return undefined
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.remove(name, call)
        reject(
          new Fault(
            'SlowDown',
            `${waiting.size() + running} submissions are under way. Try again in a second.`,
          ),
        )
      }, waitMs)
      const call = (): void => {
        clearTimeout(timer)
        resolve()
      }
      waiting.push(name, call)
    })
  }

  return {
    run: async (name, work) => {
      const turn = free(name)
      // Counted before any other can look; one that is called takes over the place of the one that ended.
      if (turn === undefined) running += 1
      else await turn
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}
