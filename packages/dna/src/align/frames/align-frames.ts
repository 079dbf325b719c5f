import type { SeedAlignment } from '../../index/rank-candidates.ts'
import { extendInterval } from '../lines/extend-interval.ts'
import { type Alignment, type AlignmentProblem, findAlignments } from '../lines/find-alignments.ts'
import { SPEEDS } from '../lines/hough-peaks.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { refMsOn } from '../segments/segment-geometry.ts'
import { type Boundaries, boundariesOf } from './frame-boundaries.ts'
import {
  distancesOn,
  framePlausibility,
  isMostlyStatic,
  STATIC_EVIDENCE,
  scoreFrames,
} from './frame-evidence.ts'
import { frameHits, NO_HITS } from './frame-hits.ts'
import { type FramePairing, nearestBits } from './frame-pairing.ts'
import { isSparse, runAtMs } from './frame-timeline.ts'
import type { FrameTimelines } from './frame-timelines.ts'
import type { AlignedPairing } from './line-support.ts'
import { correlateMotion, type MotionOptions } from './motion-correlation.ts'
import { PLACED_ELSEWHERE, SAME_POSITION } from './offset-significance.ts'
import {
  identityTransform,
  type PictureTransform,
  type PlacedTransform,
  transformsToTry,
} from './picture-transforms.ts'
import { isSamePart, movesAgain } from './recurring-motion.ts'
import { meanBits, refineFrameLine } from './refine-frame-line.ts'
import { isRepeated } from './repeated-motion.ts'
import { endsShare } from './segment-ends.ts'
import { snapToNormalSpeed } from './snap-to-normal-speed.ts'

/** Frames may also run backwards. */
const RATES = [...SPEEDS, -1]
/** Minimum evidence of an alignment, and minimum number of rows with a matching frame. */
const MIN_EVIDENCE = 0.6
const MIN_ROWS = 3
/** A single keyframe names a pair; the limit on static evidence keeps it from being accepted without audio. */
const MIN_SPARSE_ROWS = 1
/** An alignment is extended while its frames are within this distance, in bits. */
const EXTENSION_BITS = 80
/** Segments compete if they share more than this fraction of the shorter one. */
const RIVAL_SHARE = 0.3

/** A segment with a smaller mean difference shows the same pictures in the same orientation ... */
const SAME_DIFFERENCE = 0.12
/** ... and if it covers this share of the query, no other transform is tried. */
const WHOLE_SHARE = 0.95

/** A segment with a larger mean difference may show another detail: of clocks with other minutes, 0.14 to 0.3. */
const OTHER_DETAIL = 0.125

/** With less evidence than this from frame-by-frame alignment (a score of 0.57), motion is correlated as well. */
const ENOUGH_EVIDENCE = 4

/** Weight of a weak alignment, far below anything that is reported. */
const WEAK_SHARE = 0.05

/** Number of audio segments around which windows of the query are compared as well. */
const AUDIO_SEEDS = 1

type AlignOptions = {
  /**
   * Tries only the identity transform, and counts frames that resemble the whole reference like any other. The result
   * is a hint about where to search, not proof.
   */
  readonly asWeak?: boolean
  /** Segments whose audio matches. Frames on the same line need less evidence. */
  readonly audio?: readonly TrackSegment[]
  /** Moments at which an alignment may start, around which windows of the query are compared. */
  readonly seeds?: () => readonly SeedAlignment[]
}

/** Segments, strongest first, and the pairings that explain them, in the identity transform and in others. */
export type FrameAlignment = {
  readonly segments: TrackSegment[]
  readonly aligned: readonly AlignedPairing[]
}

/** Returns segments with matching frames. */
export function alignFrames(
  query: FrameTimelines,
  ref: FrameTimelines,
  { asWeak = false, audio = [], seeds = () => [] }: AlignOptions = {},
): FrameAlignment {
  const identity = alignUnder(identityTransform(query, ref), { asWeak, audio })
  const segments = judged(identity.segments, { query, ref })
  if (asWeak) return { ...identity, segments: weighed(segments, WEAK_SHARE) }
  const allSeeds = () => [...seeds(), ...audio.slice(0, AUDIO_SEEDS).map(seedOf)]
  const transforms = isExplained(query, segments) ? [] : transformsToTry(query, ref, allSeeds())
  const tried = alignTransforms(transforms, { audio, videos: { query, ref } })
  addStronger(
    segments,
    tried.flatMap((one) => one.segments),
  )
  const explaining = tried.filter((one) => one.segments.some((segment) => segments.includes(segment)))
  const aligned = [identity, ...explaining].flatMap((one) => one.aligned)
  const evidence = segments.reduce((sum, segment) => sum + segment.evidence, 0)
  const moving =
    evidence < ENOUGH_EVIDENCE && audio.length === 0
      ? judged(
          [identityTransform(query, ref), ...transforms].flatMap((one) => correlated(one)),
          { query, ref },
        )
      : []
  addStronger(segments, moving)
  segments.sort((a, b) => b.evidence - a.evidence)
  // What only motion reveals cannot be traced frame by frame.
  return { segments, aligned: segments.some((segment) => moving.includes(segment)) ? [] : aligned }
}

type Videos = {
  readonly query: FrameTimelines
  readonly ref: FrameTimelines
  /** Whether keypoints show that the query shows more of the reference than a stored crop. */
  readonly arePlaced?: boolean
}

/** Segments with matching frames under each of some transforms. */
function alignTransforms(
  transforms: readonly PictureTransform[],
  { audio, videos }: { readonly audio: readonly TrackSegment[]; readonly videos: Videos },
): FrameAlignment[] {
  return transforms.map((transform) => {
    const { segments, aligned } = alignUnder(transform, { audio })
    return { segments: judged(weighed(segments, transform.share), videos), aligned }
  })
}

type PlacedOptions = Omit<Videos, 'arePlaced'> & {
  readonly audio: readonly TrackSegment[]
  /** Speeds of the query at which motion is correlated. */
  readonly speeds: readonly number[]
}

/** What windows prove that keypoints have placed (placed-windows.ts), frame by frame or by their motion. */
export function alignPlacedWindows(
  transforms: readonly PlacedTransform[],
  { audio, query, ref, speeds }: PlacedOptions,
): FrameAlignment {
  const videos = { query, ref, arePlaced: true }
  const tried = alignTransforms(
    transforms.filter(({ isPartial }) => !isPartial),
    { audio, videos },
  )
  const moving =
    audio.length > 0
      ? []
      : transforms.flatMap((transform) => {
          const limits = transform.isElsewhere ? PLACED_ELSEWHERE : SAME_POSITION
          return speeds.flatMap((rate) => judged(correlated(transform, { rate, limits }), videos))
        })
  return {
    segments: [...tried.flatMap((one) => one.segments), ...moving],
    aligned: tried.flatMap((one) => (one.segments.length > 0 ? one.aligned : [])),
  }
}

/** Two alignments of the same videos as one. Of two segments for the same part of the query, the stronger one stays. */
export function withFurther(known: FrameAlignment, further: FrameAlignment): FrameAlignment {
  const segments = [...known.segments]
  addStronger(segments, further.segments)
  segments.sort((a, b) => b.evidence - a.evidence)
  return { segments, aligned: [...known.aligned, ...further.aligned] }
}

/** Adds segments, strongest first, in place of weaker ones for the same part of the query. */
function addStronger(segments: TrackSegment[], others: readonly TrackSegment[]): void {
  for (const other of [...others].sort((a, b) => b.evidence - a.evidence)) {
    const rivals = segments.filter((segment) => overlapOf(segment, other) > RIVAL_SHARE)
    if (rivals.reduce((sum, rival) => sum + rival.evidence, 0) >= other.evidence) continue
    for (const rival of rivals) segments.splice(segments.indexOf(rival), 1)
    segments.push(other)
  }
}

/** The segment, if any, that only the motion over many frames reveals under a transform. */
function correlated(transform: PictureTransform, options?: MotionOptions): TrackSegment[] {
  const { rows, columns, query, mirrored, turn, share, queryBox, refBox } = transform
  const alignment =
    query === 'rows' && !isSparse(rows) && !isSparse(columns) && correlateMotion(rows, columns, options)
  if (!alignment) return []
  const pairing = { rows, columns, found: NO_HITS }
  const bits = meanBits(pairing, alignment.line, [alignment.from, alignment.to])
  // Cards of one template change at the same moments, but rest most of the time.
  const isStatic = isMostlyStatic(pairing, alignment)
  const evidence = isStatic ? Math.min(STATIC_EVIDENCE, alignment.evidence) : alignment.evidence
  return [
    {
      ...timesOf(boundariesOf(pairing, alignment), query),
      evidence: evidence * share,
      isStatic,
      difference: bits / 256,
      mirrored,
      turn,
      queryBox,
      refBox,
    },
  ]
}

/**
 * Lets segments count as static that may show another video of the kind. The reference changes there again and again, as
 * clocks and animations do. Either the pictures differ in some detail, or only a part of them agrees, at the same
 * position on both sides. The seconds of two clocks agree, and their minutes differ.
 */
function judged(
  segments: readonly TrackSegment[],
  { query, ref, arePlaced = false }: Videos,
): TrackSegment[] {
  const isPart = ({ queryBox = null, refBox = null, ...shown }: TrackSegment) =>
    arePlaced
      ? refBox !== ref.whole.box
      : isSamePart([queryBox, query.whole.box], [refBox, ref.whole.box], shown)
  const isOneOfMany = (segment: TrackSegment) =>
    segment.evidence > STATIC_EVIDENCE &&
    (segment.difference > OTHER_DETAIL || isPart(segment)) &&
    movesAgain(ref.whole, [segment.refStartMs, segment.refEndMs])
  return segments.map((segment) =>
    isOneOfMany(segment) ? { ...segment, evidence: STATIC_EVIDENCE, isStatic: true } : segment,
  )
}

function weighed(segments: readonly TrackSegment[], share: number): TrackSegment[] {
  return segments.map((segment) => ({ ...segment, evidence: segment.evidence * share }))
}

/** The middle of a segment. */
function seedOf(segment: TrackSegment): SeedAlignment {
  const queryMs = (segment.queryStartMs + segment.queryEndMs) / 2
  return { queryMs, refMs: refMsOn(segment, queryMs) }
}

/** Whether one segment explains the query so well that no other transform can do better. */
function isExplained({ whole }: FrameTimelines, segments: readonly TrackSegment[]): boolean {
  return segments.some(
    ({ difference, queryStartMs, queryEndMs }) =>
      difference < SAME_DIFFERENCE && queryEndMs - queryStartMs >= WHOLE_SHARE * whole.durationMs,
  )
}

/** Overlap of two segments in the query, as a share of the shorter one. */
function overlapOf(a: TrackSegment, b: TrackSegment): number {
  const common = Math.min(a.queryEndMs, b.queryEndMs) - Math.max(a.queryStartMs, b.queryStartMs)
  return common / Math.min(a.queryEndMs - a.queryStartMs, b.queryEndMs - b.queryStartMs)
}

/** Segments found under one picture transform. */
function alignUnder(
  transform: PictureTransform,
  { asWeak = false, audio = [] }: AlignOptions,
): FrameAlignment {
  const { rows, columns, query, mirrored, turn, queryBox, refBox } = transform
  const found = frameHits(rows, columns, { query, judgeRivals: !asWeak })
  const pairing: FramePairing = { rows, columns, found }
  const alignments = findAlignments(problemOf(pairing, transform, audio), { minEvidence: MIN_EVIDENCE })
  const snapped = query === 'columns' ? alignments.map((one) => snapToNormalSpeed(pairing, one)) : alignments
  const segments: TrackSegment[] = []
  for (const [at, alignment] of extend(pairing, snapped).entries()) {
    const distances = distancesOn(pairing, alignment)
    if (distances.length < (isSparse(rows) ? MIN_SPARSE_ROWS : MIN_ROWS)) continue
    const isOneOfMany = alignment.evidence > STATIC_EVIDENCE && isRepeated(pairing, alignment)
    const isStatic = isOneOfMany || isMostlyStatic(pairing, alignment)
    const evidence = isOneOfMany ? STATIC_EVIDENCE : alignment.evidence
    const share = endsShare(pairing, { alignment: snapped[at] as Alignment, all: snapped }, query)
    segments.push({
      ...timesOf(boundariesOf(pairing, alignment), query),
      evidence: evidence * (isStatic ? Math.min(1, share) : share),
      isStatic,
      difference: distances.reduce((sum, bits) => sum + bits, 0) / distances.length / 256,
      mirrored,
      turn,
      queryBox,
      refBox,
    })
  }
  return { segments, aligned: [{ pairing, transform }] }
}

function problemOf(
  pairing: FramePairing,
  { query }: PictureTransform,
  audio: readonly TrackSegment[],
): AlignmentProblem {
  const { rows, columns, found } = pairing
  return {
    rows: rows.runAt.length,
    rowMs: rows.stepMs,
    startMs: 0,
    rowsOfRef: query === 'columns',
    hits: found.hits,
    binMs: Math.min(rows.stepMs, columns.stepMs),
    rates: RATES,
    score: (line, into) => scoreFrames(pairing, line, into),
    plausibility: (alignment) => framePlausibility(pairing, alignment),
    refine: (line, interval) => refineFrameLine(pairing, line, interval),
    corroborating: audio.map((segment) => lineOf(segment, query)),
  }
}

function timesOf(
  { rowStartMs, rowEndMs, columnStartMs, columnEndMs, rate }: Boundaries,
  query: PictureTransform['query'],
) {
  return query === 'rows'
    ? {
        queryStartMs: rowStartMs,
        queryEndMs: rowEndMs,
        refStartMs: columnStartMs,
        refEndMs: columnEndMs,
        rate,
      }
    : {
        queryStartMs: columnStartMs,
        queryEndMs: columnEndMs,
        refStartMs: rowStartMs,
        refEndMs: rowEndMs,
        rate: 1 / rate,
      }
}

/** Converts the line of an audio segment to one from rows to columns. */
function lineOf(segment: TrackSegment, query: PictureTransform['query']): { rate: number; offsetMs: number } {
  const { rate } = segment
  const offsetMs = refMsOn(segment, 0)
  return query === 'rows' ? { rate, offsetMs } : { rate: 1 / rate, offsetMs: -offsetMs / rate }
}

/** Extends alignments to where the pictures diverge, but not into one another. */
function extend(pairing: FramePairing, alignments: readonly Alignment[]): Alignment[] {
  const { rows, columns } = pairing
  const taken = new Uint8Array(rows.runAt.length)
  for (const { from, to } of alignments) taken.fill(1, from, to + 1)
  return alignments.map((alignment) => {
    const { from, to } = extendInterval(alignment, (row) => {
      if (row < 0 || row >= taken.length || taken[row] === 1) return null
      const ms = row * rows.stepMs * alignment.line.rate + alignment.line.offsetMs
      if (ms < 0 || ms >= columns.durationMs) return null
      const run = rows.runAt[row] as number
      if (run < 0 || runAtMs(columns, ms) < 0) return 0
      return 1 - nearestBits(pairing, run, ms)[0] / EXTENSION_BITS
    })
    taken.fill(1, from, to + 1)
    return { ...alignment, from, to }
  })
}
