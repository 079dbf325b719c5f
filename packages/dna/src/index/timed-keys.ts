/**
 * The keys of one moment, each once: of the keypoints of a frame, or of the landmarks of a few seconds of sound. A key is an
 * integer from 0 to 2^31 - 1 that a copy of the moment has in common with it, and hardly another moment.
 */
export type TimedKeys = { readonly timeMs: number; readonly keys: readonly number[] }
