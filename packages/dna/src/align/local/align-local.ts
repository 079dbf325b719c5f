import { type Fingerprint, usableDurationMs } from '../../fingerprint/fingerprint.ts'
import type { SeedAlignment } from '../../index/rank-candidates.ts'
import { type LocalTrack, pixelsPerUnit } from '../../local/local-track.ts'
import { areaOf } from '../../picture/rect.ts'
import { isStillStretch } from '../frames/still-stretch.ts'
import { isOtherSpeed, type Line } from '../lines/hough-peaks.ts'
import type { Box, TrackSegment } from '../segments/segment.ts'
import { clipSegment, lengthMs } from '../segments/segment-geometry.ts'
import type { JointFit } from './joint-fit.ts'
import { jointFitOfAll, jointFitOn, jointFitsAlong } from './joint-placements.ts'
import type { Placement } from './local-geometry.ts'
import { bestLocalLine, type LocalLine, offLineMs } from './local-lines.ts'
import { type LocalPair, type LocalPairs, localPairsOf } from './local-pairs.ts'
import { isLookAlike } from './look-alike.ts'
import { isRepeated } from './repeated-keypoints.ts'

/** Evidence that chance gives; what the strongest pair of frames proves does not count if that is more. */
const CHANCE_EVIDENCE = 1
/**
 * A moving picture agrees more than at other moments by this share of its agreement. In slides, timers and other screens,
 * nearly all that agrees is always there.
 */
const MOVING_SHARE = 0.25
/** Pictures that agree at every moment prove little (frame-evidence.ts): evidence, and agreement that it needs. */
const STATIC_EVIDENCE = 1
const STATIC_AGREEMENT = 20
const MIN_EVIDENCE = 0.3
/** Weight, of a pair of frames, that shows the same picture whether or not other moments do. */
const SAME_PICTURE = 1.5
/** Share of the bits of two descriptors that differ where their weight is 0. */
const ZERO_DIFFERENCE = 22 / 128
const MAX_SEGMENTS = 4
/**
 * Length, in milliseconds, from which a segment at another speed counts in full. Few stored frames are in a shorter one,
 * and some speed fits any two moments: a title that moves and a screensaver agreed for 2.4 s at double speed.
 */
const FULL_OTHER_SPEED_MS = 4000

/** What keypoints of two videos prove, and where they show the picture of one in the other. */
export type LocalAlignment = {
  /** Strongest first. */
  readonly segments: readonly TrackSegment[]
  /** Where the reference's picture is in the query, likeliest first, whether or not a segment is proven. */
  readonly placements: () => readonly JointPlacement[]
  /** The line in time on which the videos agree most; null if there is none. */
  readonly line: Line | null
  /** Where it is at each of some moments if it moves and the videos agree on a line. */
  readonly placementsAt: (line: Line, timesMs: Iterable<number>) => readonly (JointPlacement | null)[]
}

/** A fit in pixels of the displayed shape (pixelsPerUnit), of the query in a mirror if `mirrored`. */
export type JointPlacement = JointFit & { readonly mirrored: boolean }

/**
 * Aligns pictures that agree in their parts: keypoints that match in the same arrangement, wherever they are in the frame.
 * It finds pictures that are covered in part, and windows that move, for which a hash of the whole is lost.
 */
export function alignLocal(
  query: Fingerprint,
  ref: Fingerprint,
  { seeds = () => [] }: { readonly seeds?: () => readonly SeedAlignment[] } = {},
): LocalAlignment {
  const [here, there] = [query.local, ref.local]
  if (!here || !there || here.timeMs.length === 0 || there.timeMs.length === 0)
    return { segments: [], placements: () => [], line: null, placementsAt: () => [] }
  const lengths = {
    queryMs: usableDurationMs(query.durationSeconds),
    refMs: usableDurationMs(ref.durationSeconds),
  }
  const videos = { query, ref }
  const upright = alignedLinesOf(here, there, { mirrored: false, seeds, lengths, videos })
  if (upright.segments.some(({ isStatic }) => !isStatic)) return alignmentOf(upright, [upright])
  const mirrored = alignedLinesOf(here, there, { mirrored: true, seeds, lengths, videos })
  return alignmentOf(strongestOf(mirrored) > strongestOf(upright) ? mirrored : upright, [upright, mirrored])
}

function strongestOf({ segments }: AlignedLines): number {
  return Math.max(0, ...segments.map(({ evidence }) => evidence))
}

function alignmentOf(chosen: AlignedLines, tried: readonly AlignedLines[]): LocalAlignment {
  const { segments, lines, compared, mirrored } = chosen
  return {
    segments,
    placements: () => tried.flatMap(placementsOf).sort((a, b) => b.inliers - a.inliers),
    line: lines[0] ?? null,
    placementsAt: (line, timesMs) =>
      jointFitsAlong(compared, line, timesMs).map((one) => one && { ...one, mirrored }),
  }
}

/** The segments of one orientation, and the lines on which they are; the last line may have none. */
type AlignedLines = {
  readonly segments: readonly TrackSegment[]
  readonly lines: readonly Line[]
  readonly compared: LocalPairs
  readonly mirrored: boolean
}

function placementsOf({ lines, compared, mirrored }: AlignedLines): JointPlacement[] {
  const joint = [...lines.map((line) => jointFitOn(compared, line)), jointFitOfAll(compared)]
  return joint.flatMap((one) => (one ? [{ ...one, mirrored }] : []))
}

type Options = {
  readonly mirrored: boolean
  readonly seeds: () => readonly SeedAlignment[]
  readonly lengths: { readonly queryMs: number; readonly refMs: number }
  readonly videos: { readonly query: Fingerprint; readonly ref: Fingerprint }
}

function alignedLinesOf(query: LocalTrack, ref: LocalTrack, options: Options): AlignedLines {
  const compared = localPairsOf(query, ref, options)
  const segments: TrackSegment[] = []
  const lines: Line[] = []
  while (segments.length < MAX_SEGMENTS) {
    const found = bestLocalLine(compared, (row) => isFree(segments, compared.rowMs[row] as number))
    if (!found) break
    lines.push(found.line)
    const segment = segmentOf(compared, found, { ...options, aspects: [query.aspect, ref.aspect] })
    if (segment.evidence < MIN_EVIDENCE) break
    segments.push(segment)
  }
  return { segments, lines, compared, mirrored: options.mirrored }
}

function isFree(segments: readonly TrackSegment[], ms: number): boolean {
  return segments.every(({ queryStartMs, queryEndMs }) => ms < queryStartMs || ms > queryEndMs)
}

function segmentOf(
  compared: LocalPairs,
  { line, pairs, evidence, agreement, strongest }: LocalLine,
  { mirrored, lengths, aspects, videos }: Options & { readonly aspects: readonly [number, number] },
): TrackSegment {
  const placement = medianPlacement(pairs)
  const isMoving = evidence >= MOVING_SHARE * agreement
  const isOneOfMany = () =>
    (!mirrored && isLookAlike(compared, { line, pairs, placement }, videos)) ||
    (evidence > STATIC_EVIDENCE && isRepeated(compared, { line, pairs }))
  const isCopy = isMoving && !isOneOfMany()
  const proven = isCopy ? evidence - Math.max(CHANCE_EVIDENCE, strongest) : 0
  const still = agreement >= STATIC_AGREEMENT ? STATIC_EVIDENCE : 0
  const offsetMs = line.offsetMs + meanOff(compared, pairs, line)
  const [fromMs, toMs] = reachOf(compared, pairs, { ...line, offsetMs })
  const refMs = [fromMs, toMs].map((ms) => ms * line.rate + offsetMs) as [number, number]
  const weights = pairs.map(({ weight, inliers }) => weight / Math.max(1, inliers))
  const similarity = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.length)
  const segment = {
    queryStartMs: fromMs,
    queryEndMs: toMs,
    refStartMs: refMs[0],
    refEndMs: refMs[1],
    rate: line.rate,
    evidence: Math.max(proven, still),
    difference: ZERO_DIFFERENCE * (1 - Math.min(1, similarity)),
    mirrored,
    turn: 0,
    isStatic: proven < still,
    ...placedBoxes(placement, aspects, mirrored),
  } as const
  const whole = clipSegment(segment, { fromMs, toMs, lengths })
  const isStill =
    isStillStretch(videos.query, [whole.queryStartMs, whole.queryEndMs]) ||
    isStillStretch(videos.ref, [whole.refStartMs, whole.refEndMs])
  const clipped = isStill
    ? { ...whole, isStatic: true, evidence: Math.min(whole.evidence, STATIC_EVIDENCE) }
    : whole
  if (!isOtherSpeed(line.rate)) return clipped
  return { ...clipped, evidence: clipped.evidence * Math.min(1, lengthMs(clipped) / FULL_OTHER_SPEED_MS) }
}

/** Weighted mean distance of the pairs from their line. */
function meanOff(compared: LocalPairs, pairs: readonly LocalPair[], line: LocalLine['line']): number {
  let [sum, weights] = [0, 0]
  for (const pair of pairs) {
    sum += pair.weight * offLineMs(compared, pair, line)
    weights += pair.weight
  }
  return weights > 0 ? sum / weights : 0
}

/**
 * The stretch of the query that a line covers: from its first to its last pair, and on while frames agree; to the middle
 * of the gap before the first frame that does not, or to the end of the query.
 */
function reachOf(compared: LocalPairs, pairs: readonly LocalPair[], line: Line): [number, number] {
  const agreeing = new Set(
    compared.pairs
      .filter((pair) => pair.weight >= SAME_PICTURE && Math.abs(offLineMs(compared, pair, line)) <= 600)
      .map(({ column }) => column),
  )
  for (const { column } of pairs) agreeing.add(column)
  const columns = pairs.map(({ column }) => column)
  const queryMsOf = (column: number) => ((compared.columnMs[column] as number) - line.offsetMs) / line.rate
  let first = Math.min(...columns)
  let last = Math.max(...columns)
  while (agreeing.has(first - 1)) first--
  while (agreeing.has(last + 1)) last++
  const before = first > 0 ? (queryMsOf(first - 1) + queryMsOf(first)) / 2 : 0
  const after =
    last + 1 < compared.columnMs.length
      ? (queryMsOf(last) + queryMsOf(last + 1)) / 2
      : Number.POSITIVE_INFINITY
  const startMs = compared.rowMs[0] ?? 0
  const isMissed = (column: number) =>
    queryMsOf(column) >= startMs && queryMsOf(column) <= (compared.rowMs.at(-1) ?? 0)
  return [
    first > 0 && isMissed(first - 1) ? before : 0,
    last + 1 < compared.columnMs.length && isMissed(last + 1) ? after : Number.MAX_SAFE_INTEGER,
  ]
}

function medianPlacement(pairs: readonly LocalPair[]): Placement {
  const median = (of: (placement: Placement) => number) => {
    const sorted = pairs.map(({ placement }) => of(placement)).sort((a, b) => a - b)
    return sorted[sorted.length >> 1] ?? 0
  }
  return {
    scale: median(({ scale }) => scale),
    left: median(({ left }) => left),
    top: median(({ top }) => top),
  }
}

/** The part of the query's frame that shows the reference's, and the part of the reference's that it shows. */
export function placedBoxes(
  { scale, left, top }: Placement,
  [queryAspect, refAspect]: readonly [number, number],
  mirrored: boolean,
): { readonly queryBox: Box | null; readonly refBox: Box | null } {
  const [query, ref] = [displayedSize(queryAspect), displayedSize(refAspect)]
  const shown = clipBox({
    left: left / query.width,
    top: top / query.height,
    right: (left + scale * ref.width) / query.width,
    bottom: (top + scale * ref.height) / query.height,
  })
  const seen = clipBox({
    left: -left / scale / ref.width,
    top: -top / scale / ref.height,
    right: (query.width - left) / scale / ref.width,
    bottom: (query.height - top) / scale / ref.height,
  })
  const flipped = shown && mirrored ? { ...shown, left: 1 - shown.right, right: 1 - shown.left } : shown
  return { queryBox: flipped, refBox: seen }
}

/** Width and height of a frame in pixels of the displayed shape. */
export function displayedSize(aspect: number): { width: number; height: number } {
  const unit = pixelsPerUnit(aspect)
  return { width: 256 * unit.x, height: 256 * unit.y }
}

/** A box within the frame; null if it is nearly all of the frame, or empty. */
function clipBox({ left, top, right, bottom }: Box): Box | null {
  const clip = (value: number) => Math.min(1, Math.max(0, value))
  const box = { left: clip(left), top: clip(top), right: clip(right), bottom: clip(bottom) }
  const area = areaOf(box)
  return area > 0 && area < 0.95 ? box : null
}
