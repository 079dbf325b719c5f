import { type JoinedSegment, scoreOf } from './pair-score.ts'
import type { QueryRange, TrackSegment } from './segment.ts'
import {
  areCollinear,
  clipSegment,
  gapMs,
  hasLength,
  type Lengths,
  lengthMs,
  mergePair,
  mergeSegments,
  overlapMs,
} from './segment-geometry.ts'

/** Maximum distance between the lines of frames and audio that belong together. */
const SAME_LINE_MS = 600
/** Audio boundaries are blurred by this much. Within it, the frame boundaries are used. */
const AUDIO_BLUR_MS = 2500
/** Collinear segments in one track are merged across gaps of up to this length. */
const MAX_GAP_MS = 1000
/**
 * A segment is refuted if this share of it is inside a segment found in both tracks and its score is below this share
 * of that segment's score.
 */
const REFUTED_SHARE = 0.5
const REFUTED_SCORE = 0.7

/**
 * Joins the segments of both tracks. Frames and audio that agree become one segment, and no two segments that overlap
 * in both videos share a line. Sorted by query time, then reference time.
 */
export function joinTracks(
  frames: readonly TrackSegment[],
  audio: readonly TrackSegment[],
  lengths: Lengths,
): JoinedSegment[] {
  const touching = { withinMs: MAX_GAP_MS, lengths }
  const groups = groupsOf(mergeSegments(frames, touching), mergeSegments(audio, touching))
  const joined = onePerLine(
    groups.flatMap((group) => joinGroup(group, { frames, lengths })),
    lengths,
  )
  return joined
    .filter(
      ({ segment: { queryStartMs, queryEndMs, refStartMs, refEndMs } }) =>
        hasLength(queryStartMs, queryEndMs) && hasLength(refStartMs, refEndMs),
    )
    .filter((one, _, all) => !all.some((other) => refutes(other, one)))
    .sort(({ segment: a }, { segment: b }) => a.queryStartMs - b.queryStartMs || a.refStartMs - b.refStartMs)
}

/** Groups connected segments: each audio segment with the frame segments it agrees with. */
type Group = { readonly frames: TrackSegment[]; readonly audio: TrackSegment[] }

function groupsOf(frames: readonly TrackSegment[], audio: readonly TrackSegment[]): Group[] {
  let groups: Group[] = frames.map((segment) => ({ frames: [segment], audio: [] }))
  for (const sound of audio) {
    const agreeing = groups.filter((group) => group.frames.some((segment) => agree(segment, sound)))
    groups = groups.filter((group) => !agreeing.includes(group))
    groups.push({
      frames: agreeing.flatMap((group) => group.frames),
      audio: [...agreeing.flatMap((group) => group.audio), sound],
    })
  }
  return groups
}

/** Whether a frame segment and an audio segment overlap in the query and map it to the same part of the reference. */
export function agree(frames: TrackSegment, audio: TrackSegment): boolean {
  return overlapMs(frames, audio) > 0 && areCollinear(asShown(frames), audio, SAME_LINE_MS)
}

/** A frame segment without its orientation, which audio does not have. */
function asShown(segment: TrackSegment): TrackSegment {
  return { ...segment, mirrored: false, turn: 0 }
}

/**
 * Returns one joined segment for each line of a group's frames, with the audio divided among them. No line extends over
 * the frames of another one.
 */
function joinGroup(
  { frames, audio }: Group,
  { frames: every, lengths }: { frames: readonly TrackSegment[]; lengths: Lengths },
): JoinedSegment[] {
  const lines = mergeSegments(frames, { withinMs: Number.POSITIVE_INFINITY, lengths }).sort(
    (a, b) => a.queryStartMs - b.queryStartMs,
  )
  if (lines.length === 0) {
    return audio.map((segment) => ({ segment, frames: 0, audio: segment.evidence, pictures: null }))
  }
  return lines.map((line, i) => {
    const fromMs = i === 0 ? Number.NEGATIVE_INFINITY : borderMs(lines[i - 1] as TrackSegment, line)
    const toMs =
      i + 1 === lines.length ? Number.POSITIVE_INFINITY : borderMs(line, lines[i + 1] as TrackSegment)
    const pieces = audio
      .map((sound) => pieceOf(sound, { fromMs, toMs, lengths }))
      .filter((piece) => overlapMs(piece, line) > 0)
    return {
      segment: pieces.reduce(
        (segment, piece) => extendByAudio(segment, piece, { frames: every, lengths }),
        line,
      ),
      frames: line.evidence,
      audio: pieces.reduce((sum, piece) => sum + piece.evidence, 0),
      pictures: { fromMs: line.queryStartMs, toMs: line.queryEndMs },
    }
  })
}

/** The point at which the audio passes from one line to the next. */
function borderMs(earlier: TrackSegment, later: TrackSegment): number {
  return (earlier.queryEndMs + later.queryStartMs) / 2
}

/** Part of a segment, with a proportional share of the evidence. */
function pieceOf(
  segment: TrackSegment,
  { fromMs, toMs, lengths }: { fromMs: number; toMs: number; lengths: Lengths },
): TrackSegment {
  const piece = clipSegment(segment, {
    fromMs: Math.max(fromMs, segment.queryStartMs),
    toMs: Math.min(toMs, segment.queryEndMs),
    lengths,
  })
  const share = Math.max(0, lengthMs(piece)) / Math.max(1, lengthMs(segment))
  return { ...piece, evidence: segment.evidence * share }
}

/** Extends a frame segment, on its own line, as far as the audio reaches, but not over frames of another segment. */
function extendByAudio(
  segment: TrackSegment,
  audio: TrackSegment,
  { frames, lengths }: { frames: readonly TrackSegment[]; lengths: Lengths },
): TrackSegment {
  const { queryStartMs, queryEndMs } = segment
  const earlier = frames.filter((other) => other.queryStartMs < queryStartMs)
  const later = frames.filter((other) => other.queryEndMs > queryEndMs)
  const fromMs = Math.max(audio.queryStartMs, ...earlier.map((other) => other.queryEndMs))
  const toMs = Math.min(audio.queryEndMs, ...later.map((other) => other.queryStartMs))
  return clipSegment(segment, {
    fromMs: queryStartMs - fromMs > AUDIO_BLUR_MS ? fromMs : queryStartMs,
    toMs: toMs - queryEndMs > AUDIO_BLUR_MS ? toMs : queryEndMs,
    lengths,
  })
}

/**
 * Merges segments that overlap in both videos along one line, onto the line of the frames or of the stronger segment.
 */
function onePerLine(segments: readonly JoinedSegment[], lengths: Lengths): JoinedSegment[] {
  const whole: JoinedSegment[] = []
  for (const segment of [...segments].sort((a, b) => rank(b) - rank(a))) {
    let merged = segment
    for (;;) {
      const at = whole.findIndex((other) => repeats(other, merged))
      if (at < 0) break
      const [other] = whole.splice(at, 1) as [JoinedSegment]
      merged =
        rank(other) >= rank(merged)
          ? mergeJoined(other, merged, lengths)
          : mergeJoined(merged, other, lengths)
    }
    whole.push(merged)
  }
  return whole
}

function rank(joined: JoinedSegment): number {
  return scoreOf(joined) + (joined.frames > 0 ? 1 : 0)
}

function repeats(a: JoinedSegment, b: JoinedSegment): boolean {
  if (gapMs(a.segment, b.segment) >= 0) return false
  return a.frames > 0 && b.frames > 0
    ? areCollinear(a.segment, b.segment, SAME_LINE_MS)
    : areCollinear(asShown(a.segment), asShown(b.segment), SAME_LINE_MS)
}

function mergeJoined(strong: JoinedSegment, weak: JoinedSegment, lengths: Lengths): JoinedSegment {
  const share = 1 - overlapMs(strong.segment, weak.segment) / Math.max(1, lengthMs(weak.segment))
  const add = (own: number, other: number) => (own > 0 ? own + other * share : other)
  return {
    segment: mergePair(strong.segment, weak.segment, lengths),
    frames: add(strong.frames, weak.frames),
    audio: add(strong.audio, weak.audio),
    pictures: hullOf(strong.pictures, weak.pictures),
  }
}

function hullOf(a: QueryRange | null, b: QueryRange | null): QueryRange | null {
  if (a === null || b === null) return a ?? b
  return { fromMs: Math.min(a.fromMs, b.fromMs), toMs: Math.max(a.toMs, b.toMs) }
}

/**
 * If frames and audio agree on a moment, a segment of a single track that contradicts them is kept only if it is nearly
 * as certain.
 */
function refutes(strong: JoinedSegment, weak: JoinedSegment): boolean {
  const isBoth = ({ frames, audio }: JoinedSegment) => frames > 0 && audio > 0
  if (!isBoth(strong) || isBoth(weak)) return false
  const isInside = overlapMs(strong.segment, weak.segment) > REFUTED_SHARE * lengthMs(weak.segment)
  return isInside && scoreOf(weak) < REFUTED_SCORE * scoreOf(strong)
}
