import type { BenchReport } from '../report.ts'
import { NEGATIVES } from './score/score-families.ts'
import type { Score } from './score/score-predictions.ts'

type Rows = BenchReport['rows']

/** A tool and its score, with CPU seconds if measured. */
export type Contestant = {
  readonly name: string
  readonly score: Score
  readonly cpu: { readonly store: number; readonly search: number } | null
}

function figure(value: number, digits = 3): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–'
}

/** One column per tool, one row per figure. */
export function totals(contestants: readonly Contestant[]): Rows {
  const rows: readonly (readonly [string, (one: Contestant) => string])[] = [
    ['micro-AP', ({ score }) => figure(score.microAP)],
    ['segment AP', ({ score }) => figure(score.segmentAP)],
    ['recall without a false pair', ({ score }) => figure(score.withoutFalse.recall)],
    ['segment precision there', ({ score }) => figure(score.withoutFalse.segments.precision)],
    ['segment recall there', ({ score }) => figure(score.withoutFalse.segments.recall)],
    ['segment F1 there', ({ score }) => figure(score.withoutFalse.segments.f1)],
    ['median boundary error there, s', ({ score }) => figure(score.withoutFalse.segments.boundaryMedian, 2)],
    ['recall at precision 0.99', ({ score }) => figure(score.atPrecision99.recall)],
    [
      'recall / false pairs at any score',
      ({ score }) => `${figure(score.atAny.recall, 2)} / ${score.atAny.wrong}`,
    ],
    ['wrong pairs reported', ({ name, score }) => reportedWrong(name, score)],
    ['CPU s: hash / search', ({ cpu }) => (cpu ? `${figure(cpu.store, 1)} / ${figure(cpu.search, 1)}` : '–')],
  ]
  return rows.map(([name, of]) => ({
    figure: name,
    ...Object.fromEntries(contestants.map((one) => [one.name, of(one)])),
  }))
}

/** Only Kinoprint decides what to report; other tools leave that to their users. */
function reportedWrong(name: string, { acceptedAndWrong }: Score): string {
  return name.startsWith('Kinoprint') ? String(acceptedAndWrong.length) : '–'
}

/** Recall without a false pair / segment F1 at any score: one row per family, one column per tool. */
export function byFamily(contestants: readonly Contestant[]): Rows {
  return byGroup(contestants, 'family', ({ families }) => families)
}

/** The same by severity. */
export function bySeverity(contestants: readonly Contestant[]): Rows {
  return byGroup(contestants, 'severity', ({ severities }) => severities)
}

type Groups = (score: Score) => Score['families']

function byGroup(contestants: readonly Contestant[], column: string, groupsOf: Groups): Rows {
  const [first] = contestants
  return (first ? groupsOf(first.score) : []).map(({ family, pairs, queries }) => ({
    [column]: family === NEGATIVES ? `${family} (${queries})` : `${family} (${pairs})`,
    ...Object.fromEntries(
      contestants.map(({ name, score }) => [
        name,
        cell(groupsOf(score).find((one) => one.family === family)),
      ]),
    ),
  }))
}

function cell(own: Score['families'][number] | undefined): string {
  if (own === undefined) return '–'
  if (own.family === NEGATIVES) return `${own.falsePairs} false`
  return `${figure(own.recallWithoutFalse, 2)} / ${figure(own.segmentF1, 2)}`
}
