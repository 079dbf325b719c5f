import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { HASH_WORDS, MATCH_THRESHOLD_BITS } from '../hash/hamming.ts'
import { scanner } from '../hash/scanner.ts'
import { indexFramesOf } from '../index/index-frames.ts'
import { furtherFramesOf, queryHashesOf } from '../index/query-hashes.ts'
import { rankCandidates, type SeedAlignment } from '../index/rank-candidates.ts'
import type { CandidateHit } from '../index/timed-hash.ts'

/**
 * Returns the moments at which two videos most likely align, as a search finds them with the candidate index: at most
 * two, found by the pictures of the query and all of its views.
 */
export function likelySeeds(query: Fingerprint, ref: Fingerprint): readonly SeedAlignment[] {
  const entries = indexFramesOf(ref)
  const stored = new Uint32Array(entries.length * HASH_WORDS)
  for (const [i, { hash }] of entries.entries()) stored.set(hash, i * HASH_WORDS)
  scanner.loadHashes(stored)
  const hits: CandidateHit[] = []
  for (const { hash, timeMs } of [...queryHashesOf(query).video, ...furtherFramesOf(query)]) {
    const finds = scanner.near(hash, MATCH_THRESHOLD_BITS)
    for (let at = 0; at < finds.length; at += 2) {
      const refMs = entries[finds[at] as number]?.timeMs ?? 0
      hits.push({ videoId: '', kind: 'video', queryMs: timeMs, refMs, distance: finds[at + 1] as number })
    }
  }
  return rankCandidates({ hits, limit: 1 })[0]?.seeds ?? []
}
