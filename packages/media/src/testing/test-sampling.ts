import type { Sampling } from '../decode/decode-arguments.ts'

/** The sampling that fingerprints use. */
export const SAMPLING: Sampling = { frameSide: 192, intervalMs: 250, audioSampleRate: 11_025 }
