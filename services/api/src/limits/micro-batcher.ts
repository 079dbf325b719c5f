import { Fault } from '@kinoprint/core'
import { createFairQueue } from './fair-queue.ts'

export type MicroBatcher<T, R> = {
  /** Processes `item` in a batch with others. Throws Fault SlowDown after `waitMs` in the queue. */
  add(item: T): Promise<R>
}

export type MicroBatcherOptions<T, R> = {
  /** The client of an item; clients take turns. Default: all items belong to one client. */
  readonly clientOf?: (item: T) => string
  readonly maxBatchSize: number
  /** Maximum number of concurrent batches. */
  readonly concurrency: number
  /** Maximum time in the queue, in milliseconds. */
  readonly waitMs: number
  /** Returns the outcome of each item, in order. A Fault is thrown to the caller that added the item. */
  readonly runBatch: (items: readonly T[]) => Promise<readonly (R | Fault)[]>
}

type Waiting<T, R> = {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
  readonly timer: NodeJS.Timeout
}

/**
 * A queue in front of work that costs little more for many items than for one. Items that have arrived when a batch
 * starts form that batch, so no item waits for a batch to fill.
 *
 * @example
 * const submissions = createMicroBatcher({
 *   maxBatchSize: 50, concurrency: 2, waitMs: 10_000, runBatch: (jobs) => enqueueJobs(db, jobs) })
 */
export function createMicroBatcher<T, R>({
  clientOf = () => '',
  maxBatchSize,
  concurrency,
  waitMs,
  runBatch,
}: MicroBatcherOptions<T, R>): MicroBatcher<T, R> {
  const waiting = createFairQueue<Waiting<T, R>>()
  let running = 0

  const runAndSettle = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const outcomes = await runBatch(batch.map(({ item }) => item))
      for (const [i, { resolve, reject }] of batch.entries()) {
        const outcome = outcomes[i]
        if (outcome === undefined) reject(new Error('The batch returned no outcome for this item.'))
        else if (outcome instanceof Fault) reject(outcome)
        else resolve(outcome)
      }
    } catch (error) {
      // Retried individually, so that a single bad item does not fail the others.
      if (batch.length > 1) for (const one of batch) await runAndSettle([one])
      else batch[0]?.reject(error)
    }
  }

  const drainQueue = async (): Promise<void> => {
    while (waiting.size() > 0) {
      const batch = Array.from({ length: maxBatchSize }, () => waiting.shift() ?? []).flat()
      for (const { timer } of batch) clearTimeout(timer)
      await runAndSettle(batch)
    }
    running -= 1
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const client = clientOf(item)
        const timer = setTimeout(() => {
          const ahead = waiting.size()
          waiting.remove(client, entry)
          reject(new Fault('SlowDown', `${ahead} submissions are waiting. Try again in a second.`))
        }, waitMs)
        const entry = { item, resolve, reject, timer }
        waiting.push(client, entry)
        if (running === concurrency) return
        running += 1
        // Runs after all requests that have already arrived.
        setImmediate(() => void drainQueue())
      }),
  }
}
