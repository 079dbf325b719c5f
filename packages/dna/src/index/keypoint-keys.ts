import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { DESCRIPTOR_WORDS, mirrorDescriptors } from '../local/descriptor.ts'
import { type LocalFrame, localFramesOf, STORED_KEYPOINTS } from '../local/local-track.ts'
import { spread } from './spread.ts'
import type { TimedKeys } from './timed-keys.ts'

/**
 * Bits of a descriptor that form its key, most significant first. Chosen one after the other, each time the one that is
 * set most nearly half of the time and least correlated with those before it, on 2,753 descriptors of 46 videos. Source:
 * ORB (Rublee et al., ICCV 2011, section 4.3). Two keypoints of unrelated videos have the same key in one pair of 800,000.
 */
const KEY_BITS = [
  111, 17, 92, 41, 77, 106, 53, 76, 104, 71, 45, 99, 51, 124, 82, 38, 14, 57, 15, 81, 42, 93, 26, 16, 73, 105,
  70, 69,
] as const

/**
 * Keypoints of a stored frame that the index contains, the coarsest first: coarse ones survive scaling and blur, and half of
 * the bytes lose two of eight copies that only keypoints find (docs/benchmarks.md).
 */
const INDEXED_KEYPOINTS = 12
/** Most frames of a query that are looked up, and most of them that are also mirrored. */
const MAX_FRAMES = 60
const MAX_MIRRORED = 20

/** The keypoints of a stored video that the candidate index contains: twelve of each stored frame. */
export function keypointKeysOf({ local }: Fingerprint): TimedKeys[] {
  return local ? withKeys(localFramesOf(local, STORED_KEYPOINTS).map(coarsestOf)) : []
}

function coarsestOf({ timeMs, levels, descriptors }: LocalFrame): KeyedFrame {
  const chosen = [...levels.keys()]
    .sort((a, b) => (levels[b] ?? 0) - (levels[a] ?? 0) || a - b)
    .slice(0, INDEXED_KEYPOINTS)
  const words = chosen.flatMap((i) => [
    ...descriptors.subarray(DESCRIPTOR_WORDS * i, DESCRIPTOR_WORDS * (i + 1)),
  ])
  return { timeMs, descriptors: Uint32Array.from(words) }
}

/** The keypoints with which a query probes the candidate index: of frames spread over its length, some also mirrored. */
export function queryKeypointKeysOf({ local }: Fingerprint): TimedKeys[] {
  if (!local) return []
  const frames = localFramesOf(local).filter(({ levels }) => levels.length > 0)
  const mirrored = spread(frames, MAX_MIRRORED).map((frame) => ({
    ...frame,
    descriptors: mirrorDescriptors(frame.descriptors),
  }))
  return withKeys([...spread(frames, MAX_FRAMES), ...mirrored])
}

type KeyedFrame = Pick<LocalFrame, 'timeMs' | 'descriptors'>

function withKeys(frames: readonly KeyedFrame[]): TimedKeys[] {
  return frames
    .map(({ timeMs, descriptors }) => ({ timeMs, keys: keysOf(descriptors) }))
    .filter(({ keys }) => keys.length > 0)
}

function keysOf(descriptors: Uint32Array): number[] {
  const keys = new Set<number>()
  for (let from = 0; from < descriptors.length; from += DESCRIPTOR_WORDS)
    keys.add(
      KEY_BITS.reduce<number>((key, bit) => {
        const word = descriptors[from + (bit >>> 5)] ?? 0
        return (key << 1) | ((word >>> (bit & 31)) & 1)
      }, 0),
    )
  return [...keys]
}
