import type { Fingerprint } from '../src/fingerprint/fingerprint.ts'
import { FingerprintBuilder } from '../src/fingerprint/fingerprint-builder.ts'
import { SIDE, sceneFrame } from './synthetic-video.ts'

const STEP_MS = 250

/** Changes a frame, whose pixels are gray and SIDE to a row. */
export type Edit = (pixels: Uint8Array, index: number) => Uint8Array

/** The fingerprint of a video from a scene's frame on: stored as it is, or edited and with what only a query has. */
export function editedFingerprint(first: number, edit: Edit | null, seconds: number): Fingerprint {
  const builder = new FingerprintBuilder(
    edit ? { query: { viewIntervalMs: STEP_MS, aspect: 1 } } : { aspect: 1 },
  )
  for (let i = 0; i < (1000 * seconds) / STEP_MS; i++) {
    const pixels = sceneFrame(first + i)
    builder.pushFrame(i * STEP_MS, edit ? edit(pixels, i) : pixels)
  }
  return builder.finish({ durationSeconds: seconds, audioStartMs: 0 })
}

export function mirrored(pixels: Uint8Array): Uint8Array {
  return Uint8Array.from(pixels, (_, at) => pixels[at - (at % SIDE) + SIDE - 1 - (at % SIDE)] as number)
}
