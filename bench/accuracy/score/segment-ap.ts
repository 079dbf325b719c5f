import type { Passage } from '../manifest.ts'
import { type Interval, overlap, querySide, refSide, unionLength } from './interval.ts'

type Scored = Passage & { readonly score: number }
/** All that was predicted of one pair, and its truth (empty for a pair that is no copy). */
export type SegmentPair = { readonly rows: readonly Scored[]; readonly truth: readonly Passage[] }

/** Seconds over all pairs: right and predicted, on the side of the query and of the reference. */
type Totals = { rightQuery: number; rightRef: number; saidQuery: number; saidRef: number }
type Step = { readonly row: Scored; readonly pair: SegmentPair }

const EMPTY: Readonly<Totals> = { rightQuery: 0, rightRef: 0, saidQuery: 0, saidRef: 0 }

/**
 * Average precision over passages as VSC2022's matching track has it: precision and recall are geometric means of the
 * shares of seconds on both sides, summed over all pairs while the rows enter from the highest score to the lowest.
 */
export function segmentAveragePrecision(pairs: readonly SegmentPair[]): number {
  const trueQuery = sumOf(pairs, ({ truth }) => unionLength(truth.map(querySide)))
  const trueRef = sumOf(pairs, ({ truth }) => unionLength(truth.map(refSide)))
  if (trueQuery === 0 || trueRef === 0) return Number.NaN
  const ranked = pairs
    .flatMap((pair) => pair.rows.map((row): Step => ({ row, pair })))
    .sort((a, b) => b.row.score - a.row.score)
  const taken = new Map<SegmentPair, { rows: Scored[]; totals: Totals }>()
  const all = { ...EMPTY }
  let average = 0
  let reached = 0
  for (const [index, { row, pair }] of ranked.entries()) {
    const before = taken.get(pair) ?? { rows: [], totals: { ...EMPTY } }
    const rows = [...before.rows, row]
    const totals = totalsOf(rows, pair.truth)
    taken.set(pair, { rows, totals })
    for (const key of Object.keys(all) as (keyof Totals)[]) all[key] += totals[key] - before.totals[key]
    if (ranked[index + 1]?.row.score === row.score) continue
    const recall = Math.sqrt((all.rightQuery / trueQuery) * (all.rightRef / trueRef))
    const precision = Math.sqrt(share(all.rightQuery, all.saidQuery) * share(all.rightRef, all.saidRef))
    average += precision * (recall - reached)
    reached = recall
  }
  return average
}

function totalsOf(rows: readonly Passage[], truth: readonly Passage[]): Totals {
  const met = truth.filter((passage) => rows.some((row) => overlap(passage, row)))
  return {
    rightQuery: sharedLength(rows.map(querySide), met.map(querySide)),
    rightRef: sharedLength(rows.map(refSide), met.map(refSide)),
    saidQuery: unionLength(rows.map(querySide)),
    saidRef: unionLength(rows.map(refSide)),
  }
}

/** Length of what both cover. */
const sharedLength = (a: readonly Interval[], b: readonly Interval[]): number =>
  unionLength(a) + unionLength(b) - unionLength([...a, ...b])

const share = (part: number, whole: number): number => part / Math.max(whole, 1e-9)

const sumOf = <T>(list: readonly T[], each: (one: T) => number): number =>
  list.reduce((sum, one) => sum + each(one), 0)
