import { setTimeout as delay } from 'node:timers/promises'
import { findStretch, logFailure } from '@kinoprint/engine'
import {
  claimIgnoredLookup,
  deleteOldDrafts,
  endIgnoredLookup,
  failIgnoredLookup,
  type IgnoredLookup,
  releaseIgnoredLookup,
} from '@kinoprint/store'
import type { JobContext } from '../jobs/job-context.ts'

/** Pause between two looks for waiting lookups. */
const POLL_MS = 500
/** Pause while the database is unavailable. */
const DATABASE_PAUSE_MS = 3_000
/** Far longer than a lookup takes. After it, another worker takes over. */
const LEASE_MS = 120_000
const CLEANING_MS = 10 * 60_000

type LookupContext = Pick<JobContext, 'db' | 'pool' | 'log'>

export type RunningLookups = {
  /** Stops. A running lookup goes to another worker. */
  close(): Promise<void>
}

/** Starts looking up stretches that are to be ignored everywhere, one at a time. */
export function startIgnoredLookups(context: LookupContext): RunningLookups {
  const { db, log } = context
  const stop = new AbortController()
  let lastCleaningMs = Number.NEGATIVE_INFINITY
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      let pauseMs = POLL_MS
      try {
        if (performance.now() - lastCleaningMs > CLEANING_MS) {
          lastCleaningMs = performance.now()
          await deleteOldDrafts(db)
        }
        const lookup = await claimIgnoredLookup(db, { leaseMs: LEASE_MS })
        if (lookup !== null) {
          pauseMs = 0
          await runLookup(context, lookup, stop.signal)
        }
      } catch (error) {
        if (stop.signal.aborted) return
        logFailure(log, error, { message: 'Could not look up ignored passages' })
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

async function runLookup(context: LookupContext, lookup: IgnoredLookup, signal: AbortSignal): Promise<void> {
  const { db, log } = context
  const { ignoredId, dnaDbId } = lookup
  try {
    const found = await findStretch(context, lookup, { signal, onProgress: () => undefined })
    // The video was deleted since: the passage applies to nothing but its own content.
    if (found === null) return failIgnoredLookup(db, { ignoredId, final: true })
    await endIgnoredLookup(db, { ignoredId, ...found })
    log.info({ ignoredId, dnaDbId, placements: found.placements.length }, 'Looked up an ignored passage')
  } catch (error) {
    if (signal.aborted) return releaseIgnoredLookup(db, ignoredId)
    await failIgnoredLookup(db, { ignoredId, final: false })
    logFailure(log, error, {
      message: 'Could not look up an ignored passage',
      fields: { ignoredId, dnaDbId },
    })
  }
}
