import type { Passage } from './passage.ts'

/** A range of a reference in decimal seconds. */
type Span = { readonly from: number; readonly to: number }

/** The passages of one match of a reference. */
export type ReferencePassages = { readonly passages: readonly Passage[] }

export type Stretch = {
  /** Decimal seconds of the reference. */
  readonly refStart: number
  readonly refEnd: number
  /** Matches with a passage in the stretch. */
  readonly matches: number
  /** Matches that use nothing else of the reference. */
  readonly only: number
}

/** Ends of passages of the same stretch differ by this much. */
const TOLERANCE_SECONDS = 1.5
/** The stretch reaches as far as this share of the most matches at one moment. */
const COMMON_SHARE = 0.5
/** A shorter stretch is chance. */
const MIN_SECONDS = 1

/**
 * The stretch of a reference on which most of its matches rest: where at least half as many matches have a passage as at
 * the moment with the most. Null if there is none of 1 s. Weak and ignored passages do not count.
 */
export function commonStretch(matches: readonly ReferencePassages[]): Stretch | null {
  const spans = matches.map(spansOf)
  const { from, to } = deepest(spans.flat())
  if (to - from < MIN_SECONDS) return null
  const touches = (span: Span): boolean => span.from < to && span.to > from
  const within = (span: Span): boolean =>
    span.from >= from - TOLERANCE_SECONDS && span.to <= to + TOLERANCE_SECONDS
  return {
    refStart: from,
    refEnd: to,
    matches: spans.filter((own) => own.some(touches)).length,
    only: spans.filter((own) => own.length > 0 && own.every(within)).length,
  }
}

/** The seconds of the reference that a match uses, without overlaps. */
export function spansOf({ passages }: ReferencePassages): Span[] {
  const joined: Span[] = []
  const spans = passages
    .filter(({ weak, ignored = null }) => !weak && ignored === null)
    .map(({ refStart, refEnd }) => ({ from: refStart, to: refEnd }))
    .sort((a, b) => a.from - b.from)
  for (const span of spans) {
    const last = joined.at(-1)
    if (last === undefined || span.from > last.to) joined.push(span)
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
  }
  return joined
}

/** The range around the moment with the most spans in which at least half as many overlap, and how many are the most. */
export function deepest(spans: readonly Span[]): Span & { readonly depth: number } {
  const edges = spans
    .flatMap(({ from, to }) => [
      { at: from, step: 1 },
      { at: to, step: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.step - b.step)
  const depths: { readonly at: number; readonly depth: number }[] = []
  let depth = 0
  for (const { at, step } of edges) {
    depth += step
    depths.push({ at, depth })
  }
  const most = depths.reduce((best, one) => Math.max(best, one.depth), 0)
  const peak = depths.findIndex((one) => one.depth === most)
  if (peak < 0) return { from: 0, to: 0, depth: 0 }
  const isShallow = (one: { readonly depth: number }): boolean => one.depth < COMMON_SHARE * most
  const before = depths.slice(0, peak).findLastIndex(isShallow)
  const after = depths.slice(peak).findIndex(isShallow)
  return { from: depths[before + 1]?.at ?? 0, to: depths[peak + after]?.at ?? 0, depth: most }
}
