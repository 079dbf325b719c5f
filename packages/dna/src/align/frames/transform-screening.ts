import { HASH_WORDS } from '../../hash/hamming.ts'
import { type HashTransform, orientHashes } from '../../hash/orientation.ts'
import { scanner } from '../../hash/scanner.ts'
import { type FrameTimeline, runsShown } from './frame-timeline.ts'

/** Number of frames compared to screen one transform, and a limit on comparisons. */
const MIN_FRAMES = 24
const MAX_FRAMES = 256
const MAX_COMPARISONS = 200_000
/** Brief screening compares MIN_FRAMES, and only every second column if the reference is longer than this. */
const BRIEF_COLUMNS = 1500
/** A frame within this distance of another supports the transform. */
const NEAR_BITS = 72

type Screened = {
  readonly rows: FrameTimeline
  readonly columns: FrameTimeline
  /** Reorients the rows before comparison; null leaves them as they are. */
  readonly orientation: HashTransform | null
  /** Compares the fewest frames that still give a signal: for the many rare transforms. */
  readonly isBrief: boolean
}

/**
 * Creates a function that screens transforms of two videos. It returns the sum, over the compared frames of the rows,
 * of a share of 0 to 1 that depends on the distance to the nearest column. Frames that several transforms share are
 * selected and oriented once, so use one function per pair of videos.
 */
export function createTransformScreen(): (transform: Screened) => number {
  const shown = new Map<FrameTimeline, readonly number[]>()
  const picked = new Map<FrameTimeline, Map<string, Uint32Array>>()
  const shownIn = (timeline: FrameTimeline) => remembered(shown, timeline, () => runsShown(timeline))
  const pick = (timeline: FrameTimeline, stride: number, orientation: HashTransform | null): Uint32Array => {
    const ofTimeline = remembered(picked, timeline, () => new Map<string, Uint32Array>())
    const plain = () =>
      remembered(ofTimeline, `${stride}`, () => hashesOf(timeline, shownIn(timeline), stride))
    if (!orientation) return plain()
    const key = `${stride} ${orientation.swap} ${orientation.mask}`
    return remembered(ofTimeline, key, () => orientHashes(plain(), orientation))
  }
  return ({ rows, columns, orientation, isBrief }) => {
    const limit = isBrief ? MIN_FRAMES : MAX_FRAMES
    const wanted = Math.min(Math.max(MAX_COMPARISONS / Math.max(1, columns.runs), MIN_FRAMES), limit)
    const hashes = pick(rows, Math.max(1, shownIn(rows).length / wanted), orientation)
    scanner.loadHashes(pick(columns, isBrief && shownIn(columns).length > BRIEF_COLUMNS ? 2 : 1, null))
    let sum = 0
    for (let at = 0; at < hashes.length; at += HASH_WORDS)
      sum += Math.max(0, 1 - scanner.nearest(hashes.subarray(at, at + HASH_WORDS)) / NEAR_BITS)
    return sum
  }
}

function remembered<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** The hashes of one run in `stride`. */
function hashesOf({ hashes }: FrameTimeline, runs: readonly number[], stride: number): Uint32Array {
  const some: number[] = []
  for (let i = 0; i < runs.length; i += stride) some.push(runs[Math.floor(i)] as number)
  const picked = new Uint32Array(some.length * HASH_WORDS)
  for (const [at, run] of some.entries())
    picked.set(hashes.subarray(run * HASH_WORDS, (run + 1) * HASH_WORDS), at * HASH_WORDS)
  return picked
}
