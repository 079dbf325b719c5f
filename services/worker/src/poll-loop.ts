import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@kinoprint/core'
import { logFailure } from '@kinoprint/engine'

/** Pause between two looks for work. */
const POLL_MS = 500
/** Pause while the database is unavailable. */
const DATABASE_PAUSE_MS = 3_000

export type PollLoop = {
  /** Stops, and waits for the work that runs. Its signal ends it early. */
  close(): Promise<void>
}

type PollOptions = {
  /** Does the next piece of work. Returns false if there is none. */
  readonly runNext: (signal: AbortSignal) => Promise<boolean>
  /** Runs before the work, at most every `cleanEveryMs`. */
  readonly clean: () => Promise<unknown>
  readonly cleanEveryMs: number
  /** Pause after a look that found no work. Default: 0.5 s. */
  readonly pauseMs?: number
  readonly log: Log
  /** The message of the log when the database or the work fails. */
  readonly failure: string
}

/** Starts looking for one kind of work in the database, one piece at a time, and cleaning up after it. */
export function startPollLoop({
  runNext,
  clean,
  cleanEveryMs,
  pauseMs: idleMs = POLL_MS,
  log,
  failure,
}: PollOptions): PollLoop {
  const stop = new AbortController()
  let lastCleaningMs = Number.NEGATIVE_INFINITY
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      let pauseMs = idleMs
      try {
        if (performance.now() - lastCleaningMs > cleanEveryMs) {
          lastCleaningMs = performance.now()
          await clean()
        }
        if (await runNext(stop.signal)) pauseMs = 0
      } catch (error) {
        if (stop.signal.aborted) return
        logFailure(log, error, { message: failure })
        pauseMs = DATABASE_PAUSE_MS
      }
      await delay(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const done = loop()
  return {
    close: () => {
      stop.abort()
      return done
    },
  }
}
