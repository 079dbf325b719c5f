import { type Explained, explain, type Field } from './explain.ts'
import { addMotion, emptyMotion, motionBits, motionCosine } from './motion.ts'
import { MIRROR_MASK } from './orientation.ts'
import { ALIKE_BITS, likeness, pictureHits } from './picture-hits.ts'
import { type PictureLane, runAtMs } from './picture-lane.ts'
import { nearestBits, type PictureScene } from './picture-scene.ts'
import { fractionOf, refinePictureLine } from './refine-picture-line.ts'
import type { TrackRun } from './segment.ts'
import { type Line, SPEEDS } from './vote-lines.ts'

/** Cost of a row without evidence, and of one outside the reference (a prototype's, tuned on other clips). */
const GAP_COST = 0.12
const OUTSIDE_COST = 1
/** Smallest evidence of a passage, and fewest rows with a like frame in it. */
const MIN_SUM = 0.6
const MIN_ROWS = 3
/** A mirrored answer must be this much stronger than the plain one: symmetrical pictures are both. */
const MIRROR_MARGIN = 1.3
/** Changes are compared over this time. */
const MOTION_LAG_MS = 1000
/** From this many changing bits a second the picture counts as moving. */
const MOVING_BITS = 10
/** Cosine of the changes from which a moving passage counts at all, and from which it counts fully. */
const COSINE_FLOOR = 0.08
const COSINE_FULL = 0.3
/** Median distance up to which a still passage counts fully, and from which not at all. */
const STILL_FULL_BITS = 20
const STILL_BITS = 34

/** Passages whose pictures agree, strongest first. */
export function matchPictures(query: PictureLane, ref: PictureLane): TrackRun[] {
  const plain = passages(query, ref, 0)
  const mirrored = passages(query, ref, MIRROR_MASK)
  return total(mirrored) > MIRROR_MARGIN * total(plain) ? mirrored : plain
}

function total(runs: readonly TrackRun[]): number {
  return runs.reduce((sum, run) => sum + run.evidence, 0)
}

function passages(query: PictureLane, ref: PictureLane, mask: number): TrackRun[] {
  const scene: PictureScene = { query, ref, mask, found: pictureHits(query, ref, { mask }) }
  const field: Field = {
    rows: query.runAt.length,
    rowMs: query.stepMs,
    startMs: 0,
    hits: scene.found.hits,
    binMs: ref.stepMs,
    rates: SPEEDS,
    weigh: (line, into) => weigh(scene, line, into),
    trust: (run) => trust(scene, run),
    refine: (line, run) => refinePictureLine(scene, line, run),
  }
  return explain(field, { minSum: MIN_SUM })
    .map((run) => judge(scene, run))
    .filter((run) => run !== null)
}

function weigh(scene: PictureScene, line: Line, into: Float64Array): void {
  const { query, ref, found } = scene
  for (let row = 0; row < into.length; row++) {
    const refMs = row * query.stepMs * line.rate + line.offsetMs
    const run = query.runAt[row] as number
    if (refMs < -ref.stepMs || refMs >= ref.durationMs + ref.stepMs) into[row] = -OUTSIDE_COST
    else if (run < 0 || runAtMs(ref, refMs) < 0) into[row] = 0
    else {
      const [bits, at] = nearestBits(scene, run, refMs)
      const weight = likeness(bits, found.limits[run] as number)
      into[row] =
        weight > 0 ? weight * (found.queryNorm[run] as number) * (found.refNorm[at] as number) : -GAP_COST
    }
  }
}

/** Gives what was found its times and its likeness. */
function judge(scene: PictureScene, run: Explained): TrackRun | null {
  const distances = distancesOn(scene, run)
  if (distances.length < MIN_ROWS) return null
  const difference = distances.reduce((sum, bits) => sum + bits, 0) / distances.length / 256
  const offsetMs = run.line.offsetMs + fractionOf(scene, run.line, run)
  return {
    ...timesOf(scene, { ...run, line: { ...run.line, offsetMs } }),
    evidence: run.sum,
    difference,
    mirrored: scene.mask !== 0,
  }
}

function distancesOn(scene: PictureScene, { line, from, to }: Explained): number[] {
  const distances: number[] = []
  for (let row = from; row <= to; row++) {
    const run = scene.query.runAt[row] as number
    if (run < 0) continue
    const [bits] = nearestBits(scene, run, row * scene.query.stepMs * line.rate + line.offsetMs)
    if (bits < ALIKE_BITS) distances.push(bits)
  }
  return distances
}

/** 0..1: whether the passage moves as the reference does or, where nothing moves, is all but equal to it. */
function trust(scene: PictureScene, run: Explained): number {
  const { query, ref, mask } = scene
  const lag = Math.max(1, Math.round(MOTION_LAG_MS / query.stepMs))
  const motion = emptyMotion()
  for (let row = run.from; row + lag <= run.to; row++) {
    const before = query.runAt[row] as number
    const after = query.runAt[row + lag] as number
    const refBefore = runAtMs(ref, row * query.stepMs * run.line.rate + run.line.offsetMs)
    const refAfter = runAtMs(ref, (row + lag) * query.stepMs * run.line.rate + run.line.offsetMs)
    if (before < 0 || after < 0 || refBefore < 0 || refAfter < 0) continue
    addMotion(
      motion,
      { hashes: query.hashes, before, after },
      {
        hashes: ref.hashes,
        before: refBefore,
        after: refAfter,
        mask,
      },
    )
  }
  if (motionBits(motion) >= MOVING_BITS) return ramp(motionCosine(motion), COSINE_FLOOR, COSINE_FULL)
  const sorted = distancesOn(scene, run).sort((a, b) => a - b)
  return ramp(sorted[sorted.length >> 1] ?? 256, STILL_BITS, STILL_FULL_BITS)
}

/** 0 at `none` and beyond, 1 at `full` and beyond, straight between. */
function ramp(value: number, none: number, full: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)))
}

/**
 * Boundaries of a run. A cut lies somewhere within the step before the first matching sample, so half a step is
 * the best guess, but at the ends of the query it is the end itself; blank pictures on both sides belong to the
 * passage that they border on.
 */
function timesOf({ query, ref }: PictureScene, { line, from, to }: Explained) {
  const refMs = (row: number) => row * query.stepMs * line.rate + line.offsetMs
  const blank = (row: number) => {
    const at = refMs(row)
    const inside = at >= 0 && at < ref.durationMs
    return (query.runAt[row] as number) < 0 && inside && runAtMs(ref, at) < 0
  }
  let first = from
  let last = to
  while (first > 0 && blank(first - 1)) first--
  while (last + 1 < query.runAt.length && blank(last + 1)) last++
  const half = query.stepMs / 2
  const startMs = first === 0 ? 0 : first * query.stepMs - half
  const endMs = last === query.runAt.length - 1 ? query.durationMs : last * query.stepMs + half
  return clip({ startMs, endMs, line, refDurationMs: ref.durationMs })
}

function clip({
  startMs,
  endMs,
  line,
  refDurationMs,
}: {
  startMs: number
  endMs: number
  line: Line
  refDurationMs: number
}) {
  const within = (ms: number) => Math.min(Math.max(ms, 0), refDurationMs)
  const a = within(startMs * line.rate + line.offsetMs)
  const b = within(endMs * line.rate + line.offsetMs)
  return {
    queryStartMs: startMs,
    queryEndMs: endMs,
    refStartMs: Math.min(a, b),
    refEndMs: Math.max(a, b),
    rate: line.rate,
  }
}
