import type { Manifest, Prediction } from '../manifest.ts'
import {
  atPrecision,
  microAveragePrecision,
  type OperatingPoint,
  operatingPoints,
  withoutFalse,
} from './micro-ap.ts'
import { pairsOf } from './pairs.ts'
import { type FamilyScore, scoreFamilies, scoreSeverities } from './score-families.ts'
import { type SegmentScore, scoreSegments } from './score-segments.ts'
import { segmentAveragePrecision } from './segment-ap.ts'

export type Score = {
  /** Expected pairs of videos. */
  readonly pairs: number
  readonly microAP: number
  readonly segmentAP: number
  readonly withoutFalse: OperatingPoint & { readonly segments: SegmentScore }
  readonly atPrecision99: OperatingPoint & { readonly segments: SegmentScore }
  readonly atAny: { readonly recall: number; readonly wrong: number; readonly segments: SegmentScore }
  /** Pairs that a job would report but that are not copies, as `query -> ref`. */
  readonly acceptedAndWrong: readonly string[]
  /** The wrong pairs with the highest scores. */
  readonly worstFalse: readonly { readonly query: string; readonly ref: string; readonly score: number }[]
  readonly curve: readonly OperatingPoint[]
  readonly families: readonly FamilyScore[]
  /** Empty if the bench has no severities. */
  readonly severities: readonly FamilyScore[]
}

const PRECISE = 0.99
const WORST_SHOWN = 8

/** Scores predictions against the expected segments of a bench. Throws on rows of unknown videos. */
export function scorePredictions(manifest: Manifest, predictions: readonly Prediction[]): Score {
  const pairs = pairsOf(manifest, predictions)
  const copies = pairs.filter(({ copy }) => copy).length
  const predicted = pairs.filter(({ rows }) => rows.length > 0)
  const wrong = predicted.filter(({ copy }) => !copy).sort((a, b) => b.score - a.score)
  const curve = operatingPoints(predicted, copies)
  const at = (point: OperatingPoint) => ({ ...point, segments: scoreSegments(pairs, point.score) })
  const zero = withoutFalse(curve)
  return {
    pairs: copies,
    microAP: copies > 0 ? microAveragePrecision(curve) : Number.NaN,
    segmentAP: segmentAveragePrecision(pairs),
    withoutFalse: at(zero),
    atPrecision99: at(atPrecision(curve, PRECISE)),
    atAny: {
      recall: curve.at(-1)?.recall ?? 0,
      wrong: wrong.length,
      segments: scoreSegments(pairs, Number.NEGATIVE_INFINITY),
    },
    acceptedAndWrong: wrong
      .filter(({ rows }) => rows.some(({ accepted }) => accepted === true))
      .map(({ query, ref }) => `${query} -> ${ref}`),
    worstFalse: wrong.slice(0, WORST_SHOWN).map(({ query, ref, score }) => ({ query, ref, score })),
    curve,
    families: scoreFamilies(manifest, pairs, { threshold: zero.score }),
    severities: scoreSeverities(manifest, pairs, { threshold: zero.score }),
  }
}
