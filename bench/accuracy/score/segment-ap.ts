import type { Passage } from '../manifest.ts'
import { overlap, querySide, refSide, sharedLength, unionLength } from './interval.ts'

type Scored = Passage & { readonly score: number }
/** The predicted and the expected segments of one pair; no segments are expected if it is not a copy. */
export type SegmentPair = { readonly rows: readonly Scored[]; readonly expected: readonly Passage[] }

/** Seconds over all pairs: correct and predicted, in the query and in the reference. */
type Totals = { rightQuery: number; rightRef: number; predictedQuery: number; predictedRef: number }
type Step = { readonly row: Scored; readonly pair: SegmentPair }

const EMPTY: Readonly<Totals> = { rightQuery: 0, rightRef: 0, predictedQuery: 0, predictedRef: 0 }

/**
 * Average precision over segments as in the matching track of VSC2022. Precision and recall are geometric means of the
 * shares of seconds in query and reference, summed over all pairs while rows enter from the highest score down.
 */
export function segmentAveragePrecision(pairs: readonly SegmentPair[]): number {
  const expectedQuery = sumOf(pairs, ({ expected }) => unionLength(expected.map(querySide)))
  const expectedRef = sumOf(pairs, ({ expected }) => unionLength(expected.map(refSide)))
  if (expectedQuery === 0 || expectedRef === 0) return Number.NaN
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
    const totals = totalsOf(rows, pair.expected)
    taken.set(pair, { rows, totals })
    for (const key of Object.keys(all) as (keyof Totals)[]) all[key] += totals[key] - before.totals[key]
    if (ranked[index + 1]?.row.score === row.score) continue
    const recall = Math.sqrt((all.rightQuery / expectedQuery) * (all.rightRef / expectedRef))
    const precision = Math.sqrt(
      share(all.rightQuery, all.predictedQuery) * share(all.rightRef, all.predictedRef),
    )
    average += precision * (recall - reached)
    reached = recall
  }
  return average
}

function totalsOf(rows: readonly Passage[], expected: readonly Passage[]): Totals {
  const met = expected.filter((passage) => rows.some((row) => overlap(passage, row)))
  return {
    rightQuery: sharedLength(rows.map(querySide), met.map(querySide)),
    rightRef: sharedLength(rows.map(refSide), met.map(refSide)),
    predictedQuery: unionLength(rows.map(querySide)),
    predictedRef: unionLength(rows.map(refSide)),
  }
}

function share(part: number, whole: number): number {
  return part / Math.max(whole, 1e-9)
}

function sumOf<T>(list: readonly T[], each: (one: T) => number): number {
  return list.reduce((sum, one) => sum + each(one), 0)
}
