import type { TrackRun } from './segment.ts'

/** A passage lies beside a stronger one when this share of it, in either video, lies in the stronger one. */
const BESIDE_SHARE = 0.5
/** There it must have this share of the stronger one's evidence per second. */
const LEAST_STRENGTH = 0.5

/**
 * Leaves out passages that only repeat a stronger one weakly: a still scene resembles itself at other times too. The
 * same passage at several places is equally strong at each of them, and all of them stay.
 */
export function dropEchoes(runs: readonly TrackRun[]): TrackRun[] {
  const kept: TrackRun[] = []
  for (const run of [...runs].sort((a, b) => b.evidence - a.evidence)) {
    const echo = kept.some(
      (strong) => isBeside(run, strong) && strength(run) < LEAST_STRENGTH * strength(strong),
    )
    if (!echo) kept.push(run)
  }
  return kept
}

function isBeside(run: TrackRun, strong: TrackRun): boolean {
  const share = (from: number, to: number, low: number, high: number) =>
    (Math.min(to, high) - Math.max(from, low)) / Math.max(1, to - from)
  return (
    share(run.queryStartMs, run.queryEndMs, strong.queryStartMs, strong.queryEndMs) > BESIDE_SHARE ||
    share(run.refStartMs, run.refEndMs, strong.refStartMs, strong.refEndMs) > BESIDE_SHARE
  )
}

/** Evidence per millisecond of the query. */
function strength({ evidence, queryStartMs, queryEndMs }: TrackRun): number {
  return evidence / Math.max(1, queryEndMs - queryStartMs)
}
