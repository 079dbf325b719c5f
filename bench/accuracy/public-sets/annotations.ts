import type { Passage, Prediction } from '../manifest.ts'
import { faultAt } from './text-file.ts'

/** The copied segments of a public set, by pair of videos. */
export type Annotations = readonly AnnotatedPair[]

export type AnnotatedPair = {
  readonly query: string
  readonly ref: string
  readonly segments: readonly Passage[]
}

/** A predicted pair without segments, as in the descriptor track of VSC2022. */
export type Candidate = { readonly query: string; readonly ref: string; readonly score: number }

/** Separates the ids of a pair in a key. No id contains it. */
const BETWEEN = '\u0000'

export function pairKey({ query, ref }: { query: string; ref: string }): string {
  return `${query}${BETWEEN}${ref}`
}

/** Groups by pair, in the order of the first row of each. */
export function byPair<T extends { query: string; ref: string }>(rows: readonly T[]): Map<string, T[]> {
  const pairs = new Map<string, T[]>()
  for (const row of rows) {
    const own = pairs.get(pairKey(row))
    if (own) own.push(row)
    else pairs.set(pairKey(row), [row])
  }
  return pairs
}

/** The annotated pairs, from one row per segment. */
export function annotatedPairs(rows: readonly (Passage & { query: string; ref: string })[]): AnnotatedPair[] {
  return [...byPair(rows).values()].flatMap((segments) => {
    const [first] = segments
    return first ? [{ query: first.query, ref: first.ref, segments: segments.map(passageOf) }] : []
  })
}

/** A file name without its folder and extension, by which videos, annotations and predictions are joined. */
export function idOf(name: string): string {
  return name.replace(/^.*\//, '').replace(/\.[a-z0-9]{2,4}$/i, '')
}

export function passageOf({ queryStart, queryEnd, refStart, refEnd }: Passage): Passage {
  return { queryStart, queryEnd, refStart, refEnd }
}

/** Throws if a segment ends before it starts. */
export function checkedPassage(passage: Passage, { path, line }: { path: string; line: number }): Passage {
  const { queryStart, queryEnd, refStart, refEnd } = passage
  if (queryEnd < queryStart || refEnd < refStart)
    throw faultAt(path, line, 'the segment ends before it starts.')
  return passage
}

/** The rows that a job would report, or all if the tool does not decide that. */
export function reported(rows: readonly Prediction[]): Prediction[] {
  const decided = rows.some(({ accepted }) => accepted !== undefined)
  return decided ? rows.filter(({ accepted }) => accepted === true) : [...rows]
}
