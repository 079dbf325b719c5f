import { hashDistance } from '../../hash/hamming.ts'
import type { FramePairing } from './frame-pairing.ts'
import { type FrameTimeline, runAtMs, runsShown } from './frame-timeline.ts'
import type { PictureTransform } from './picture-transforms.ts'

/** Two timelines that were aligned, and the assumption under which. */
export type AlignedPairing = { readonly pairing: FramePairing; readonly transform: PictureTransform }

/** A line from query to reference: reference ms = query ms x rate + offset. */
export type QueryLine = { readonly rate: number; readonly offsetMs: number }

/** An aligned pairing, and for each run of its rows how near the columns are by chance, in bits. */
export type LineSupport = AlignedPairing & { readonly background: Float32Array }

/** Part of the query's grid, both ends inclusive. */
export type GridPart = { readonly grid: FrameTimeline; readonly from: number; readonly to: number }

/** The background of a frame is the distance within which this share of the other video falls, ... */
const BACKGROUND_SHARE = 0.1
/** ... in a sample of this many frames. */
const BACKGROUND_FRAMES = 200
/**
 * Support of a pair of frames by how many bits nearer than the background it is. It follows the logarithm of how much
 * more often that happens on right lines than on wrong ones: -1.3 at 0 bits and below, 0.3 at 8, 2 at 16, 4.4 at 64
 * (133 pairs of edited videos, 4,400 frames on lines of each kind). Beyond 16 bits it is somewhat steeper, so that exact
 * lines win against their neighbours.
 */
const CLOSER_BITS = [0, 8, 16, 64, 112]
const SUPPORTS = [-0.25, 0, 0.4, 0.9, 1.4]
/** Least support of pictures nearer than this many bits, however common: unrelated footage is never as near. */
const NEAR_BITS = 80
const NEAR_SUPPORT = 0.15
/** Support where nothing can be compared: slightly negative, so that passages begin and end with matching pictures. */
const UNKNOWN_SUPPORT = -0.05
/** Bits added one step beside the line, so that a line at a wrong speed loses. */
const BESIDE_BITS = 8
/** A comparison counts in full for this long; a sparser one by the square root of its share. */
const REFERENCE_STEP_MS = 250

/** Prepares a pairing for supportOn. */
export function lineSupportOf({ pairing, transform }: AlignedPairing): LineSupport {
  const { rows, columns } = pairing
  const shown = runsShown(columns)
  const stride = Math.max(1, shown.length / BACKGROUND_FRAMES)
  const sampled = Array.from(
    { length: Math.ceil(shown.length / stride) },
    (_, i) => shown[Math.floor(i * stride)] as number,
  )
  const background = new Float32Array(rows.runs)
  const distances = new Float64Array(sampled.length)
  for (const run of runsShown(rows)) {
    for (let i = 0; i < sampled.length; i++)
      distances[i] = hashDistance(rows.hashes, run, { b: columns.hashes, j: sampled[i] as number })
    distances.sort()
    background[run] = distances[Math.floor(BACKGROUND_SHARE * distances.length)] ?? 0
  }
  return { pairing, transform, background }
}

/**
 * Support of a line at each sample of part of the query's grid: positive where the pictures agree, negative where they
 * do not. Several transforms of one orientation may support a line; the best of them
 * counts, because a copy may zoom as it goes on.
 */
export function supportOn(supports: readonly LineSupport[], line: QueryLine, part: GridPart): Float32Array {
  const into = new Float32Array(part.grid.runAt.length).fill(Number.NEGATIVE_INFINITY)
  for (const support of supports) {
    if (support.transform.query === 'rows') addRows(support, line, { ...part, into })
    else addColumns(support, line, { ...part, into })
  }
  return into.map((value) => (value === Number.NEGATIVE_INFINITY ? UNKNOWN_SUPPORT : value))
}

type Target = GridPart & { readonly into: Float32Array }

/** The rows are the query's: each counts for the samples that are nearest to it. */
function addRows(support: LineSupport, line: QueryLine, { grid, from, to, into }: Target): void {
  const { stepMs } = support.pairing.rows
  let last = -1
  let value = Number.NEGATIVE_INFINITY
  for (let i = from; i <= to; i++) {
    const row = Math.round((i * grid.stepMs) / stepMs)
    if (row !== last) value = supportAt(support, row, row * stepMs * line.rate + line.offsetMs)
    last = row
    into[i] = Math.max(into[i] as number, value)
  }
}

/** The rows are the reference's: each counts for the time around it, up to halfway to its neighbours. */
function addColumns(support: LineSupport, line: QueryLine, { grid, from, to, into }: Target): void {
  const { rows, columns } = support.pairing
  let next = from
  const fill = (untilMs: number, value: number) => {
    for (; next <= to && next * grid.stepMs < untilMs; next++)
      into[next] = Math.max(into[next] as number, value)
  }
  let before: { readonly ms: number; readonly value: number } | null = null
  for (let i = 0; i < rows.runAt.length; i++) {
    const row = line.rate > 0 ? i : rows.runAt.length - 1 - i
    const ms = (row * rows.stepMs - line.offsetMs) / line.rate
    if (ms < 0 || ms >= columns.durationMs) continue
    if (before) fill((before.ms + ms) / 2, before.value)
    before = { ms, value: supportAt(support, row, ms) }
  }
  if (before) fill(Number.POSITIVE_INFINITY, before.value)
}

/** Support of one row by the columns at a time; minus infinity if either shows no picture. */
function supportAt({ pairing, background }: LineSupport, row: number, ms: number): number {
  const { rows, columns } = pairing
  const run = rows.runAt[row] ?? -1
  if (run < 0 || runAtMs(columns, ms) < 0) return Number.NEGATIVE_INFINITY
  const bits = bitsNear(pairing, run, ms)
  const value = supportOf((background[run] as number) - bits)
  const least = bits < NEAR_BITS ? Math.max(value, NEAR_SUPPORT) : value
  return least > 0 ? least * Math.sqrt(REFERENCE_STEP_MS / rows.stepMs) : least
}

/** Smallest distance of a row run to the columns at a time or, with a penalty, one step to either side. */
function bitsNear({ rows, columns }: FramePairing, run: number, ms: number): number {
  let best = 256
  for (const step of [-1, 0, 1]) {
    const other = runAtMs(columns, ms + step * columns.stepMs)
    if (other < 0) continue
    const bits = hashDistance(rows.hashes, run, { b: columns.hashes, j: other })
    best = Math.min(best, step === 0 ? bits : bits + BESIDE_BITS)
  }
  return best
}

/** Interpolates SUPPORTS linearly; constant beyond its ends. */
function supportOf(closerBits: number): number {
  const at = CLOSER_BITS.findIndex((bits) => closerBits <= bits)
  if (at === 0) return SUPPORTS[0] as number
  if (at < 0) return SUPPORTS[SUPPORTS.length - 1] as number
  const [low, high] = [CLOSER_BITS[at - 1] as number, CLOSER_BITS[at] as number]
  const [below, above] = [SUPPORTS[at - 1] as number, SUPPORTS[at] as number]
  return below + ((above - below) * (closerBits - low)) / (high - low)
}
