import {
  comparableFrames,
  compareVpdq,
  decodeFingerprint,
  FingerprintFormatError,
  sampledFramesOf,
  type TimedHash,
  VPDQ_DISTANCE,
  VPDQ_QUERY_PERCENT,
  type VpdqFrame,
  type VpdqMatch,
} from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { findCandidates } from '../search-index/find-candidates.ts'
import { loadFingerprints } from '../videos/fingerprints.ts'

/** Index rows per hash. */
const PER_HASH = 40
/** Hashes of a video that are looked up, spread over its length. */
const MAX_HASHES = 60
/** Frames of the query that are compared, spread over its length. */
const MAX_FRAMES = 600
/** An index frame is up to 2 s from the frame of a copy, so it differs more than the frame itself. */
const NEAR_BITS = 92
/** Stored videos that are compared frame by frame. */
const MAX_COMPARED = 20

/** A stored video with a frame that is close to a PDQ hash. */
export type PdqFound = { readonly videoId: string; readonly distance: number }

/** Finds the videos of a library with an index frame within 31 bits of a PDQ hash, nearest first. */
export async function lookUpPdq(
  db: Database,
  { dnaDbId, hash }: { readonly dnaDbId: string; readonly hash: Uint32Array },
): Promise<PdqFound[]> {
  const hits = await findCandidates(db, {
    dnaDbId,
    video: [{ timeMs: 0, hash }],
    audio: [],
    perHash: PER_HASH,
  })
  const nearest = new Map<string, number>()
  for (const { videoId, distance } of hits)
    if (distance <= VPDQ_DISTANCE) nearest.set(videoId, Math.min(distance, nearest.get(videoId) ?? distance))
  return [...nearest]
    .map(([videoId, distance]) => ({ videoId, distance }))
    .sort((a, b) => a.distance - b.distance)
}

export type VpdqFound = VpdqMatch & { readonly videoId: string }

/**
 * Finds the videos of a library that share at least 80 % of the frames of a vPDQ hash, as vPDQ counts them, best first.
 * The index proposes the videos; their sampled frames decide.
 */
export async function lookUpVpdq(
  db: Database,
  { dnaDbId, frames }: { readonly dnaDbId: string; readonly frames: readonly VpdqFrame[] },
): Promise<VpdqFound[]> {
  const compared = spread(comparableFrames(frames), MAX_FRAMES)
  const candidates = await findVpdqCandidates(db, dnaDbId, spread(compared, MAX_HASHES))
  const found: VpdqFound[] = []
  for (const videoId of candidates) {
    const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
    if (stored === undefined) continue
    const match = compareWithStored(compared, stored.data)
    if (match.queryPercent >= VPDQ_QUERY_PERCENT) found.push({ videoId, ...match })
  }
  return found.sort((a, b) => b.queryPercent - a.queryPercent)
}

async function findVpdqCandidates(
  db: Database,
  dnaDbId: string,
  frames: readonly VpdqFrame[],
): Promise<string[]> {
  const video: TimedHash[] = frames.map(({ hash, seconds }) => ({ timeMs: Math.round(1000 * seconds), hash }))
  const hits = await findCandidates(db, { dnaDbId, video, audio: [], perHash: PER_HASH })
  const seen = new Map<string, Set<number>>()
  for (const { videoId, queryMs, distance } of hits) {
    if (distance > NEAR_BITS) continue
    const times = seen.get(videoId) ?? new Set()
    seen.set(videoId, times.add(queryMs))
  }
  return [...seen]
    .sort(([, a], [, b]) => b.size - a.size)
    .slice(0, MAX_COMPARED)
    .map(([videoId]) => videoId)
}

function spread(frames: readonly VpdqFrame[], limit: number): VpdqFrame[] {
  const step = Math.max(1, frames.length / limit)
  return frames.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
}

/** A damaged fingerprint matches nothing. */
function compareWithStored(frames: readonly VpdqFrame[], data: Uint8Array): VpdqMatch {
  try {
    return compareVpdq(frames, sampledFramesOf(decodeFingerprint(data)))
  } catch (error) {
    if (error instanceof FingerprintFormatError) return { queryPercent: 0, referencePercent: 0 }
    throw error
  }
}
