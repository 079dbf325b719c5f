export type RetryPlan = {
  /** Delay after the first attempt. */
  readonly baseMs: number
  /** Longest delay. */
  readonly maxMs: number
  /** An attempt that fails this long after the callback became due is the last. */
  readonly giveUpMs: number
}

const HOUR_MS = 3_600_000

/** About 35 attempts in 24 hours: after 5, 10, 20 and 40 s and so on, then hourly. */
export const defaultRetryPlan: RetryPlan = { baseMs: 5_000, maxMs: HOUR_MS, giveUpMs: 24 * HOUR_MS }

/** Delays vary by up to this share, so that callbacks that failed together are not retried together. */
const JITTER = 0.2

/**
 * Delay in milliseconds before the next attempt, or null to give up. It equals the time since the callback became due, so that
 * this time doubles with each attempt and is the only state.
 */
export function retryDelayMs(
  elapsedMs: number,
  { baseMs, maxMs, giveUpMs }: RetryPlan,
  random: () => number = Math.random,
): number | null {
  if (elapsedMs >= giveUpMs) return null
  const delayMs = Math.min(Math.max(elapsedMs, baseMs), maxMs)
  // The last attempt is at the end of the day, not up to an hour earlier.
  return Math.min(delayMs * (1 + JITTER * (2 * random() - 1)), giveUpMs - elapsedMs)
}
