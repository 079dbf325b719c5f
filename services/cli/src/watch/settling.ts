import type { Stats } from 'node:fs'

type Seen = { readonly stamp: string; readonly sinceMs: number }

export type Settling = {
  /** Whether a file is complete. Call it again later if it is not. */
  isComplete(path: string, stats: Pick<Stats, 'size' | 'ino' | 'mtimeMs' | 'ctimeMs'>): boolean
  forget(path: string): void
}

export type SettlingOptions = {
  readonly settleMs: number
  /** Wall clock, in milliseconds. */
  readonly now?: () => number
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonic?: () => number
}

/**
 * Decides when a file is complete: its last change, by its own times, was `settleMs` ago, or it has been seen unchanged for
 * as long. The second rule is for servers of files whose clock is ahead. The time of a status change counts too, because
 * programs set the time of a copy back to that of its original.
 */
export function createSettling({
  settleMs,
  now = Date.now,
  monotonic = () => performance.now(),
}: SettlingOptions): Settling {
  const seen = new Map<string, Seen>()
  return {
    isComplete: (path, { size, ino, mtimeMs, ctimeMs }) => {
      const stamp = [size, ino, mtimeMs, ctimeMs].join(':')
      const known = seen.get(path)
      const sinceMs = known?.stamp === stamp ? known.sinceMs : monotonic()
      seen.set(path, { stamp, sinceMs })
      return now() - Math.max(mtimeMs, ctimeMs) >= settleMs || monotonic() - sinceMs >= settleMs
    },
    forget: (path) => void seen.delete(path),
  }
}
