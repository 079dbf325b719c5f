import { type CandidateHit, MATCH_THRESHOLDS, type TimedHash } from '@kinoprint/dna'
import type { Database } from '@kinoprint/store'
import { bitsIn } from '../accuracy/bits.ts'

/** A row and a query hash within this time belong together. The index has a frame at least every two seconds. */
const SAME_MOMENT_MS = 1500

const TABLES = { video: 'frame_index', audio: 'audio_index' } as const
type Kind = keyof typeof TABLES

export type Passage = {
  readonly videoId: string
  /** Start of the query in the video. */
  readonly fromMs: number
}

/**
 * Of the index rows of the query's own segment: how many resemble a query hash of the same time (`alike`), and how many
 * of these the index returned (`given`). Compares every row of the video on the primary and the shards, without the index.
 */
export async function passageRows(
  [primary, ...others]: readonly [Database, ...Database[]],
  { videoId, fromMs }: Passage,
  { hashes, hits }: { hashes: Record<Kind, readonly TimedHash[]>; hits: readonly CandidateHit[] },
): Promise<{ readonly alike: number; readonly given: number }> {
  const isOfMoment = (refMs: number, queryMs: number) => Math.abs(refMs - fromMs - queryMs) < SAME_MOMENT_MS
  let alike = 0
  let given = 0
  const { rows: ids } = await primary.pool.query<{ id: string }>(
    'select fingerprint_id as id from videos where video_id = $1',
    [videoId],
  )
  for (const kind of ['video', 'audio'] as const) {
    const reads = [primary, ...others].map(({ pool }) =>
      pool.query<{ ms: number; hash: string }>(
        `select time_ms as ms, hash::text as hash from ${TABLES[kind]} where fingerprint_id = $1`,
        [ids[0]?.id],
      ),
    )
    const rows = (await Promise.all(reads)).flatMap((answer) => answer.rows)
    const own = hits.filter((hit) => hit.kind === kind && hit.videoId === videoId)
    for (const { ms, hash } of rows) {
      const words = toWords(hash)
      const near = hashes[kind].some(
        (query) => isOfMoment(ms, query.timeMs) && distanceOf(words, query.hash) < MATCH_THRESHOLDS[kind],
      )
      if (!near) continue
      alike++
      if (own.some(({ refMs, queryMs }) => refMs === ms && isOfMoment(ms, queryMs))) given++
    }
  }
  return { alike, given }
}

function toWords(bits: string): number[] {
  return Array.from({ length: 8 }, (_, n) => Number.parseInt(bits.slice(32 * n, 32 * n + 32), 2))
}

function distanceOf(words: readonly number[], hash: Uint32Array): number {
  return words.reduce((sum, word, n) => sum + bitsIn(word ^ (hash[n] ?? 0)), 0)
}
