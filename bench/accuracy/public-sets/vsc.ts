import type { Passage, Prediction } from '../manifest.ts'
import { microAveragePrecision, type OperatingPoint, operatingPoints } from '../score/micro-ap.ts'
import { segmentAveragePrecision } from '../score/segment-ap.ts'
import {
  type Annotations,
  annotatedPairs,
  byPair,
  type Candidate,
  checkedPassage,
  pairKey,
  passageOf,
} from './annotations.ts'
import { csvRecords, type Record } from './csv.ts'
import { faultAt, type TextFile } from './text-file.ts'

/**
 * Formats and measures of VSC2022, the Video Similarity Challenge (Pizzi et al. 2023). Source: facebookresearch/vsc2022,
 * vsc/metrics.py: classes CandidatePair and Match, functions average_precision and match_metric.
 */
const TIMES = ['query_start', 'query_end', 'ref_start', 'ref_end']

/** Annotations of the matching track, as CSV. Rows without a reference only list queries, so they are skipped. */
export function readVscAnnotations(file: TextFile): Annotations {
  const records = csvRecords(file, ['query_id', 'ref_id', ...TIMES])
  return annotatedPairs(
    records
      .filter((record) => record.text('ref_id') !== '')
      .map((record) => ({ ...idsOf(record), ...timesOf(record, file) })),
  )
}

/** Predictions of the matching track, or of the descriptor track if the file has no times. */
export function readVscPredictions(file: TextFile): { candidates: Candidate[]; rows: Prediction[] | null } {
  const records = csvRecords(file, ['query_id', 'ref_id', 'score'])
  const timed = records.length === 0 || records.every((record) => TIMES.every(record.has))
  const scored = (record: Record) => ({ ...idsOf(record), score: record.number('score') })
  if (timed) {
    const rows = records.map((record) => ({ ...scored(record), ...timesOf(record, file) }))
    return { candidates: candidatesOf(rows), rows }
  }
  const seen = new Set<string>()
  const candidates = records.map((record) => {
    const candidate = scored(record)
    if (seen.has(pairKey(candidate))) throw faultAt(file.path, record.line, 'the pair occurs twice.')
    seen.add(pairKey(candidate))
    return candidate
  })
  return { candidates, rows: null }
}

/** The highest score of each pair, at least 0 as in the reference code. */
export function candidatesOf(rows: readonly Candidate[]): Candidate[] {
  return [...byPair(rows).values()].flatMap((own) => {
    const [first] = own
    if (!first) return []
    return [{ query: first.query, ref: first.ref, score: Math.max(0, ...own.map(({ score }) => score)) }]
  })
}

export type VscScore = {
  /** Micro average precision over pairs (descriptor track). */
  readonly microAP: number
  /** Segment micro average precision (matching track). NaN for predictions without times. */
  readonly segmentAP: number
  readonly curve: readonly OperatingPoint[]
}

export function scoreVsc(
  annotations: Annotations,
  { candidates, rows }: { candidates: readonly Candidate[]; rows: readonly Prediction[] | null },
): VscScore {
  const copies = new Set(annotations.map(pairKey))
  const pairs = candidates.map((pair) => ({ score: pair.score, copy: copies.has(pairKey(pair)) }))
  const curve = operatingPoints(pairs, copies.size)
  const microAP = copies.size > 0 ? microAveragePrecision(curve) : Number.NaN
  return { microAP, segmentAP: rows === null ? Number.NaN : segmentAP(annotations, rows), curve }
}

function segmentAP(annotations: Annotations, rows: readonly Prediction[]): number {
  const predicted = byPair(rows)
  const annotated = new Set(annotations.map(pairKey))
  return segmentAveragePrecision([
    ...annotations.map((pair) => ({ expected: pair.segments, rows: predicted.get(pairKey(pair)) ?? [] })),
    ...[...predicted].filter(([key]) => !annotated.has(key)).map(([, own]) => ({ expected: [], rows: own })),
  ])
}

/** Predictions of the matching track as CSV. */
export function writeVsc(rows: readonly Prediction[]): string {
  const lines = rows.map((row) => {
    const { queryStart, queryEnd, refStart, refEnd } = passageOf(row)
    return [row.query, row.ref, queryStart, queryEnd, refStart, refEnd, row.score].join(',')
  })
  return `${[['query_id', 'ref_id', ...TIMES, 'score'].join(','), ...lines].join('\n')}\n`
}

function idsOf(record: Record): { query: string; ref: string } {
  return { query: vscId('Q', record.text('query_id')), ref: vscId('R', record.text('ref_id')) }
}

/** Ids may also be numbers: 1234 is Q001234 or R001234. */
function vscId(prefix: 'Q' | 'R', id: string): string {
  return /^\d+$/.test(id) ? prefix + id.padStart(6, '0') : id
}

function timesOf(record: Record, { path }: TextFile): Passage {
  const passage = {
    queryStart: record.number('query_start'),
    queryEnd: record.number('query_end'),
    refStart: record.number('ref_start'),
    refEnd: record.number('ref_end'),
  }
  return checkedPassage(passage, { path, line: record.line })
}
