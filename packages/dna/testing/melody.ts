import type { Fingerprint } from '../src/fingerprint/fingerprint.ts'
import { FingerprintBuilder } from '../src/fingerprint/fingerprint-builder.ts'
import { randomOf } from './random.ts'

/** Samples a second. */
export const RATE = 11_025

/** A melody of short notes with overtones. Its content is a function of its seed. */
export function melody(seed: number, seconds: number): Int16Array {
  const random = randomOf(seed)
  const pcm = new Float64Array(seconds * RATE)
  for (let at = 0; at < pcm.length; at += Math.round((0.08 + 0.3 * random()) * RATE)) {
    const frequencyHz = 220 * 2 ** (3.5 * random())
    for (let i = 0; i < 0.35 * RATE && at + i < pcm.length; i++) {
      const loudness = 5000 * Math.exp(-i / (0.08 * RATE)) * Math.min(1, i / 200)
      const phase = (2 * Math.PI * frequencyHz * i) / RATE
      pcm[at + i] = (pcm[at + i] ?? 0) + loudness * (Math.sin(phase) + 0.5 * Math.sin(2 * phase))
    }
  }
  return Int16Array.from(pcm)
}

/** Two sounds at once: a share of the quiet one, and the rest of the loud one. */
export function mix(quiet: Int16Array, share: number, loud: Int16Array): Int16Array {
  return quiet.map((sample, i) => share * sample + (1 - share) * (loud[i] ?? 0))
}

/** The fingerprint of a sound without pictures. */
export function fingerprintOf(pcm: Int16Array): Fingerprint {
  const builder = new FingerprintBuilder()
  builder.pushAudio(pcm)
  return builder.finish({ durationSeconds: pcm.length / RATE, audioStartMs: 0 })
}
