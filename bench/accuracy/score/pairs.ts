import type { BenchQuery, Manifest, Prediction, TrueSegment } from '../manifest.ts'

/** A query and a reference: what is true of them and what was predicted. */
export type Pair = {
  readonly query: string
  readonly ref: string
  readonly truth: readonly TrueSegment[]
  readonly rows: readonly Prediction[]
  /** The highest of its rows; -Infinity where nothing was predicted. */
  readonly score: number
  readonly copy: boolean
}

/** Every pair that is a copy or was predicted, those that the manifest says to ignore left out. */
export function pairsOf(manifest: Manifest, predictions: readonly Prediction[]): Pair[] {
  const refs = new Set(manifest.library.map(({ id }) => id))
  const rowsOf = byQueryAndRef(predictions)
  const known = new Set(manifest.queries.map(({ id }) => id))
  for (const { query, ref, ...row } of predictions) {
    if (!known.has(query) || !refs.has(ref)) throw new Error(`The bench has no pair ${query} / ${ref}.`)
    if (![row.queryStart, row.queryEnd, row.refStart, row.refEnd, row.score].every(Number.isFinite))
      throw new Error(`A row of ${query} / ${ref} has a figure that is no number.`)
  }
  return manifest.queries.flatMap((query) => {
    const truth = truthOf(query)
    const rows = rowsOf.get(query.id) ?? new Map<string, Prediction[]>()
    const ignored = new Set(query.ignore.map(({ ref }) => ref))
    return [...new Set([...truth.keys(), ...rows.keys()])]
      .filter((ref) => truth.has(ref) || !ignored.has(ref))
      .map((ref) => pairOf({ query: query.id, ref }, truth.get(ref) ?? [], rows.get(ref) ?? []))
  })
}

function pairOf(
  { query, ref }: { query: string; ref: string },
  truth: readonly TrueSegment[],
  rows: readonly Prediction[],
): Pair {
  const score = rows.reduce((most, row) => Math.max(most, row.score), Number.NEGATIVE_INFINITY)
  return { query, ref, truth, rows, score, copy: truth.length > 0 }
}

/** True passages by reference. Of a copy whose sound was moved against its picture the picture's times count. */
function truthOf({ segments }: BenchQuery): Map<string, TrueSegment[]> {
  const truth = new Map<string, TrueSegment[]>()
  for (const segment of segments) {
    const pictured = segments.some(({ ref, tracks }) => ref === segment.ref && tracks !== 'a')
    if (segment.tracks === 'a' && pictured) continue
    truth.set(segment.ref, [...(truth.get(segment.ref) ?? []), segment])
  }
  return truth
}

function byQueryAndRef(predictions: readonly Prediction[]): Map<string, Map<string, Prediction[]>> {
  const queries = new Map<string, Map<string, Prediction[]>>()
  for (const row of predictions) {
    const refs = queries.get(row.query) ?? new Map<string, Prediction[]>()
    queries.set(row.query, refs)
    refs.set(row.ref, [...(refs.get(row.ref) ?? []), row])
  }
  return queries
}
