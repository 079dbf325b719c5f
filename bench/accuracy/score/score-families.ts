import type { BenchQuery, Manifest } from '../manifest.ts'
import { boundaryErrors } from './boundary-error.ts'
import type { Pair } from './pairs.ts'
import { mean } from './score-segments.ts'
import { f1, segmentAgreement } from './vcsl.ts'

export type FamilyScore = {
  readonly family: string
  readonly queries: number
  /** Expected pairs. */
  readonly pairs: number
  /** Share of the expected pairs that score above every wrong pair, and that are found at any score. */
  readonly recallWithoutFalse: number
  readonly recallAtAny: number
  /** Mean over the expected pairs at any score. */
  readonly segmentF1: number
  /** Mean, in seconds, at any score. */
  readonly boundary: number
  readonly falsePairs: number
}

export const NEGATIVES = '(negative)'

type Options = {
  /** Score of the lowest accepted pair. */
  readonly threshold: number
  /** The group of a query with a copy. Negatives form a separate group. */
  readonly groupOf?: (query: BenchQuery) => string
}

/** The figures for each family of attacks, or for other groups of queries, sorted by name. */
export function scoreFamilies(
  { queries }: Manifest,
  pairs: readonly Pair[],
  { threshold, groupOf = ({ family }) => family }: Options,
): FamilyScore[] {
  const familyOf = new Map(
    queries.map((query) => [query.id, query.label === 'negative' ? NEGATIVES : groupOf(query)]),
  )
  const names = [...new Set(familyOf.values())].sort()
  return names.map((family) => {
    const own = pairs.filter(({ query }) => familyOf.get(query) === family)
    const copies = own.filter(({ copy }) => copy)
    const share = (found: (pair: Pair) => boolean) =>
      copies.length > 0 ? copies.filter(found).length / copies.length : Number.NaN
    return {
      family,
      queries: [...familyOf.values()].filter((name) => name === family).length,
      pairs: copies.length,
      recallWithoutFalse: share(({ score }) => score >= threshold),
      recallAtAny: share(({ rows }) => rows.length > 0),
      segmentF1: mean(copies.map(pairF1)),
      boundary: mean(copies.flatMap(({ rows, expected }) => boundaryErrors(rows, expected))),
      falsePairs: own.length - copies.length,
    }
  })
}

const SEVERITIES = ['mild', 'medium', 'severe', 'random']

/** The same figures by severity, mildest first. Empty if the bench has no severities. */
export function scoreSeverities(
  manifest: Manifest,
  pairs: readonly Pair[],
  { threshold }: { threshold: number },
): FamilyScore[] {
  const groups = scoreFamilies(manifest, pairs, { threshold, groupOf: ({ severity = '' }) => severity })
  return SEVERITIES.flatMap((severity) => groups.filter(({ family }) => family === severity))
}

function pairF1({ rows, expected }: Pair): number {
  if (rows.length === 0) return 0
  const { precision, recall } = segmentAgreement(rows, expected)
  return f1(precision, recall)
}
