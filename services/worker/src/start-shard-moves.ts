import type { Log } from '@kinoprint/core'
import {
  continueMove,
  type Database,
  listShardNames,
  removeOldCopies,
  ShardUnavailable,
  sweepShard,
  withShardLock,
} from '@kinoprint/store'
import { type PollLoop, startPollLoop } from './poll-loop.ts'

const SWEEP_MS = 3_600_000
/** Pause between two looks for work, and while a shard is away. */
const IDLE_MS = 3_000

/**
 * Moves fingerprints to the shards where they belong and removes what is no longer needed there, in one worker at a time.
 * Does nothing without shards.
 */
export function startShardMoves({ db, log }: { readonly db: Database; readonly log: Log }): PollLoop {
  if (db.shards === undefined) return { close: async () => undefined }
  return startPollLoop({
    runNext: async (signal) => {
      const step = await withShardLock(db, async () => {
        await removeOldCopies(db)
        return continueMove(db, { signal })
      })
      return step !== null && step.moved > 0
    },
    clean: () => withShardLock(db, () => sweepShards(db, log)),
    cleanEveryMs: SWEEP_MS,
    pauseMs: IDLE_MS,
    log,
    failure: 'Could not move fingerprints between shards',
  })
}

async function sweepShards(db: Database, log: Log): Promise<void> {
  for (const shard of await listShardNames(db)) {
    try {
      const orphans = await sweepShard(db, shard)
      if (orphans > 0) log.info({ shard, orphans }, 'Removing fingerprints that the primary does not name')
    } catch (error) {
      if (!(error instanceof ShardUnavailable)) throw error
      log.warn({ shard, reason: error.message }, 'Could not sweep a shard; the next sweep tries again')
    }
  }
}
