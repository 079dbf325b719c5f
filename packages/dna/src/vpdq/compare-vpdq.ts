import { hashDistance } from '../hash/hamming.ts'
import { hexOf, type VpdqFrame } from './vpdq-frames.ts'

/** Two frames match if at most this many of 256 bits differ. Source: vPDQ. */
export const VPDQ_DISTANCE = 31
/** Frames of lower PDQ quality are not compared. Source: vPDQ. */
const VPDQ_QUALITY = 50
/** Share of the query in percent from which vPDQ reports a match. */
export const VPDQ_QUERY_PERCENT = 80

export type VpdqMatch = {
  /** Shares of the distinct frames of either side that match a frame of the other, in percent. */
  readonly queryPercent: number
  readonly referencePercent: number
}

/** Compares two vPDQ hashes as Meta's `match_VPDQ_hash_brute` does. Without comparable frames, nothing matches. */
export function compareVpdq(query: readonly VpdqFrame[], reference: readonly VpdqFrame[]): VpdqMatch {
  const [a, b] = [comparableFrames(query), comparableFrames(reference)]
  return { queryPercent: percentIn(a, b), referencePercent: percentIn(b, a) }
}

/** The frames that vPDQ compares: each hash once, without those of low quality. */
export function comparableFrames(frames: readonly VpdqFrame[]): VpdqFrame[] {
  const known = new Map(
    frames.filter(({ quality }) => quality >= VPDQ_QUALITY).map((frame) => [hexOf(frame.hash), frame]),
  )
  return [...known.values()]
}

function percentIn(frames: readonly VpdqFrame[], others: readonly VpdqFrame[]): number {
  if (frames.length === 0) return 0
  const matching = frames.filter(({ hash }) =>
    others.some((other) => hashDistance(hash, 0, { b: other.hash, j: 0 }) <= VPDQ_DISTANCE),
  )
  return (100 * matching.length) / frames.length
}
