import { type Database, findWaitingWork, type WaitingWork } from '@kinoprint/store'

/** How long one look serves all loops: less than the pause of each, so that none sees the same answer twice. */
const FRESH_MS = 400

/** Whether work of a kind waits. */
export type WorkCheck = (kind: keyof WaitingWork) => Promise<boolean>

/** Several loops look for work twice a second. This shares one statement among them, which halves what idling costs. */
export function createWorkCheck(db: Database, look: typeof findWaitingWork = findWaitingWork): WorkCheck {
  let lookedMs = Number.NEGATIVE_INFINITY
  let found: Promise<WaitingWork> = Promise.resolve({
    comparisons: false,
    hashRequests: false,
    ignoredLookups: false,
    reindexing: false,
  })
  return async (kind) => {
    if (performance.now() - lookedMs > FRESH_MS) {
      lookedMs = performance.now()
      found = look(db)
    }
    return (await found)[kind]
  }
}
