import type { Log } from '@kinoprint/core'
import { errorText } from '@kinoprint/core'
import { type ApiKey, type Database, findKey, listKeyIds, touchKey } from '@kinoprint/store'

/** How long a key revoked in another process keeps working. One revoked here stops at once. */
const FRESH_MS = 2_000
/** Minimum time between two records of a key's last use. */
const TOUCH_MS = 60_000
const MAX_KEYS = 1_000
const MAX_IDS = 50_000

export type KeyCache = {
  /** The key, or null if it is unknown or revoked. */
  find(secretId: string): Promise<ApiKey | null>
  /** Whether a key exists, as of at most 2 s ago. Any number of calls in that time cost one query. */
  exists(secretId: string): Promise<boolean>
  /** Drops a key that was revoked or changed. */
  forget(secretId: string): void
  /** Records the use of a key and the client's address in the background. Never fails. */
  used(secretId: string, address: string): void
}

/** Caches keys for 2 s. Reading and decrypting the key would double the cost of a request. */
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
      evictOldest(entries)
      entries.set(secretId, { key, readAtMs: performance.now() })
      return key
    },
    exists: async (secretId) => {
      if (ids === null || performance.now() - ids.readAtMs >= FRESH_MS) {
        const found = listKeyIds(db, { limit: MAX_IDS }).then((read) => new Set(read))
        ids = { found, readAtMs: performance.now() }
        // Forget it, so that the next call reads again.
        found.catch(() => {
          ids = null
        })
      }
      return (await ids.found).has(secretId)
    },
    forget: (secretId) => {
      entries.delete(secretId)
    },
    used: (secretId, address) => {
      const nowMs = performance.now()
      if (nowMs - (touchedAtMs.get(secretId) ?? Number.NEGATIVE_INFINITY) < TOUCH_MS) return
      evictOldest(touchedAtMs)
      touchedAtMs.set(secretId, nowMs)
      touchKey(db, secretId, address).catch((error: unknown) =>
        log.warn({ error: errorText(error) }, 'Could not record the last use of a key'),
      )
    },
  }
}

/** A Map keeps insertion order, so its first entry is the oldest. */
function evictOldest(map: Map<string, unknown>): void {
  if (map.size < MAX_KEYS) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
