import type { Segment } from '@kinoprint/dna'
import type { LibraryMatch } from '@kinoprint/engine'

/** One matching segment in the output of `scan`. File names are relative to their folders. */
export type ScanRow = Segment & {
  readonly query: string
  readonly ref: string
  /** Whether a job reports the pair. */
  readonly accepted: boolean
  /** Share of each video that the pair's segments cover, 0 to 1. */
  readonly queryCoverage: number
  readonly refCoverage: number
  /** Length of each video in seconds. */
  readonly queryDuration: number
  readonly refDuration: number
}

/** The columns of CSV. */
export const scanColumns = [
  ...['query', 'ref', 'queryStart', 'queryEnd', 'refStart', 'refEnd', 'score', 'kind', 'speed', 'mirrored'],
  ...['turn', 'reversed', 'part', 'weak', 'accepted', 'pictureScore', 'soundScore'],
  ...['queryCoverage', 'refCoverage', 'queryDuration', 'refDuration'],
] as const satisfies readonly (keyof ScanRow)[]

type ScanQuery = { readonly name: string; readonly durationSeconds: number }

/**
 * The results of a search as rows. Without `minScore`, only pairs that a job would report; with it, every pair of at
 * least that score. The best segment of a pair has the pair's score and the others a share of it, so the highest
 * score among a pair's rows is the confidence in the pair.
 */
export function scanRows(
  query: ScanQuery,
  found: readonly Omit<LibraryMatch, 'pictures'>[],
  { minScore }: { minScore: number | undefined },
): ScanRow[] {
  return found
    .filter((pair) => (minScore === undefined ? pair.accepted : pair.score >= minScore))
    .flatMap((pair) => {
      const best = Math.max(...pair.segments.map((segment) => segment.score))
      return pair.segments.map((segment) => ({
        query: query.name,
        ref: pair.object,
        ...segment,
        score: best > 0 ? rounded((pair.score * segment.score) / best) : pair.score,
        accepted: pair.accepted,
        queryCoverage: rounded(pair.queryCoverage),
        refCoverage: rounded(pair.refCoverage),
        queryDuration: rounded(query.durationSeconds),
        refDuration: rounded(pair.durationSeconds),
      }))
    })
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

/** Sorts rows in output order: by query, then by reference, then by time. */
export function sortRows(rows: readonly ScanRow[]): ScanRow[] {
  return [...rows].sort(
    (a, b) =>
      compareText(a.query, b.query) ||
      compareText(a.ref, b.ref) ||
      a.queryStart - b.queryStart ||
      a.refStart - b.refStart,
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
