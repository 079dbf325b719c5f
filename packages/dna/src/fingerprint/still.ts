import type { Fingerprint } from './fingerprint.ts'

/**
 * PDQ quality, 0 to 100, from which a picture can be distinguished from other films.
 */
const MIN_QUALITY = 20

/** Whether a fingerprint is that of one picture: without length, sound or movement. */
export function isStill({ durationSeconds, video, audio }: Fingerprint): boolean {
  return durationSeconds === 0 && audio === null && video.startMs.length === 1
}

/** Whether a picture shows enough to be distinguished from other films. */
export function hasDetail({ video }: Fingerprint): boolean {
  return (video.quality[0] ?? 0) >= MIN_QUALITY
}
