import { Fault } from '@kinoprint/core'
import { createFairQueue } from './fair-queue.ts'

export type ConcurrencyLimiter = {
  /** Runs `work` when a slot is free. Throws Fault SlowDown after `waitMs` in the queue, without starting `work`. */
  run<T>(client: string, work: () => Promise<T>): Promise<T>
}

export type ConcurrencyOptions = {
  /** Maximum number of concurrent calls of `work`. */
  readonly concurrency: number
  /** Maximum time in the queue, in milliseconds. */
  readonly waitMs: number
}

/**
 * A queue for work that slows down when more of it runs at once. Unlike p-limit, it serves clients in turn and
 * limits the time in the queue.
 *
 * @example const video = await limiter.run(key.secretId, () => getVideo(db, { dnaDbId, videoId }))
 */
export function createConcurrencyLimiter({ concurrency, waitMs }: ConcurrencyOptions): ConcurrencyLimiter {
  let running = 0
  const waiting = createFairQueue<() => void>()

  const waitForSlot = (client: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.remove(client, start)
        reject(
          new Fault('SlowDown', `${waiting.size() + running} requests are waiting. Try again in a second.`),
        )
      }, waitMs)
      const start = (): void => {
        clearTimeout(timer)
        resolve()
      }
      waiting.push(client, start)
    })

  return {
    run: async (client, work) => {
      // Counted before any other call can run. A waiting call takes over the slot of the call that ends.
      if (running < concurrency) running += 1
      else await waitForSlot(client)
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
