import type { Log } from '@kinoprint/core'
import { type ApiKey, type Database, findKey, listKeyIds, touchKey } from '@kinoprint/store'

/** A key revoked in another process works this much longer at most; one revoked here stops at once. */
const FRESH_MS = 2_000
/** Last use is recorded no more often than this for a key. */
const TOUCH_MS = 60_000
const MAX_KEYS = 1_000
const MAX_IDS = 50_000

export type KeyCache = {
  /** The key, or null where it is unknown or revoked. */
  find(secretId: string): Promise<ApiKey | null>
  /** Whether there is such a key, as of a moment ago: however many are asked for, the database is asked now and then. */
  exists(secretId: string): Promise<boolean>
  /** Called when a key is revoked. */
  forget(secretId: string): void
  /** Records that the key was used. Never waits, never fails. */
  used(secretId: string): void
}

/** Keys that were asked for a moment ago: decrypting and looking up on every request would double its cost. */
export function createKeyCache({
  db,
  encryptionKey,
  log,
}: {
  db: Database
  encryptionKey: Buffer
  log: Log
}): KeyCache {
  const entries = new Map<string, { key: ApiKey; readAtMs: number }>()
  const touchedAtMs = new Map<string, number>()
  let ids: { readonly found: Promise<ReadonlySet<string>>; readonly readAtMs: number } | null = null

  return {
    find: async (secretId) => {
      const known = entries.get(secretId)
      if (known && performance.now() - known.readAtMs < FRESH_MS) return known.key
      entries.delete(secretId)
      const key = await findKey(db, { encryptionKey, secretId })
      if (key === null) return null
      makeRoom(entries)
      entries.set(secretId, { key, readAtMs: performance.now() })
      return key
    },
    exists: async (secretId) => {
      if (ids === null || performance.now() - ids.readAtMs >= FRESH_MS) {
        const found = listKeyIds(db, { limit: MAX_IDS }).then((read) => new Set(read))
        ids = { found, readAtMs: performance.now() }
        // One that failed must not be remembered for what it did not find.
        found.catch(() => {
          ids = null
        })
      }
      return (await ids.found).has(secretId)
    },
    forget: (secretId) => {
      entries.delete(secretId)
    },
    used: (secretId) => {
      const nowMs = performance.now()
      if (nowMs - (touchedAtMs.get(secretId) ?? Number.NEGATIVE_INFINITY) < TOUCH_MS) return
      makeRoom(touchedAtMs)
      touchedAtMs.set(secretId, nowMs)
      touchKey(db, secretId).catch((error: unknown) =>
        log.warn({ err: error }, 'The last use of a key was not recorded.'),
      )
    },
  }
}

/** A Map keeps the order of insertion, so that the first entry is the oldest. */
function makeRoom(map: Map<string, unknown>): void {
  if (map.size < MAX_KEYS) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
