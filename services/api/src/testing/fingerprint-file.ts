import { encodeFingerprintFile } from '@kinoprint/store'
import { encodeFingerprint } from '../../../../packages/dna/src/index.ts'
import { fingerprintOf, footage } from '../../../../packages/dna/testing/synthetic-fingerprint.ts'

/** The fingerprint file of made-up footage of 8 s. Equal seeds give equal files. */
export function fingerprintFile({ seed = 1, name = 'film.mp4' } = {}): Uint8Array<ArrayBuffer> {
  const fingerprint = fingerprintOf(footage(seed, 8))
  const { durationSeconds, audio } = fingerprint
  const file = encodeFingerprintFile({
    name,
    durationSeconds,
    hasAudio: audio !== null,
    width: 640,
    height: 360,
    frameCount: 32,
    codec: 'h264',
    fps: 25,
    bytes: 1_000_000,
    data: encodeFingerprint(fingerprint),
  })
  return Uint8Array.from(file)
}
