import type { Explained } from './explain.ts'
import { addMotion, emptyMotion, type MotionSum, motionBits, motionCosine, stillShare } from './motion.ts'
import { ALIKE_BITS } from './picture-hits.ts'
import { runAtMs } from './picture-lane.ts'
import { nearestBits, type PictureScene } from './picture-scene.ts'
import type { Line } from './vote-lines.ts'

/** Cost of a row without evidence, and of one outside the columns (a prototype's, tuned on other clips). */
const GAP_COST = 0.12
const OUTSIDE_COST = 1
/** The costs and weights hold for rows this far apart; sparser rows tell more each, as the root of the distance. */
const COMMON_STEP_MS = 250
/** Changes are compared over this time. */
const MOTION_LAG_MS = 1000
/** From this many changing bits a second the picture counts as moving. */
const MOVING_BITS = 10
/** Cosine of the changes from which a moving passage counts at all, and from which it counts fully. */
const COSINE_FLOOR = 0.08
const COSINE_FULL = 0.3
/** Beyond it the changes are a witness of their own: at this cosine a passage counts so many times. */
const COSINE_PROOF = 0.6
const PROOF_FACTOR = 2.5
/**
 * Where nothing moves for this share of a run, it says little, however long: a card, a cover, a template with another
 * text. It has this evidence at most (a confidence of .29), and one unit more for so many bits that change alike: for
 * each slide that gives way to the same next one at the same time.
 */
const MOSTLY_STILL = 0.6
const STILL_EVIDENCE = 1.2
const ALIKE_BITS_A_UNIT = 30
/** Median distance up to which a still passage counts fully, and from which not at all. */
const STILL_FULL_BITS = 20
const STILL_BITS = 34

/** Writes the evidence of each row on a line. */
export function weighPictures(scene: PictureScene, line: Line, into: Float64Array): void {
  const { rows, columns, found } = scene
  const worth = Math.sqrt(rows.stepMs / COMMON_STEP_MS)
  for (let row = 0; row < into.length; row++) {
    const ms = row * rows.stepMs * line.rate + line.offsetMs
    const run = rows.runAt[row] as number
    if (ms < -columns.stepMs || ms >= columns.durationMs + columns.stepMs) into[row] = -OUTSIDE_COST
    else if (run < 0 || runAtMs(columns, ms) < 0) into[row] = 0
    else {
      const [bits, at] = nearestBits(scene, run, ms)
      const weight = found.weightOf(run, at, bits)
      into[row] = worth * (weight > 0 ? weight : -GAP_COST)
    }
  }
}

/** Distances of the rows of a run whose frames are alike. */
export function distancesOn(scene: PictureScene, { line, from, to }: Explained): number[] {
  const distances: number[] = []
  for (let row = from; row <= to; row++) {
    const run = scene.rows.runAt[row] as number
    if (run < 0) continue
    const [bits] = nearestBits(scene, run, row * scene.rows.stepMs * line.rate + line.offsetMs)
    if (bits < ALIKE_BITS) distances.push(bits)
  }
  return distances
}

/**
 * Whether a run moves in both tracks alike, 0..2.5 (a scene of little variety has little other evidence, but nothing
 * else changes just as it does), or, where nothing moves, is all but equal, 0..1.
 */
export function trustPictures(scene: PictureScene, run: Explained): number {
  const { motion, lag } = motionOn(scene, run)
  const trust = trustIn(scene, run, motion)
  if (!isStill(motion)) return trust
  const most = STILL_EVIDENCE + Math.max(0, motion.alike) / lag / ALIKE_BITS_A_UNIT
  return Math.min(trust, most / run.sum)
}

/** Whether a run shows hardly more than still pictures. */
export function isMostlyStill(scene: PictureScene, run: Explained): boolean {
  return isStill(motionOn(scene, run).motion)
}

function isStill(motion: MotionSum): boolean {
  return motionBits(motion) < MOVING_BITS || stillShare(motion) >= MOSTLY_STILL
}

/** What moves in a run, sample by sample, over so many rows. */
function motionOn({ rows, columns }: PictureScene, run: Explained): { motion: MotionSum; lag: number } {
  const lag = Math.max(1, Math.round(MOTION_LAG_MS / rows.stepMs))
  const otherAt = (row: number) => runAtMs(columns, row * rows.stepMs * run.line.rate + run.line.offsetMs)
  const motion = emptyMotion()
  for (let row = run.from; row + lag <= run.to; row++) {
    const here = { hashes: rows.hashes, before: rows.runAt[row] ?? -1, after: rows.runAt[row + lag] ?? -1 }
    const there = { hashes: columns.hashes, before: otherAt(row), after: otherAt(row + lag) }
    if (Math.min(here.before, here.after, there.before, there.after) >= 0) addMotion(motion, here, there)
  }
  return { motion, lag }
}

function trustIn(scene: PictureScene, run: Explained, motion: MotionSum): number {
  if (motionBits(motion) >= MOVING_BITS) {
    const cosine = motionCosine(motion)
    const proof = 1 + (PROOF_FACTOR - 1) * ramp(cosine, COSINE_FULL, COSINE_PROOF)
    return ramp(cosine, COSINE_FLOOR, COSINE_FULL) * proof
  }
  const sorted = distancesOn(scene, run).sort((a, b) => a - b)
  return ramp(sorted[sorted.length >> 1] ?? 256, STILL_BITS, STILL_FULL_BITS)
}

/** 0 at `none` and beyond, 1 at `full` and beyond, straight between. */
function ramp(value: number, none: number, full: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)))
}
