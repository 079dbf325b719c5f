import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Prediction } from '../manifest.ts'
import type { OperatingPoint } from '../score/micro-ap.ts'
import { type Annotations, idOf } from './annotations.ts'
import { parseJson, readTextFile, type TextFile } from './text-file.ts'
import { readVcdbAnnotations, readVcdbPredictions, scoreVcdb, writeVcdb } from './vcdb.ts'
import { boxesOf, readVcslBoxes, readVcslPairs, scoreVcsl, writeVcsl } from './vcsl.ts'
import { candidatesOf, readVscAnnotations, readVscPredictions, scoreVsc, writeVsc } from './vsc.ts'

/** What a set measures, by name, and its precision-recall curve if its predictions have scores. */
export type Measured = {
  readonly figures: Readonly<Record<string, number>>
  readonly curve: readonly OperatingPoint[]
}

/** Predictions in the set's format as a file, or Kinoprint's rows. */
type Source = TextFile | readonly Prediction[]
export type PublicFormat = {
  readonly readAnnotations: (path: string) => Annotations
  /** `pairs` is a file that lists the pairs to evaluate. Only VCSL has one. */
  readonly measure: (annotations: Annotations, source: Source, pairs: TextFile | undefined) => Measured
  readonly write: (rows: readonly Prediction[]) => string
}

function isFile(source: Source): source is TextFile {
  return 'text' in source
}

const vsc: PublicFormat = {
  readAnnotations: (path) => readVscAnnotations(readTextFile(path)),
  measure(annotations, source) {
    const predictions = isFile(source)
      ? readVscPredictions(source)
      : { candidates: candidatesOf(source), rows: [...source] }
    const { microAP, segmentAP, curve } = scoreVsc(annotations, predictions)
    return { figures: { 'micro-AP over pairs': microAP, 'segment micro-AP': segmentAP }, curve }
  },
  write: writeVsc,
}

const vcsl: PublicFormat = {
  readAnnotations: (path) => readVcslBoxes(readTextFile(path)),
  measure(annotations, source, pairs) {
    const boxes = isFile(source) ? readVcslBoxes(source) : boxesOf(source)
    const list = pairs && readVcslPairs(pairs)
    const { overall, macro, falseRejections, falseAlarms } = scoreVcsl(annotations, boxes, list)
    const figures = {
      'overall segment precision': overall.precision,
      'overall segment recall': overall.recall,
      'overall segment F1': overall.f1,
      'false rejection rate': falseRejections,
      'false alarm rate': falseAlarms,
      'macro segment precision': macro.precision,
      'macro segment recall': macro.recall,
      'macro segment F1': macro.f1,
    }
    return { figures, curve: [] }
  },
  write: writeVcsl,
}

const vcdb: PublicFormat = {
  readAnnotations: (path) => readVcdbAnnotations(textFilesOf(path)),
  measure(annotations, source) {
    const rows = isFile(source) ? readVcdbPredictions(source) : source
    const { segments, frames, best, curve } = scoreVcdb(annotations, rows)
    const figures = {
      'segment precision': segments.precision,
      'segment recall': segments.recall,
      'segment F1': segments.f1,
      'frame precision': frames.precision,
      'frame recall': frames.recall,
      'frame F1': frames.f1,
      'best segment F1': best.segments.f1,
      'its threshold': best.score,
      'frame F1 there': best.frames.f1,
    }
    return { figures, curve }
  },
  write: writeVcdb,
}

/** A file, or the .txt files of a folder. */
function textFilesOf(path: string): TextFile[] {
  if (!statSync(path).isDirectory()) return [readTextFile(path)]
  const names = readdirSync(path).filter((name) => name.endsWith('.txt'))
  if (names.length === 0) throw new Error(`${path} contains no .txt files.`)
  return names.sort().map((name) => readTextFile(join(path, name)))
}

const formats: ReadonlyMap<string, PublicFormat> = new Map(Object.entries({ vsc, vcsl, vcdb }))

export function formatOf(name: string | undefined): PublicFormat {
  const format = formats.get(name ?? '')
  if (!format)
    throw new Error(`--format must be ${[...formats.keys()].join(', ')}; it is ${name ?? 'missing'}.`)
  return format
}

/** A prediction file: in the set's format, or the JSON rows of `kinoprint scan --out`. */
export function readSource(path: string): Source {
  const file = readTextFile(path)
  if (!file.text.trimStart().startsWith('[')) return file
  const rows = parseJson(file) as Prediction[]
  return rows.map((row) => ({ ...row, query: idOf(row.query), ref: idOf(row.ref) }))
}
