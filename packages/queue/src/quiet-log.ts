import type { Log } from '@kinoprint/core'

const REPEAT_MS = 30_000
const MAX_REMEMBERED = 100

/** A log that says the same thing once in 30 s: a server that is away is reported by every retry. */
export function quietLog(log: Log): { warn(fields: { error: string }, message: string): void } {
  const lastSaidMs = new Map<string, number>()
  return {
    warn(fields, message) {
      const key = `${message} ${fields.error}`
      const now = performance.now()
      if (now - (lastSaidMs.get(key) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return
      if (lastSaidMs.size >= MAX_REMEMBERED) lastSaidMs.clear()
      lastSaidMs.set(key, now)
      log.warn(fields, message)
    },
  }
}
