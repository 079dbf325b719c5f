import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { DESCRIPTOR_WORDS, mirrorDescriptors } from '../local/descriptor.ts'
import { keyOf, UNCERTAIN_BITS } from '../local/descriptor-key.ts'
import { type LocalFrame, localFramesOf, STORED_KEYPOINTS } from '../local/local-track.ts'
import { spread } from './spread.ts'
import type { TimedKeys } from './timed-keys.ts'

/**
 * Keypoints of a stored frame that the index contains, the coarsest first: coarse ones survive scaling and blur, and half of
 * the bytes lose two of eight copies that only keypoints find (docs/benchmarks.md).
 */
const INDEXED_KEYPOINTS = 12
/** Most frames of a query that are looked up, and most of them that are also mirrored. */
const MAX_FRAMES = 60
const MAX_MIRRORED = 20
/**
 * The most prominent keypoints of a query's frame are looked up by their four likeliest other keys too, the rest by one. Of 495
 * copies, 411 have two or more keys in common with the right moments, 343 without other keys. A key of an unrelated video is
 * equal to an other key in one pair of 2,000,000, to the key itself in one of 740,000.
 */
const PROMINENT = { keypoints: 32, otherKeys: UNCERTAIN_BITS }
const REST = { otherKeys: 1 }

/** The keypoints of a stored video that the candidate index contains: twelve of each stored frame. */
export function keypointKeysOf({ local }: Fingerprint): TimedKeys[] {
  if (!local) return []
  const frames = localFramesOf(local, STORED_KEYPOINTS)
  return withKeys(frames, (frame) => coarsestOf(frame).map((i) => keyOf(frame.descriptors, i)))
}

function coarsestOf({ levels }: LocalFrame): number[] {
  return [...levels.keys()]
    .sort((a, b) => (levels[b] ?? 0) - (levels[a] ?? 0) || a - b)
    .slice(0, INDEXED_KEYPOINTS)
}

/** The keys with which a query probes the candidate index: of frames spread over its length, some also mirrored. */
export function queryKeypointKeysOf({ local }: Fingerprint): TimedKeys[] {
  if (!local) return []
  const frames = localFramesOf(local).filter(({ levels }) => levels.length > 0)
  return [
    ...withKeys(spread(frames, MAX_FRAMES), ({ descriptors, uncertain }) =>
      probesOf(descriptors, uncertain, 0),
    ),
    ...withKeys(spread(frames, MAX_MIRRORED), ({ descriptors, uncertain }) =>
      probesOf(mirrorDescriptors(descriptors), uncertain, UNCERTAIN_BITS),
    ),
  ]
}

/** The key of each keypoint, followed by keys that differ in one of its uncertain bits. */
function probesOf(descriptors: Uint32Array, uncertain: Uint8Array | undefined, first: number): number[] {
  return Array.from({ length: descriptors.length / DESCRIPTOR_WORDS }, (_, i) => {
    const key = keyOf(descriptors, i)
    const from = 2 * UNCERTAIN_BITS * i + first
    const { otherKeys } = i < PROMINENT.keypoints ? PROMINENT : REST
    const bits = uncertain?.subarray(from, from + otherKeys) ?? []
    return [key, ...Array.from(bits, (bit) => key ^ (1 << bit))]
  }).flat()
}

function withKeys(frames: readonly LocalFrame[], keysOf: (frame: LocalFrame) => number[]): TimedKeys[] {
  return frames
    .map((frame) => ({ timeMs: frame.timeMs, keys: [...new Set(keysOf(frame))] }))
    .filter(({ keys }) => keys.length > 0)
}
