import { setTimeout as delay } from 'node:timers/promises'
import type { ObjectStore } from '@kinoprint/objects'
import { LRUCache } from 'lru-cache'

/** How long a result is reused. */
const KNOWN_MS = 60_000
/** A list does not wait longer than this for the object store. */
const WAIT_MS = 1000

type ObjectName = { readonly bucket: string; readonly object: string }

/** Finds out which objects have been deleted. */
export type ObjectPresence = {
  /** In the same order: whether each is gone; null if the store failed, or did not answer within a second. */
  areGone(objects: readonly ObjectName[]): Promise<(boolean | null)[]>
}

/** Asks the store about each object at most once a minute. Answers that come too late serve the next call. */
export function createObjectPresence(objects: Pick<ObjectStore, 'exists'>): ObjectPresence {
  const known = new LRUCache<string, boolean>({ max: 50_000, ttl: KNOWN_MS, perf: Date })
  const running = new Map<string, Promise<boolean | null>>()

  function isGone({ bucket, object }: ObjectName): Promise<boolean | null> | boolean {
    const key = `${bucket}\0${object}`
    const asked = known.get(key) ?? running.get(key)
    if (asked !== undefined) return asked
    const asking = objects
      .exists(bucket, object)
      .then(
        (exists) => {
          known.set(key, !exists)
          return !exists
        },
        () => null,
      )
      .finally(() => running.delete(key))
    running.set(key, asking)
    return asking
  }

  return {
    areGone: async (names) => {
      const answers = names.map(isGone)
      if (answers.every((answer) => typeof answer === 'boolean')) return answers
      const stop = new AbortController()
      const tooLate = delay(WAIT_MS, null, { signal: stop.signal }).catch(() => null)
      const results = await Promise.all(answers.map((answer) => Promise.race([answer, tooLate])))
      stop.abort()
      return results
    },
  }
}
