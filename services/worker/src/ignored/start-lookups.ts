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
import { type PollLoop, startPollLoop } from '../poll-loop.ts'
import type { WorkCheck } from '../waiting-work.ts'

/** Far longer than a lookup takes. After it, another worker takes over. */
const LEASE_MS = 120_000
const CLEANING_MS = 10 * 60_000

type LookupContext = Pick<JobContext, 'db' | 'pool' | 'log'>

/** A running lookup goes to another worker when this closes. */
export type RunningLookups = PollLoop

/** Starts looking up stretches that are to be ignored everywhere, one at a time. */
export function startIgnoredLookups({
  isWaiting,
  ...context
}: LookupContext & { readonly isWaiting: WorkCheck }): RunningLookups {
  const { db, log } = context
  return startPollLoop({
    runNext: async (signal) => {
      if (!(await isWaiting('ignoredLookups'))) return false
      const lookup = await claimIgnoredLookup(db, { leaseMs: LEASE_MS })
      if (lookup === null) return false
      await runLookup(context, lookup, signal)
      return true
    },
    clean: () => deleteOldDrafts(db),
    cleanEveryMs: CLEANING_MS,
    log,
    failure: 'Could not look up ignored passages',
  })
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
