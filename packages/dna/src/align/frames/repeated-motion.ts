import { hashDistance } from '../../hash/hamming.ts'
import type { Alignment } from '../lines/find-alignments.ts'
import { changesIn, type RowPair } from './frame-evidence.ts'
import type { FramePairing } from './frame-pairing.ts'
import { runAtMs } from './frame-timeline.ts'
import { addMotion, emptyMotion, type MotionSum, motionCosine } from './motion.ts'

/** Offsets that differ by less than this show the same moments; those that differ by more than this are not tried. */
export const SAME_MOMENTS_MS = 2000
export const REACH_MS = 60_000
/** Limits work to about 2 ms for each alignment. */
const MAX_CHANGES = 48
/** Another offset is compared if it covers this share of the changes. */
const MIN_SHARE = 0.6
/** Another offset repeats the motion if its cosine reaches this share of the alignment's, and this value, ... */
const REPEATED_SHARE = 0.7
const MIN_COSINE = 0.3
/** ... and if its pictures are further apart by no more than this many bits. */
const MORE_BITS = 8
/** Pictures as near as this on average are the same ones, as in a loop that is copied as a whole. */
const SAME_BITS = 16

/**
 * Whether the pictures move just as much alike at another offset, and are about as near there: a counter, a test
 * pattern, an animation that repeats. Their motion does not tell a copy from another one of the kind.
 */
export function isRepeated(pairing: FramePairing, alignment: Alignment): boolean {
  const { columns } = pairing
  const all = changesIn(pairing.rows, alignment)
  const stride = Math.ceil(all.length / MAX_CHANGES)
  const changes = all.filter((_, i) => i % stride === 0)
  const own = [-1, 0, 1]
    .map((step) => atOffsets(pairing, alignment, { changes, offsetsMs: [step * columns.stepMs] }))
    .reduce((best, one) => (motionCosine(one.motion) > motionCosine(best.motion) ? one : best))
  if (own.covered === 0 || own.bits <= SAME_BITS) return false
  const enough = Math.max(MIN_COSINE, REPEATED_SHARE * motionCosine(own.motion))
  let repeated = false
  for (let step = Math.ceil(SAME_MOMENTS_MS / columns.stepMs); step * columns.stepMs <= REACH_MS; step++) {
    const offsetsMs = [step * columns.stepMs, -step * columns.stepMs]
    const other = atOffsets(pairing, alignment, { changes, offsetsMs })
    if (other.covered < MIN_SHARE * own.covered || other.bits > own.bits + MORE_BITS) continue
    if (motionCosine(other.motion) < enough) continue
    // The passage occurs more than once, and is copied.
    if (other.bits <= SAME_BITS) return false
    repeated = true
  }
  return repeated
}

type Compared = {
  readonly motion: MotionSum
  /** Mean distance of the pictures in bits. */
  readonly bits: number
  /** Number of changes that have a counterpart at any of the offsets. */
  readonly covered: number
}

/** Motion and distance at these offsets, in milliseconds, from the alignment's line, taken together. */
function atOffsets(
  { rows, columns }: FramePairing,
  { line }: Alignment,
  { changes, offsetsMs }: { readonly changes: readonly RowPair[]; readonly offsetsMs: readonly number[] },
): Compared {
  const motion = emptyMotion()
  let bits = 0
  let covered = 0
  const otherAt = (row: number, offsetMs: number) =>
    runAtMs(columns, row * rows.stepMs * line.rate + line.offsetMs + offsetMs)
  for (const [first, second] of changes) {
    const before = rows.runAt[first] ?? -1
    const after = rows.runAt[second] ?? -1
    const samples = motion.samples
    for (const offsetMs of offsetsMs) {
      const there = { before: otherAt(first, offsetMs), after: otherAt(second, offsetMs) }
      if (Math.min(before, after, there.before, there.after) < 0) continue
      addMotion(motion, { hashes: rows.hashes, before, after }, { hashes: columns.hashes, ...there })
      bits += hashDistance(rows.hashes, before, { b: columns.hashes, j: there.before })
    }
    if (motion.samples > samples) covered++
  }
  return { motion, bits: bits / Math.max(1, motion.samples), covered }
}
