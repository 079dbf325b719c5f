import { MATCH_THRESHOLD_BITS } from '../../hash/hamming.ts'
import type { Alignment } from '../lines/find-alignments.ts'
import { isOtherSpeed, type Line } from '../lines/hough-peaks.ts'
import { type FramePairing, nearestBits } from './frame-pairing.ts'
import { type FrameTimeline, isSparse, runAtMs } from './frame-timeline.ts'
import { addMotion, emptyMotion, type MotionSum, motionBits, motionCosine, stillShare } from './motion.ts'

/** Cost of a row without evidence, and of a row outside the columns (from a prototype, tuned on other clips). */
const GAP_COST = 0.12
const OUTSIDE_COST = 1
/**
 * Costs and weights apply to rows this far apart. A row of a sparser grid counts more, by the square root of its
 * spacing.
 */
const REFERENCE_STEP_MS = 250
/** Time over which changes are measured. */
export const MOTION_LAG_MS = 1000
/** A picture moves if at least this many bits change per second. */
export const MOVING_BITS = 10
/** Cosine of the changes from which a moving alignment counts at all, and from which it counts in full. */
export const COSINE_FLOOR = 0.08
export const COSINE_FULL = 0.3
/** Above that, changes are evidence in their own right: at this cosine an alignment counts this many times. */
const COSINE_PROOF = 0.6
const PROOF_FACTOR = 2.5
/** Number of changes of a sparse track for full proof: with one or two, a wrong line is easily found that fits. */
const PROOF_CHANGES = 4
/** Frames of a sparse track that prove another speed: some line passes through any two moments. */
const MIN_SPEED_FRAMES = 3
/**
 * An alignment that is still for this share of its duration proves little, however long it is: a title card, a cover, a
 * template with other text. Its evidence is limited to this value (a confidence of 0.29), plus one unit for each this
 * many bits that change alike, as when a slide is followed by the same next slide at the same time.
 */
export const MOSTLY_STILL = 0.6
export const STATIC_EVIDENCE = 1.2
const ALIKE_BITS_PER_UNIT = 30
/** Median distance up to which a static alignment counts in full, and from which it counts for nothing. */
export const STATIC_FULL_BITS = 20
export const STATIC_BITS = 34
/**
 * Pictures of lower PDQ quality on average, 0 to 100, count in proportion: a few shapes on an empty ground, whose hash
 * depends on little more than where they are. Of 45 test videos, 41 have 100, a night drive 36, a screensaver 30.
 */
const FULL_QUALITY = 60

/** Writes the evidence of each row on a line. */
export function scoreFrames(pairing: FramePairing, line: Line, into: Float64Array): void {
  const { rows, columns, found } = pairing
  const worth = Math.sqrt(rows.spacingMs / REFERENCE_STEP_MS)
  for (let row = 0; row < into.length; row++) {
    const ms = row * rows.stepMs * line.rate + line.offsetMs
    const run = rows.runAt[row] as number
    if (ms < -columns.stepMs || ms >= columns.durationMs + columns.stepMs) into[row] = -OUTSIDE_COST
    else if (run < 0 || runAtMs(columns, ms) < 0) into[row] = 0
    else {
      const [bits, at] = nearestBits(pairing, run, ms)
      const weight = found.weightOf(run, at, bits)
      into[row] = worth * (weight > 0 ? weight : -GAP_COST)
    }
  }
}

/** Distances, in bits, of the rows of an alignment whose frames match. */
export function distancesOn(pairing: FramePairing, { line, from, to }: Alignment): number[] {
  const distances: number[] = []
  for (let row = from; row <= to; row++) {
    const run = pairing.rows.runAt[row] as number
    if (run < 0) continue
    const [bits] = nearestBits(pairing, run, row * pairing.rows.stepMs * line.rate + line.offsetMs)
    if (bits < MATCH_THRESHOLD_BITS) distances.push(bits)
  }
  return distances
}

/**
 * Plausibility of an alignment. Moving pictures: 0 to 2.5, by how similarly both tracks move. A scene with little
 * variety has little other evidence, but only a copy changes exactly as it does. Static pictures: 0 to 1, by how
 * similar they are.
 */
export function framePlausibility(pairing: FramePairing, alignment: Alignment): number {
  const { motion, lag } = motionOn(pairing, alignment)
  if (isUndetermined(pairing, alignment)) return 0
  const plausibility = plausibilityOf(pairing, alignment, motion) * richness(pairing, alignment)
  if (!isStatic(motion)) return plausibility
  const limit = STATIC_EVIDENCE + Math.max(0, motion.alike) / lag / ALIKE_BITS_PER_UNIT
  return Math.min(plausibility, limit / alignment.evidence)
}

/** Whether an alignment of a sparse track is at another speed and rests on too few frames to tell it. */
function isUndetermined(pairing: FramePairing, alignment: Alignment): boolean {
  if (!isSparse(pairing.rows) || !isOtherSpeed(alignment.line.rate)) return false
  return distancesOn(pairing, alignment).length < MIN_SPEED_FRAMES
}

/** Whether an alignment consists mostly of static pictures. */
export function isMostlyStatic(pairing: FramePairing, alignment: Alignment): boolean {
  return isStatic(motionOn(pairing, alignment).motion)
}

function isStatic(motion: MotionSum): boolean {
  return motionBits(motion) < MOVING_BITS || stillShare(motion) >= MOSTLY_STILL
}

/** Motion along an alignment, sample by sample, each over `lag` rows, or from one sparse frame to the next. */
function motionOn(
  { rows, columns }: FramePairing,
  { line, from, to }: Alignment,
): { motion: MotionSum; lag: number } {
  const otherAt = (row: number) => runAtMs(columns, row * rows.stepMs * line.rate + line.offsetMs)
  const motion = emptyMotion()
  for (const [first, second] of changesIn(rows, { from, to })) {
    const here = { hashes: rows.hashes, before: rows.runAt[first] ?? -1, after: rows.runAt[second] ?? -1 }
    const there = { hashes: columns.hashes, before: otherAt(first), after: otherAt(second) }
    if (Math.min(here.before, here.after, there.before, there.after) >= 0) addMotion(motion, here, there)
  }
  return { motion, lag: lagOf(rows) }
}

/** Rows between which a change is measured. */
export type RowPair = readonly [first: number, second: number]

/** The changes from one row to another, both ends inclusive: a second apart, or from one sparse picture to the next. */
export function changesIn(rows: FrameTimeline, { from, to }: { from: number; to: number }): RowPair[] {
  return isSparse(rows) ? neighboursIn(rows, { from, to }) : evenPairs({ from, to, lag: lagOf(rows) })
}

/** Rows from the start of a change to its end. */
function lagOf(rows: FrameTimeline): number {
  return isSparse(rows) ? 1 : Math.max(1, Math.round(MOTION_LAG_MS / rows.stepMs))
}

/** Rows `lag` apart. */
function evenPairs({ from, to, lag }: { from: number; to: number; lag: number }): RowPair[] {
  return Array.from({ length: Math.max(0, to - lag - from + 1) }, (_, i) => [from + i, from + i + lag])
}

/** Consecutive pictures of a sparse track. */
function neighboursIn({ runAt }: FrameTimeline, { from, to }: { from: number; to: number }): RowPair[] {
  const shown: number[] = []
  for (let row = from; row <= to; row++) if ((runAt[row] as number) >= 0) shown.push(row)
  return shown.slice(1).map((row, i) => [shown[i] as number, row])
}

function plausibilityOf(pairing: FramePairing, alignment: Alignment, motion: MotionSum): number {
  if (motionBits(motion) >= MOVING_BITS) {
    const cosine = motionCosine(motion)
    const sure = isSparse(pairing.rows) ? Math.min(1, motion.samples / PROOF_CHANGES) : 1
    const proof = 1 + (PROOF_FACTOR - 1) * sure * ramp(cosine, COSINE_FULL, COSINE_PROOF)
    return ramp(cosine, COSINE_FLOOR, COSINE_FULL) * proof
  }
  const sorted = distancesOn(pairing, alignment).sort((a, b) => a - b)
  return ramp(sorted[sorted.length >> 1] ?? 256, STATIC_BITS, STATIC_FULL_BITS)
}

/** Weight, 0 to 1, of how much the pictures of an alignment show, on the side that shows less. */
function richness({ rows, columns }: FramePairing, { line, from, to }: Alignment): number {
  let sum = 0
  let count = 0
  for (let row = from; row <= to; row++) {
    const run = rows.runAt[row] as number
    const other = run < 0 ? -1 : runAtMs(columns, row * rows.stepMs * line.rate + line.offsetMs)
    if (other < 0) continue
    sum += Math.min(rows.quality[run] ?? 0, columns.quality[other] ?? 0)
    count++
  }
  return count > 0 ? Math.min(1, sum / count / FULL_QUALITY) : 1
}

/** Linear from 0 at `none` to 1 at `full`, constant beyond. */
function ramp(value: number, none: number, full: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)))
}
