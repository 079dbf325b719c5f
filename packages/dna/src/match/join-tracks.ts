import type { Segment, TrackRun } from './segment.ts'

/** Evidence at which the confidence is one half, for pictures and for sound. */
const HALF_PICTURE = 3
const HALF_SOUND = 20
/** Picture and sound belong together where their lines lie no further apart than this in the middle. */
const SAME_PLACE_MS = 600
/** Sound boundaries are this blurred; up to here the picture's are taken. */
const SOUND_BLUR_MS = 2500

/** A passage is refuted when this share of it lies in one of both tracks, and it reaches less than this of its score. */
const REFUTED_SHARE = 0.5
const REFUTED_SCORE = 0.7

/** Confidence 0..1 of the evidence of pictures. */
function pictureScore(evidence: number): number {
  return evidence / (evidence + HALF_PICTURE)
}

/** Confidence 0..1 of the evidence of sound. */
function soundScore(evidence: number): number {
  return evidence / (evidence + HALF_SOUND)
}

/** Two witnesses that err independently: 1 - (1 - a)(1 - b). */
function noisyOr(a: number, b: number): number {
  return 1 - (1 - a) * (1 - b)
}

/**
 * Confidence that a pair shares anything: the evidence of its segments, strongest first, each counting for the part
 * of the query that no stronger one has explained. Several explanations of one moment are rivals, not witnesses.
 */
export function pairScore(joined: readonly JoinedSegment[]): number {
  let picture = 0
  let sound = 0
  const taken: Segment[] = []
  for (const { segment, ...evidence } of [...joined].sort((a, b) => b.segment.score - a.segment.score)) {
    const length = segment.queryEnd - segment.queryStart
    const free = 1 - Math.min(1, taken.reduce((sum, other) => sum + overlap(segment, other), 0) / length)
    picture += evidence.picture * free
    sound += evidence.sound * free
    taken.push(segment)
  }
  return noisyOr(pictureScore(picture), soundScore(sound))
}

/** Seconds of the query that two segments have in common. */
function overlap(a: Segment, b: Segment): number {
  return Math.max(0, Math.min(a.queryEnd, b.queryEnd) - Math.max(a.queryStart, b.queryStart))
}

/** A segment and the evidence of either track that it rests on. */
export type JoinedSegment = { readonly segment: Segment; readonly picture: number; readonly sound: number }

/** Segments of both tracks; those that say the same of the same place become one of kind `both`. */
export function joinTracks(pictures: readonly TrackRun[], sounds: readonly TrackRun[]): JoinedSegment[] {
  const free = new Set(sounds)
  const joined = pictures.map((picture): JoinedSegment => {
    const partners = [...free].filter((sound) => agree(picture, sound))
    for (const partner of partners) free.delete(partner)
    return {
      segment: partners.reduce(withSound, segmentOf(picture, 'video', pictureScore(picture.evidence))),
      picture: picture.evidence,
      sound: partners.reduce((sum, partner) => sum + partner.evidence, 0),
    }
  })
  for (const sound of free) {
    const segment = segmentOf(sound, 'audio', soundScore(sound.evidence))
    joined.push({ segment, picture: 0, sound: sound.evidence })
  }
  return joined
    .filter(({ segment: s }) => s.queryEnd > s.queryStart && s.refEnd > s.refStart)
    .filter(({ segment }, _, all) => !all.some((other) => refutes(other.segment, segment)))
    .sort(({ segment: a }, { segment: b }) => a.queryStart - b.queryStart || a.refStart - b.refStart)
}

function segmentOf(run: TrackRun, kind: Segment['kind'], score: number): Segment {
  return {
    queryStart: seconds(run.queryStartMs),
    queryEnd: seconds(run.queryEndMs),
    refStart: seconds(run.refStartMs),
    refEnd: seconds(run.refEndMs),
    score: Math.round(score * 1e4) / 1e4,
    kind,
    speed: Math.round(Math.abs(run.rate) * 1000) / 1000,
    mirrored: run.mirrored,
    reversed: run.rate < 0,
    turn: run.turn,
  }
}

/** Whole milliseconds as seconds. */
function seconds(ms: number): number {
  return Math.round(ms) / 1000
}

/** Where picture and sound agree on a moment, what one of them alone says of it must be nearly as sure to stay. */
function refutes(strong: Segment, weak: Segment): boolean {
  if (strong.kind !== 'both' || weak.kind === 'both') return false
  const length = weak.queryEnd - weak.queryStart
  return overlap(strong, weak) > REFUTED_SHARE * length && weak.score < REFUTED_SCORE * strong.score
}

/** Whether two runs overlap in the query and put the middle of the overlap at the same place. */
function agree(picture: TrackRun, sound: TrackRun): boolean {
  if (picture.rate < 0) return false
  const from = Math.max(picture.queryStartMs, sound.queryStartMs)
  const to = Math.min(picture.queryEndMs, sound.queryEndMs)
  if (to <= from) return false
  const middle = (from + to) / 2
  const at = (run: TrackRun) => run.refStartMs + (middle - run.queryStartMs) * run.rate
  return Math.abs(at(picture) - at(sound)) <= SAME_PLACE_MS
}

function withSound(segment: Segment, sound: TrackRun): Segment {
  const other = segmentOf(sound, 'audio', soundScore(sound.evidence))
  const earlier = segment.queryStart - other.queryStart > SOUND_BLUR_MS / 1000
  const later = other.queryEnd - segment.queryEnd > SOUND_BLUR_MS / 1000
  return {
    ...segment,
    kind: 'both',
    score: Math.round(noisyOr(segment.score, other.score) * 1e4) / 1e4,
    queryStart: earlier ? other.queryStart : segment.queryStart,
    refStart: earlier ? other.refStart : segment.refStart,
    queryEnd: later ? other.queryEnd : segment.queryEnd,
    refEnd: later ? other.refEnd : segment.refEnd,
  }
}
