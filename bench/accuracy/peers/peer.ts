import type { Manifest, Prediction } from '../manifest.ts'
import { bestRun, type Gain } from './best-run.ts'

/** Another tool's fingerprints, compared by an alignment of ours. */
export type Peer<Track> = {
  readonly name: string
  /** Seconds from one item of a track to the next. */
  readonly itemSeconds: number
  /** Null where the file has nothing that the tool looks at. */
  readonly hash: (path: string) => Promise<{ track: Track | null; cpuSeconds: number }>
  readonly lengthOf: (track: Track) => number
  readonly gainOf: (query: Track, ref: Track) => Gain
}

export type PeerResult = {
  readonly name: string
  readonly predictions: readonly Prediction[]
  readonly cpu: { readonly store: number; readonly search: number }
}

/** A run of less than this says nothing. */
const SHORTEST_SECONDS = 1.5
/**
 * A run's score is its mean gain, as if it had been so much longer without any: of equal means the longer one counts
 * more. (Ranking by the sum puts long look-alikes first and does worse for both peers.)
 */
const STEADY_SECONDS = 2

/** Compares every query with every video of the library, all offsets; the best run of each pair is its prediction. */
export async function askPeer<Track>(peer: Peer<Track>, { library, queries }: Manifest): Promise<PeerResult> {
  const { name, itemSeconds, lengthOf, gainOf } = peer
  const refs = await hashAll(peer, library)
  const asked = await hashAll(peer, queries)
  const begun = process.cpuUsage()
  const predictions: Prediction[] = []
  for (const [query, one] of asked.tracks)
    for (const [ref, other] of refs.tracks) {
      const items = { queryItems: lengthOf(one), refItems: lengthOf(other) }
      const run = bestRun(gainOf(one, other), items)
      if (run === null || run.length * itemSeconds < SHORTEST_SECONDS) continue
      const [queryStart, refStart] = [run.queryFrom * itemSeconds, run.refFrom * itemSeconds]
      const seconds = run.length * itemSeconds
      predictions.push({
        query,
        ref,
        queryStart,
        queryEnd: queryStart + seconds,
        refStart,
        refEnd: refStart + seconds,
        score: run.evidence / (run.length + STEADY_SECONDS / itemSeconds),
      })
    }
  const used = process.cpuUsage(begun)
  const compared = (used.user + used.system) / 1e6
  return { name, predictions, cpu: { store: refs.cpuSeconds, search: asked.cpuSeconds + compared } }
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
