import { Fault } from '@kinoprint/contract'

export type Turns = {
  /** Runs `work` when a place is free. Fault SlowDown where that takes too long; nothing of it was done then. */
  take<T>(work: () => Promise<T>): Promise<T>
}

export type TurnOptions = { readonly atOnce: number; readonly waitMs: number }

/**
 * A queue before something that gets slower the more ask for it at once: first come, first served, and nobody waits
 * longer than `waitMs`.
 *
 * @example const job = await turns.take(() => insertJob(db, asked))
 */
export const createTurns = ({ atOnce, waitMs }: TurnOptions): Turns => {
  let running = 0
  const waiting = new Set<() => void>()

  const free = (): Promise<void> | undefined => {
    if (running < atOnce) return undefined
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(call)
        reject(
          new Fault(
            'SlowDown',
            `${waiting.size + running} submissions are under way; try again in a second.`,
          ),
        )
      }, waitMs)
      const call = (): void => {
        clearTimeout(timer)
        waiting.delete(call)
        resolve()
      }
      waiting.add(call)
    })
  }

  return {
    take: async (work) => {
      const turn = free()
      // Counted before anybody else can look; one that is called takes over the place of the one that ended.
      if (turn === undefined) running += 1
      else await turn
      try {
        return await work()
      } finally {
        const [next] = waiting
        if (next === undefined) running -= 1
        else next()
      }
    },
  }
}
