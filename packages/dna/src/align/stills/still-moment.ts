import type { Segment } from '../segments/segment.ts'

/** A stretch of the reference that shows a still, in milliseconds, and how. */
export type StillMoment = Pick<Segment, 'mirrored' | 'turn' | 'queryBox' | 'refBox' | 'score'> & {
  readonly fromMs: number
  readonly toMs: number
  /** Share of differing bits, 0 to 1. */
  readonly difference: number
}

type Times = { readonly starts: Uint32Array; readonly lasts: Uint32Array }

/**
 * The stretch that one sample stands for: to the middle of the gaps on both sides. The first and the last one reach one
 * interval further.
 */
export function timesAround(
  { starts, lasts }: Times,
  at: number,
  { intervalMs, durationMs }: { readonly intervalMs: number; readonly durationMs: number },
): { readonly fromMs: number; readonly toMs: number } {
  const [start, last] = [starts[at] ?? 0, lasts[at] ?? 0]
  const before = lasts[at - 1] ?? start - 2 * intervalMs
  const after = starts[at + 1] ?? last + 2 * intervalMs
  const within = (ms: number): number => Math.min(Math.max(0, ms), durationMs)
  return { fromMs: within((before + start) / 2), toMs: within((last + after) / 2) }
}
