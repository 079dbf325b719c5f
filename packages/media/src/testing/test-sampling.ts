import type { Sampling } from '../decode/decode-arguments.ts'

/** As fingerprints want it. */
export const SAMPLING: Sampling = { frameSide: 192, intervalMs: 250, audioSampleRate: 11_025 }
