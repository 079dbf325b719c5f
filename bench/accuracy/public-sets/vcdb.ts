import type { Passage, Prediction } from '../manifest.ts'
import { overlap, querySide, sharedLength, unionLength } from '../score/interval.ts'
import type { OperatingPoint } from '../score/micro-ap.ts'
import { f1 } from '../score/vcsl.ts'
import { type Annotations, annotatedPairs, byPair, checkedPassage, idOf, pairKey } from './annotations.ts'
import { csvRows, numberOf } from './csv.ts'
import { faultAt, type TextFile } from './text-file.ts'

/**
 * Format and measures of VCDB (Jiang, Jiang and Wang, ECCV 2014, section 4). Source of the format: the parsers of
 * minsoo-jeong/vcdb_retrieval, eval.py. A line of an annotation file is
 * `videoA,videoB,startA,endA,startB,endB` with times as HH:MM:SS. Copying has no direction there, so each line counts
 * from both sides. Predictions are such lines with a score as seventh value.
 */
type Row = Passage & { readonly query: string; readonly ref: string; readonly score: number }

export function readVcdbAnnotations(files: readonly TextFile[]): Annotations {
  return annotatedPairs(bothWays(files.flatMap((file) => rowsOf(file, 6))))
}

export function readVcdbPredictions(file: TextFile): Prediction[] {
  return rowsOf(file, 7)
}

function rowsOf(file: TextFile, length: 6 | 7): Row[] {
  return csvRows(file).map(({ line, values }) => {
    const [a = '', b = '', startA = '', endA = '', startB = '', endB = '', score = '1'] = values
    if (values.length !== length)
      throw faultAt(
        file.path,
        line,
        `${values.length} values; a line has ${length} (video, video, times${length === 7 ? ', score' : ''}).`,
      )
    const at = (text: string, name: string) => secondsOf(text, { path: file.path, line, name })
    const passage = {
      queryStart: at(startA, 'startA'),
      queryEnd: at(endA, 'endA'),
      refStart: at(startB, 'startB'),
      refEnd: at(endB, 'endB'),
    }
    checkedPassage(passage, { path: file.path, line })
    const where = { path: file.path, line, name: 'score' }
    return { query: idOf(a), ref: idOf(b), ...passage, score: numberOf(score, where) }
  })
}

/** `HH:MM:SS`, with or without a fraction, in seconds. */
function secondsOf(text: string, { path, line, name }: { path: string; line: number; name: string }): number {
  const [, hours, minutes, seconds] = /^(\d+):(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/.exec(text) ?? []
  if (seconds === undefined) throw faultAt(path, line, `${name} is "${text}", not HH:MM:SS.`)
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** Every row, and from the other side if the videos differ. Equal rows count once. */
function bothWays<T extends Row>(rows: readonly T[]): T[] {
  const all = rows.flatMap((row) => (row.query === row.ref ? [row] : [row, mirrored(row)]))
  const key = (row: Row) => [pairKey(row), row.queryStart, row.queryEnd, row.refStart, row.refEnd].join(' ')
  return [...new Map(all.map((row) => [key(row), row])).values()]
}

function mirrored<T extends Row>(row: T): T {
  return {
    ...row,
    query: row.ref,
    ref: row.query,
    queryStart: row.refStart,
    queryEnd: row.refEnd,
    refStart: row.queryStart,
    refEnd: row.queryEnd,
  }
}

type Measure = { readonly precision: number; readonly recall: number; readonly f1: number }
export type VcdbScore = {
  /** Of all rows, at any score. */
  readonly segments: Measure
  readonly frames: Measure
  /** The threshold with the highest F1 of segments. */
  readonly best: { readonly score: number; readonly segments: Measure; readonly frames: Measure }
  readonly curve: readonly OperatingPoint[]
}

/** Thresholds on the curve at most. */
const STEPS = 200

export function scoreVcdb(annotations: Annotations, predictions: readonly Prediction[]): VcdbScore {
  // Of equal rows the one with the highest score counts, because it comes last.
  const ascending = [...predictions].sort((a, b) => a.score - b.score)
  const rows = bothWays(ascending).sort((a, b) => b.score - a.score)
  const scores = [...new Set(rows.map(({ score }) => score))]
  const stride = Math.max(1, Math.ceil(scores.length / STEPS))
  const thresholds = scores.filter((_, n) => n % stride === stride - 1 || n === scores.length - 1)
  const steps = thresholds.map((score) => ({
    score,
    ...measure(
      annotations,
      rows.filter((row) => row.score >= score),
    ),
  }))
  const none = { score: Number.POSITIVE_INFINITY, ...measure(annotations, []) }
  const last = steps.at(-1) ?? none
  const best = steps.reduce((most, step) => (step.segments.f1 > most.segments.f1 ? step : most), none)
  return {
    segments: last.segments,
    frames: last.frames,
    best,
    curve: steps.map(({ score, segments, right, wrong }) => ({ score, right, wrong, ...segments })),
  }
}

/**
 * Segments: a predicted one is correct if it overlaps an annotated one in both videos; an annotated one is found if a
 * predicted one overlaps it so. Frames: the same shares of seconds in the query.
 */
function measure(annotations: Annotations, rows: readonly Row[]) {
  const predicted = byPair(rows)
  let [right, found, annotated] = [0, 0, 0]
  let [rightSeconds, annotatedSeconds] = [0, 0]
  for (const pair of annotations) {
    const own = predicted.get(pairKey(pair)) ?? []
    const met = pair.segments.filter((segment) => own.some((row) => overlap(row, segment)))
    right += own.filter((row) => pair.segments.some((segment) => overlap(row, segment))).length
    found += met.length
    annotated += pair.segments.length
    rightSeconds += sharedLength(own.map(querySide), met.map(querySide))
    annotatedSeconds += unionLength(pair.segments.map(querySide))
  }
  const seconds = [...predicted.values()].reduce((sum, own) => sum + unionLength(own.map(querySide)), 0)
  return {
    right,
    wrong: rows.length - right,
    segments: shares({ right, predicted: rows.length, found, annotated }),
    frames: shares({
      right: rightSeconds,
      predicted: seconds,
      found: rightSeconds,
      annotated: annotatedSeconds,
    }),
  }
}

type Counts = Readonly<Record<'right' | 'predicted' | 'found' | 'annotated', number>>

function shares({ right, predicted, found, annotated }: Counts): Measure {
  const precision = predicted > 0 ? right / predicted : 1
  const recall = annotated > 0 ? found / annotated : Number.NaN
  return { precision, recall, f1: f1(precision, recall) }
}

/** Predictions as lines with a score. */
export function writeVcdb(rows: readonly Prediction[]): string {
  return rows
    .map(({ query, ref, queryStart, queryEnd, refStart, refEnd, score }) => {
      const times = [queryStart, queryEnd, refStart, refEnd].map(clock)
      return `${[query, ref, ...times, score].join(',')}\n`
    })
    .join('')
}

function clock(seconds: number): string {
  const [whole, fraction] = (Math.round(seconds * 1000) / 1000).toFixed(3).split('.')
  const total = Number(whole)
  const two = (value: number) => String(value).padStart(2, '0')
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60].map(two)
  return `${parts.join(':')}.${fraction}`
}
