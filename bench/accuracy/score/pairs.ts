import type { BenchQuery, ExpectedSegment, Manifest, Prediction } from '../manifest.ts'

/** A query and a reference with the expected and the predicted segments. */
export type Pair = {
  readonly query: string
  readonly ref: string
  readonly expected: readonly ExpectedSegment[]
  readonly rows: readonly Prediction[]
  /** The highest score of its rows; -Infinity if there are none. */
  readonly score: number
  readonly copy: boolean
}

/** Every pair that is a copy or was predicted, without pairs that the manifest ignores. */
export function pairsOf(manifest: Manifest, predictions: readonly Prediction[]): Pair[] {
  const refs = new Set(manifest.library.map(({ id }) => id))
  const rowsOf = byQueryAndRef(predictions)
  const known = new Set(manifest.queries.map(({ id }) => id))
  for (const { query, ref, ...row } of predictions) {
    if (!known.has(query) || !refs.has(ref)) throw new Error(`The bench has no pair ${query} / ${ref}.`)
    if (![row.queryStart, row.queryEnd, row.refStart, row.refEnd, row.score].every(Number.isFinite))
      throw new Error(`A row for ${query} / ${ref} contains a value that is not a number.`)
  }
  return manifest.queries.flatMap((query) => {
    const expected = expectedOf(query)
    const rows = rowsOf.get(query.id) ?? new Map<string, Prediction[]>()
    const ignored = new Set(query.ignore.map(({ ref }) => ref))
    return [...new Set([...expected.keys(), ...rows.keys()])]
      .filter((ref) => expected.has(ref) || !ignored.has(ref))
      .map((ref) => pairOf({ query: query.id, ref }, expected.get(ref) ?? [], rows.get(ref) ?? []))
  })
}

function pairOf(
  { query, ref }: { query: string; ref: string },
  expected: readonly ExpectedSegment[],
  rows: readonly Prediction[],
): Pair {
  const score = rows.reduce((most, row) => Math.max(most, row.score), Number.NEGATIVE_INFINITY)
  return { query, ref, expected, rows, score, copy: expected.length > 0 }
}

/** Expected segments by reference. If audio is shifted against the video, the times of the video count. */
function expectedOf({ segments }: BenchQuery): Map<string, ExpectedSegment[]> {
  const expected = new Map<string, ExpectedSegment[]>()
  for (const segment of segments) {
    const pictured = segments.some(({ ref, tracks }) => ref === segment.ref && tracks !== 'a')
    if (segment.tracks === 'a' && pictured) continue
    expected.set(segment.ref, [...(expected.get(segment.ref) ?? []), segment])
  }
  return expected
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
