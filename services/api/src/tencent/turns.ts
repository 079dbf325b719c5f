import { Fault } from '@kinoprint/core'
import { createFairQueue } from '../http/fair-queue.ts'

export type Turns = {
  /** Runs `work` when it is the turn of `name`. Fault SlowDown where that takes too long; nothing of it was done then. */
  take<T>(name: string, work: () => Promise<T>): Promise<T>
}

export type TurnOptions = { readonly atOnce: number; readonly waitMs: number }

/**
 * A queue before something that gets slower the more ask for it at once. Names take turns, and no work waits longer than
 * `waitMs`.
 *
 * @example const job = await turns.take(key.secretId, () => enqueueJob(db, asked))
 */
export const createTurns = ({ atOnce, waitMs }: TurnOptions): Turns => {
  let running = 0
  const waiting = createFairQueue<() => void>()

  const free = (name: string): Promise<void> | undefined => {
    if (running < atOnce) return undefined
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
    take: async (name, work) => {
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
