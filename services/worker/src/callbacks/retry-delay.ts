/** How often and how long a callback is tried. */
export type RetryPlan = {
  /** Pause after the first attempt. */
  readonly baseMs: number
  /** The longest pause. */
  readonly maxMs: number
  /** An attempt that fails so long after the first one was due is the last. */
  readonly giveUpMs: number
}

const HOUR_MS = 3_600_000

/** About 35 attempts: after 5, 10, 20, 40 s and so on, later once an hour, for 24 hours. */
export const defaultRetryPlan: RetryPlan = { baseMs: 5_000, maxMs: HOUR_MS, giveUpMs: 24 * HOUR_MS }

/** Pauses are stretched or shortened by up to this part, so that what failed together does not return together. */
const JITTER = 0.2

/**
 * The pause before the next attempt, or null to give up. It is as long as the trying has lasted, so that the time
 * since the beginning doubles each time, and it needs to know nothing but that time.
 */
export const retryDelayMs = (
  elapsedMs: number,
  { baseMs, maxMs, giveUpMs }: RetryPlan,
  random: () => number = Math.random,
): number | null => {
  if (elapsedMs >= giveUpMs) return null
  const pause = Math.min(Math.max(elapsedMs, baseMs), maxMs)
  // The last attempt is at the very end, not an hour before it.
  return Math.min(pause * (1 + JITTER * (2 * random() - 1)), giveUpMs - elapsedMs)
}
