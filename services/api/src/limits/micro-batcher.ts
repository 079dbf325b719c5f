import { Fault } from '@kinoprint/core'
import { createFairQueue } from './fair-queue.ts'

export type MicroBatcher<T, R> = {
  /** Has `item` worked on with others that wait. Fault SlowDown where that takes too long to begin. */
  add(item: T): Promise<R>
}

export type MicroBatcherOptions<T, R> = {
  /** Whose item it is: names take turns. One name where absent. */
  readonly nameOf?: (item: T) => string
  /** Items worked on together. */
  readonly maxBatchSize: number
  /** MicroBatcher worked on at once. */
  readonly concurrency: number
  readonly waitMs: number
  /** The outcome of each item, in their order; a Fault is thrown to whoever added it. */
  readonly runBatch: (items: readonly T[]) => Promise<readonly (R | Fault)[]>
}

type Waiting<T, R> = {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/**
 * A queue before something that costs hardly more for many than for one: what has arrived when the process looks for
 * work, or comes while batches are worked on, makes up the next one, so nobody waits for company.
 *
 * @example const submissions = createMicroBatcher({ maxBatchSize: 50, concurrency: 2, waitMs: 10_000, runBatch: (jobs) => enqueueJobs(db, jobs) })
 */
export function createMicroBatcher<T, R>({
  nameOf = () => '',
  maxBatchSize,
  concurrency,
  waitMs,
  runBatch,
}: MicroBatcherOptions<T, R>): MicroBatcher<T, R> {
  const waiting = createFairQueue<Waiting<T, R>>()
  let running = 0

  const settle = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const outcomes = await runBatch(batch.map(({ item }) => item))
      for (const [i, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[i]
        if (outcome === undefined) reject(new Error('A batch left one of its items out.'))
        else if (outcome instanceof Fault) reject(outcome)
        else resolve(outcome)
      }
    } catch (error) {
      // One that cannot be worked on must not take the others with it.
      if (batch.length > 1) for (const one of batch) await settle([one])
      else batch[0]?.reject(error)
    }
  }

  const workOff = async (): Promise<void> => {
    while (waiting.size() > 0) {
      const batch = Array.from({ length: maxBatchSize }, () => waiting.shift() ?? []).flat()
      for (const { timer } of batch) clearTimeout(timer)
      await settle(batch)
    }
    running -= 1
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const ahead = waiting.size()
          waiting.remove(nameOf(item), one)
          reject(new Fault('SlowDown', `${ahead} submissions are under way. Try again in a second.`))
        }, waitMs)
        const one = { item, resolve, reject, timer }
        waiting.push(nameOf(item), one)
        if (running === concurrency) return
        running += 1
        // Behind all requests that have arrived already.
        setImmediate(() => void workOff())
      }),
  }
}
