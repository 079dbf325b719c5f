import type { Manifest, Prediction } from '../manifest.ts'
import { type Gain, maxSumInterval } from './max-sum-interval.ts'

/** Another tool's fingerprints, aligned by this benchmark. */
export type Peer<Track> = {
  readonly name: string
  /** Seconds from one item of a track to the next. */
  readonly itemSeconds: number
  /** `track` is null if the file has no such track. */
  readonly hash: (path: string) => Promise<{ track: Track | null; cpuSeconds: number }>
  readonly lengthOf: (track: Track) => number
  readonly gainOf: (query: Track, ref: Track) => Gain
}

export type PeerResult = {
  readonly name: string
  readonly predictions: readonly Prediction[]
  readonly cpu: { readonly store: number; readonly search: number }
}

/** Minimum interval length in seconds. Shorter ones are not evidence. */
const SHORTEST_SECONDS = 1.5
/**
 * Added to the length when the mean gain is computed, so that of two equal means the longer interval scores higher.
 * Ranking by sum puts long look-alikes first and is worse for both peers.
 */
const STEADY_SECONDS = 2

/** Compares each query with each video of the library at all offsets. The best interval of a pair is its prediction. */
export async function measurePeer<Track>(
  peer: Peer<Track>,
  { library, queries }: Manifest,
): Promise<PeerResult> {
  const { name, itemSeconds, lengthOf, gainOf } = peer
  const refs = await hashAll(peer, library)
  const hashedQueries = await hashAll(peer, queries)
  const startUsage = process.cpuUsage()
  const predictions: Prediction[] = []
  for (const [query, one] of hashedQueries.tracks)
    for (const [ref, other] of refs.tracks) {
      const items = { queryItems: lengthOf(one), refItems: lengthOf(other) }
      const interval = maxSumInterval(gainOf(one, other), items)
      if (interval === null || interval.length * itemSeconds < SHORTEST_SECONDS) continue
      const [queryStart, refStart] = [interval.queryFrom * itemSeconds, interval.refFrom * itemSeconds]
      const seconds = interval.length * itemSeconds
      predictions.push({
        query,
        ref,
        queryStart,
        queryEnd: queryStart + seconds,
        refStart,
        refEnd: refStart + seconds,
        score: interval.evidence / (interval.length + STEADY_SECONDS / itemSeconds),
      })
    }
  const used = process.cpuUsage(startUsage)
  const compared = (used.user + used.system) / 1e6
  return { name, predictions, cpu: { store: refs.cpuSeconds, search: hashedQueries.cpuSeconds + compared } }
}

async function hashAll<Track>(
  { hash }: Peer<Track>,
  videos: readonly { id: string; path: string }[],
): Promise<{ tracks: Map<string, Track>; cpuSeconds: number }> {
  const tracks = new Map<string, Track>()
  let cpuSeconds = 0
  for (const { id, path } of videos) {
    const hashed = await hash(path)
    cpuSeconds += hashed.cpuSeconds
    if (hashed.track !== null) tracks.set(id, hashed.track)
  }
  return { tracks, cpuSeconds }
}
