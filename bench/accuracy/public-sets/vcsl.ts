import type { Passage, Prediction } from '../manifest.ts'
import { mean } from '../score/score-segments.ts'
import { f1, segmentAgreement } from '../score/vcsl.ts'
import { type Annotations, byPair, checkedPassage, pairKey, reported } from './annotations.ts'
import { csvRecords } from './csv.ts'
import { faultAt, lineOf, parseJson, type TextFile } from './text-file.ts'

/**
 * Formats and measures of VCSL (He et al., CVPR 2022). Source: ant-research/VCSL (formerly alipay/VCSL), README.md,
 * run_video_eval.py and vcsl/metric.py: precision_recall, evaluate_micro and evaluate_macro. Times are seconds, one
 * frame per second in the set itself.
 */
type Boxes = { readonly query: string; readonly ref: string; readonly segments: readonly Passage[] }

/** `{"QUERY-REF": [[queryStart, refStart, queryEnd, refEnd], …]}`, of labels and predictions alike. */
export function readVcslBoxes(file: TextFile): Boxes[] {
  const content = parseJson(file)
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw faultAt(file.path, 1, 'not an object of pairs.')
  return Object.entries(content).map(([name, boxes]) => {
    const line = lineOf(file.text, file.text.indexOf(JSON.stringify(name)))
    if (!Array.isArray(boxes)) throw faultAt(file.path, line, `"${name}" has no list of segments.`)
    const segments = boxes.map((box) => checkedPassage(boxOf(box, file, line), { path: file.path, line }))
    return { ...splitPair(name, file.path, line), segments }
  })
}

function boxOf(box: unknown, { path }: TextFile, line: number): Passage {
  const numbers = Array.isArray(box) ? box.filter((value) => Number.isFinite(value)) : []
  const [queryStart, refStart, queryEnd, refEnd] = numbers as number[]
  if (
    !Array.isArray(box) ||
    box.length !== 4 ||
    queryStart === undefined ||
    refStart === undefined ||
    queryEnd === undefined ||
    refEnd === undefined
  )
    throw faultAt(
      path,
      line,
      `a segment is ${JSON.stringify(box)}, not [queryStart, refStart, queryEnd, refEnd].`,
    )
  return { queryStart, queryEnd, refStart, refEnd }
}

/** `QUERY-REF`. If the ids contain hyphens, equally many, the middle one separates them. */
function splitPair(name: string, path: string, line: number): { query: string; ref: string } {
  const parts = name.split('-')
  if (parts.length % 2 !== 0) throw faultAt(path, line, `"${name}" is not QUERY-REF.`)
  const half = parts.length / 2
  return { query: parts.slice(0, half).join('-'), ref: parts.slice(half).join('-') }
}

/** The pairs to evaluate, as in `pair_file_test.csv`: columns query_id and reference_id. */
export function readVcslPairs(file: TextFile): { query: string; ref: string }[] {
  return csvRecords(file, ['query_id', 'reference_id']).map((record) => ({
    query: record.text('query_id'),
    ref: record.text('reference_id'),
  }))
}

export type VcslScore = {
  /** Pairs evaluated: with and without a copy. */
  readonly copies: number
  readonly others: number
  /** Over all pairs: precision of the predicted ones, recall of the copies (evaluate_micro). */
  readonly overall: Agreement
  /** Shares of copies without a prediction, and of other pairs with one. */
  readonly falseRejections: number
  readonly falseAlarms: number
  /** Means over the copies of each query, then over the queries (evaluate_macro). A missed copy has precision 1. */
  readonly macro: Agreement
}
type Agreement = { readonly precision: number; readonly recall: number; readonly f1: number }
type Judged = {
  readonly query: string
  readonly copy: boolean
  readonly predicted: boolean
  readonly precision: number
  readonly recall: number
}

/**
 * Scores the listed pairs; without a list the annotated and the predicted ones. The set's own macro figures group pairs
 * by topic (split_meta_pairs.json); here the query is the group.
 */
export function scoreVcsl(
  annotations: Annotations,
  predictions: readonly Boxes[],
  list?: readonly { query: string; ref: string }[],
): VcslScore {
  const expected = new Map(annotations.map((pair) => [pairKey(pair), pair.segments]))
  const predicted = new Map(predictions.map((pair) => [pairKey(pair), pair.segments]))
  const pairs = new Map([...(list ?? [...annotations, ...predictions])].map((pair) => [pairKey(pair), pair]))
  const judged = [...pairs].map(([key, { query }]): Judged => {
    const [segments, boxes] = [expected.get(key) ?? [], predicted.get(key) ?? []]
    const { precision, recall } = segmentAgreement(boxes, segments)
    return { query, copy: segments.length > 0, predicted: boxes.length > 0, precision, recall }
  })
  const copies = judged.filter(({ copy }) => copy)
  const others = judged.filter(({ copy }) => !copy)
  return {
    copies: copies.length,
    others: others.length,
    overall: agreement(
      mean(judged.filter((one) => one.predicted).map(({ precision }) => precision)),
      mean(copies.map(({ recall }) => recall)),
    ),
    falseRejections: mean(copies.map((one) => (one.predicted ? 0 : 1))),
    falseAlarms: mean(others.map((one) => (one.predicted ? 1 : 0))),
    macro: macroOf(copies),
  }
}

function macroOf(copies: readonly Judged[]): Agreement {
  const queries = [...new Set(copies.map(({ query }) => query))].map((query) =>
    copies.filter((one) => one.query === query),
  )
  return agreement(
    mean(queries.map((own) => mean(own.map(({ precision }) => precision)))),
    mean(queries.map((own) => mean(own.map(({ recall }) => recall)))),
  )
}

function agreement(precision: number, recall: number): Agreement {
  return { precision, recall, f1: f1(precision, recall) }
}

/** The segments of reported rows. The format has no scores. */
export function boxesOf(rows: readonly Prediction[]): Boxes[] {
  return [...byPair(reported(rows)).values()].flatMap((segments) => {
    const [first] = segments
    return first ? [{ query: first.query, ref: first.ref, segments }] : []
  })
}

/** Predictions as JSON, one pair a line. */
export function writeVcsl(rows: readonly Prediction[]): string {
  const lines = boxesOf(rows).map(({ query, ref, segments }) => {
    const boxes = segments.map(({ queryStart, refStart, queryEnd, refEnd }) => [
      queryStart,
      refStart,
      queryEnd,
      refEnd,
    ])
    return `${JSON.stringify(`${query}-${ref}`)}: ${JSON.stringify(boxes)}`
  })
  return `{\n${lines.join(',\n')}\n}\n`
}
