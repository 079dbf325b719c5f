import { type CandidateHit, MATCH_THRESHOLDS, type TimedHash } from '@kinoprint/dna'
import type { Database } from '@kinoprint/store'
import { bitsIn } from '../accuracy/bits.ts'

/** A row and a probe are of the same moment up to this; the index holds a frame in two seconds at the least. */
const SAME_MOMENT_MS = 1500

const TABLES = { video: 'frame_index', audio: 'audio_index' } as const
type Kind = keyof typeof TABLES

export type Passage = {
  readonly videoId: string
  /** Where in the video the query begins. */
  readonly fromMs: number
}

/**
 * How many of the rows that a library holds of the query's own passage are alike to a probe of the same moment, and
 * how many of these the index gave. Every row of the video is compared, which is what a comparison with all rows would
 * find of it.
 */
export async function passageRows(
  { pool }: Database,
  { videoId, fromMs }: Passage,
  { probes, hits }: { probes: Record<Kind, readonly TimedHash[]>; hits: readonly CandidateHit[] },
): Promise<{ readonly alike: number; readonly given: number }> {
  const isOfMoment = (refMs: number, queryMs: number) => Math.abs(refMs - fromMs - queryMs) < SAME_MOMENT_MS
  let alike = 0
  let given = 0
  for (const kind of ['video', 'audio'] as const) {
    const { rows } = await pool.query<{ ms: number; hash: string }>(
      `select i.time_ms as ms, i.hash::text as hash from ${TABLES[kind]} i
       join videos v on v.fingerprint_id = i.fingerprint_id where v.video_id = $1`,
      [videoId],
    )
    const own = hits.filter((hit) => hit.kind === kind && hit.videoId === videoId)
    for (const { ms, hash } of rows) {
      const words = wordsOf(hash)
      const near = probes[kind].some(
        (probe) => isOfMoment(ms, probe.timeMs) && distanceOf(words, probe.hash) < MATCH_THRESHOLDS[kind],
      )
      if (!near) continue
      alike++
      if (own.some(({ refMs, queryMs }) => refMs === ms && isOfMoment(ms, queryMs))) given++
    }
  }
  return { alike, given }
}

const wordsOf = (bits: string): number[] =>
  Array.from({ length: 8 }, (_, n) => Number.parseInt(bits.slice(32 * n, 32 * n + 32), 2))

const distanceOf = (words: readonly number[], hash: Uint32Array): number =>
  words.reduce((sum, word, n) => sum + bitsIn(word ^ (hash[n] ?? 0)), 0)
