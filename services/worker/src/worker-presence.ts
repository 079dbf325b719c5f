import type { Log } from '@kinoprint/core'
import { logFailure } from '@kinoprint/engine'
import { type Database, reportWorker, reportWorkerStopped, type WorkerFacts } from '@kinoprint/store'

const INTERVAL_MS = 5_000

export type WorkerPresence = {
  /** Reports that the worker stops. Never fails. */
  close(): Promise<void>
}

/** Reports every 5 s that this worker is alive, for the list of workers. Jobs do not depend on it. */
export function startWorkerPresence(
  facts: WorkerFacts,
  { db, log }: { readonly db: Database; readonly log: Log },
): WorkerPresence {
  let reporting = Promise.resolve()
  const report = (): void => {
    reporting = reportWorker(db, facts).catch((error: unknown) =>
      logFailure(log, error, { message: 'Could not report that this worker is alive' }),
    )
  }
  report()
  const timer = setInterval(report, INTERVAL_MS)
  return {
    close: async () => {
      clearInterval(timer)
      await reporting
      await reportWorkerStopped(db, facts.workerId).catch((error: unknown) =>
        log.debug({ err: error }, 'Could not report that this worker stops'),
      )
    },
  }
}
