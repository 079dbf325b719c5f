import type { Segment } from '@kinoprint/dna'
import type { Found } from '@kinoprint/engine'

/** One matching passage in the file that `scan` writes, between two files named relative to their folders. */
export type ScanRow = Segment & {
  readonly query: string
  readonly ref: string
  /** Whether a job would report the pair. */
  readonly accepted: boolean
}

/**
 * What a search found, as rows. Without `minScore` only what a job reports; with it every pair of at least that
 * score. The best passage of a pair carries the pair's own score and the others their share of it, so that the
 * highest score of a pair's rows is the confidence in the pair.
 */
export const scanRows = (
  query: string,
  found: readonly Found[],
  { minScore }: { minScore: number | undefined },
): ScanRow[] =>
  found
    .filter((pair) => (minScore === undefined ? pair.accepted : pair.score >= minScore))
    .flatMap((pair) => {
      const best = Math.max(...pair.segments.map((segment) => segment.score))
      return pair.segments.map(
        ({ queryStart, queryEnd, refStart, refEnd, score, kind, speed, mirrored, reversed, turn }) => ({
          query,
          ref: pair.object,
          queryStart,
          queryEnd,
          refStart,
          refEnd,
          score: best > 0 ? Math.round((pair.score * score * 1e4) / best) / 1e4 : pair.score,
          kind,
          speed,
          mirrored,
          reversed,
          turn,
          accepted: pair.accepted,
        }),
      )
    })

/** The order of the file: by query, then by ref, then by time. */
export const sortRows = (rows: readonly ScanRow[]): ScanRow[] =>
  [...rows].sort(
    (a, b) =>
      compareText(a.query, b.query) ||
      compareText(a.ref, b.ref) ||
      a.queryStart - b.queryStart ||
      a.refStart - b.refStart,
  )

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
