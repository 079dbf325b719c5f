import type { TrackRun } from './segment.ts'

/** Where a passage may lie: the lengths of both videos in milliseconds. */
export type Lengths = { readonly queryMs: number; readonly refMs: number }

/** Milliseconds of the reference at a moment of the query, on the line of a run. */
export function refMsOn(run: TrackRun, queryMs: number): number {
  const anchorMs = run.rate > 0 ? run.refStartMs : run.refEndMs
  return anchorMs + (queryMs - run.queryStartMs) * run.rate
}

/** Less than this beyond an end of the other video is the rounding of a line: the end stays an end. */
const AT_END_MS = 20

/** A start that reaches before the earliest moment that the other video allows, and an end beyond the last. */
export function startWithin(ms: number, earliestMs: number): number {
  return earliestMs - ms > AT_END_MS ? earliestMs : ms
}

export function endWithin(ms: number, lastMs: number): number {
  return ms - lastMs > AT_END_MS ? lastMs : ms
}

/**
 * The run from one moment of the query to another, on its own line: what reaches beyond either video is cut off on
 * both sides, so that the lengths always go together.
 */
export function stretched(
  run: TrackRun,
  { fromMs, toMs, lengths }: { readonly fromMs: number; readonly toMs: number; readonly lengths: Lengths },
): TrackRun {
  const queryMsAt = (refMs: number) => run.queryStartMs + (refMs - refMsOn(run, run.queryStartMs)) / run.rate
  const [first, last] = [queryMsAt(0), queryMsAt(lengths.refMs)].sort((a, b) => a - b) as [number, number]
  const queryStartMs = startWithin(Math.max(fromMs, 0), first)
  const queryEndMs = endWithin(Math.min(toMs, lengths.queryMs), last)
  const within = (ms: number) => Math.min(Math.max(ms, 0), lengths.refMs)
  const ends = [within(refMsOn(run, queryStartMs)), within(refMsOn(run, queryEndMs))] as const
  return { ...run, queryStartMs, queryEndMs, refStartMs: Math.min(...ends), refEndMs: Math.max(...ends) }
}

/** Whether two runs lay the picture alike and neither line strays further than this from the other where they meet. */
export function onOneLine(a: TrackRun, b: TrackRun, withinMs: number): boolean {
  if (a.mirrored !== b.mirrored || a.turn !== b.turn || a.rate > 0 !== b.rate > 0) return false
  const ends = [Math.max(a.queryStartMs, b.queryStartMs), Math.min(a.queryEndMs, b.queryEndMs)]
  return ends.every((ms) => Math.abs(refMsOn(a, ms) - refMsOn(b, ms)) <= withinMs)
}

/** Milliseconds between two runs, in whichever video it is more; negative where they overlap in both. */
export function gapMs(a: TrackRun, b: TrackRun): number {
  return Math.max(
    Math.max(a.queryStartMs, b.queryStartMs) - Math.min(a.queryEndMs, b.queryEndMs),
    Math.max(a.refStartMs, b.refStartMs) - Math.min(a.refEndMs, b.refEndMs),
  )
}

/** Milliseconds of the query that two runs have in common. */
export function commonMs(a: TrackRun, b: TrackRun): number {
  return Math.max(0, Math.min(a.queryEndMs, b.queryEndMs) - Math.max(a.queryStartMs, b.queryStartMs))
}

/** Length of a run in the query, in milliseconds. */
export function lengthMs(run: TrackRun): number {
  return run.queryEndMs - run.queryStartMs
}

/** Two runs of one line as one, on the line of the first; what both explain counts once. */
export function united(strong: TrackRun, weak: TrackRun, lengths: Lengths): TrackRun {
  const weights = [lengthMs(strong), lengthMs(weak)] as const
  const share = weights[1] > 0 ? 1 - commonMs(strong, weak) / weights[1] : 0
  const whole = weights[0] + weights[1] * share
  const difference =
    (strong.difference * weights[0] + weak.difference * weights[1] * share) / Math.max(1, whole)
  const run = stretched(strong, {
    fromMs: Math.min(strong.queryStartMs, weak.queryStartMs),
    toMs: Math.max(strong.queryEndMs, weak.queryEndMs),
    lengths,
  })
  return {
    ...run,
    evidence: strong.evidence + weak.evidence * share,
    difference,
    ...(strong.isStill && { isStill: weak.isStill === true }),
  }
}
