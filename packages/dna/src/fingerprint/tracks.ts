import type { Fingerprint } from './fingerprint.ts'

/** The tracks of two videos that are compared. */
export type Tracks = 'both' | 'pictures' | 'sound'

/**
 * A fingerprint without the track that is not compared. A query without a track matches no reference by it. Shares arrays
 * with the original.
 *
 * @example const match = compareFingerprints(withTracks(a, 'sound'), withTracks(b, 'sound'))
 */
export function withTracks(fingerprint: Fingerprint, tracks: Tracks): Fingerprint {
  if (tracks === 'both') return fingerprint
  if (tracks === 'pictures') return { ...fingerprint, audio: null }
  const { durationSeconds, video, audio } = fingerprint
  const none = { startMs: new Uint32Array(), lastMs: new Uint32Array(), hashes: new Uint32Array() }
  const { intervalMs, picture } = video
  return { durationSeconds, video: { intervalMs, picture, ...none, quality: new Uint8Array() }, audio }
}
