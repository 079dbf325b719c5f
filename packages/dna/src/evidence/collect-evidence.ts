import { NEUTRAL_BITS } from '../align/audio/audio-hits.ts'
import {
  COSINE_FLOOR,
  COSINE_FULL,
  MOVING_BITS,
  STATIC_BITS,
  STATIC_FULL_BITS,
} from '../align/frames/frame-evidence.ts'
import { ACCEPT_SCORE } from '../align/match-fingerprints.ts'
import { HALF_AUDIO, HALF_FRAMES } from '../align/segments/pair-score.ts'
import type { PairMatch, Segment } from '../align/segments/segment.ts'
import { WEAK_SCORE } from '../align/segments/to-segment.ts'
import { audioTimelineOf } from '../fingerprint/audio-timeline.ts'
import { type Fingerprint, usableDurationMs } from '../fingerprint/fingerprint.ts'
import { MATCH_THRESHOLD_BITS } from '../hash/hamming.ts'
import { addPictures, addSound } from './dot-grids.ts'
import { MAX_CELLS, ofEachTransform, wholePictures } from './dot-sides.ts'
import type { DecodedRange, Dots, Evidence, EvidenceThresholds, PassageEvidence, WhyNot } from './evidence.ts'
import { emptyLevels, encodeLevels, type Levels, resample } from './levels.ts'
import { type ComparedVideos, type PassageFrames, passageFrames, refMsAt } from './passage-frames.ts'
import { type DraftPicture, pictureEvidence } from './picture-evidence.ts'
import { type DraftSound, soundEvidence } from './sound-evidence.ts'
import { encodeStrip, mergingFactor, rounded } from './strip.ts'
import { lackingSeconds } from './why-not.ts'

/** Limits that keep the JSON under 500 kB: passages, steps of all strips together, and characters of a grid. */
const MAX_PASSAGES = 150
const MAX_STEPS = 140_000
const MAX_GRID_CHARACTERS = 100_000
/** A cell of a grid is a quarter of a second, or longer if there would be more cells than MAX_CELLS. */
const CELL_MS = 250

const THRESHOLDS: EvidenceThresholds = {
  accept: ACCEPT_SCORE,
  weak: WEAK_SCORE,
  alikeBits: MATCH_THRESHOLD_BITS,
  unrelatedBits: 128,
  stillBits: STATIC_BITS,
  sameBits: STATIC_FULL_BITS,
  movingBits: MOVING_BITS,
  cosineFloor: COSINE_FLOOR,
  cosineFull: COSINE_FULL,
  soundBits: NEUTRAL_BITS,
  unrelatedSoundBits: 14.4,
  halfPicture: HALF_FRAMES,
  halfSound: HALF_AUDIO,
}

export type EvidenceInput = {
  /** The query as it was aligned. */
  readonly query: Fingerprint
  /** The keyframes of the query, if the fingerprint above has only parts of it in full. */
  readonly keyframes?: Fingerprint | undefined
  readonly ref: Fingerprint
  readonly match: Pick<PairMatch, 'segments'>
  readonly decoded: readonly DecodedRange[] | null
  /** Why the pair was not reported; null if it was. */
  readonly whyNot: Omit<WhyNot, 'lacksSeconds'> | null
}

/**
 * Collects what a match rests on: how the frames and the sound of each passage agree step by step, and where else the two
 * videos are alike. It aligns nothing, so it takes a fraction of the alignment's time. Pure and deterministic.
 */
export function collectEvidence({ query, keyframes, ref, match, decoded, whyNot }: EvidenceInput): Evidence {
  const videos = { query: keyframes ? [query, keyframes] : [query], ref }
  const kept = match.segments.slice(0, MAX_PASSAGES)
  const drafts = draftsOf(videos, kept)
  const strips = drafts.flatMap(({ picture, sound }) => [picture?.strip ?? [], sound?.strip ?? []].flat())
  const factor = mergingFactor(strips, MAX_STEPS)
  const { dots, isCoarse } = dotsOf(videos, drafts)
  return {
    version: 1,
    queryDuration: query.durationSeconds,
    refDuration: ref.durationSeconds,
    thresholds: THRESHOLDS,
    passages: drafts.map((draft) => passageOf(draft, factor)),
    decoded,
    dots,
    whyNot: whyNot && { ...whyNot, lacksSeconds: secondsLacking(whyNot, drafts) },
    reduced: factor > 1 || isCoarse || kept.length < match.segments.length,
  }
}

type Draft = {
  readonly segment: Segment
  readonly frames: PassageFrames
  readonly picture: DraftPicture | null
  readonly sound: DraftSound | null
}

function draftsOf(videos: ComparedVideos, segments: readonly Segment[]): Draft[] {
  const [audio, refAudio] = audioOf(videos)
  return segments.map((segment) => {
    const frames = passageFrames(videos, segment)
    const sound = audio && refAudio ? soundEvidence(audio, refAudio, segment) : null
    return { segment, frames, picture: pictureEvidence(frames, segment), sound }
  })
}

function audioOf({ query: [query], ref }: ComparedVideos) {
  return [query ? audioTimelineOf(query) : null, audioTimelineOf(ref)] as const
}

function passageOf({ segment, picture, sound }: Draft, factor: number): PassageEvidence {
  const { queryStart, queryEnd, refStart, refEnd, score, weak, mirrored, turn, queryBox, refBox } = segment
  const length = Math.max(0.001, queryEnd - queryStart)
  const rate = ((segment.reversed ? -1 : 1) * (refEnd - refStart)) / length
  return {
    ...{ queryStart, queryEnd, refStart, refEnd, score, weak, mirrored, turn, queryBox, refBox },
    line: { rate: rounded(rate, 1e6), refAt: rounded(refMsAt(segment, 1000 * queryStart) / 1000, 1e4) },
    picture: withStrip(picture, factor),
    sound: withStrip(sound, factor),
  }
}

function withStrip<T extends Pick<DraftPicture, 'strip'>>(draft: T | null, factor: number) {
  if (draft === null) return null
  const { strip, ...rest } = draft
  return { ...rest, ...encodeStrip(strip, factor) }
}

/** Seconds help only a pair of too little confidence, and only where the picture moves or the sound agrees. */
function secondsLacking({ step }: Pick<WhyNot, 'step'>, drafts: readonly Draft[]): number | null {
  const [best] = [...drafts].sort((a, b) => b.segment.score - a.segment.score)
  if (step !== 'confidence' || best === undefined) return null
  const isStill = (best.picture?.movingBits ?? 0) < MOVING_BITS && best.segment.kind === 'video'
  return isStill ? null : lackingSeconds(best.segment)
}

function dotsOf(videos: ComparedVideos, drafts: readonly Draft[]): { dots: Dots; isCoarse: boolean } {
  const { query, ref } = videos
  const lengths = {
    queryMs: Math.max(1, usableDurationMs(query[0]?.durationSeconds ?? 0)),
    refMs: Math.max(1, usableDurationMs(ref.durationSeconds)),
  }
  const cells = (ms: number) => Math.max(1, Math.min(MAX_CELLS, Math.ceil(ms / CELL_MS)))
  const size = { columns: cells(lengths.queryMs), rows: cells(lengths.refMs) }
  const [audio, refAudio] = audioOf(videos)
  let picture = emptyLevels(size.columns, size.rows)
  addPictures(picture, sidesOf(videos, drafts), lengths)
  let sound = audio && refAudio ? emptyLevels(size.columns, size.rows) : null
  if (sound && audio && refAudio) addSound(sound, [audio, refAudio], lengths)
  let coarse = 1
  while ([picture, sound].some((grid) => grid && encodeLevels(grid).length > MAX_GRID_CHARACTERS)) {
    coarse *= 2
    picture = halved(picture)
    sound = sound && halved(sound)
  }
  const { columns, rows } = picture
  const dots = {
    ...{ columns, rows, queryStart: 0, refStart: 0 },
    queryEnd: lengths.queryMs / 1000,
    refEnd: lengths.refMs / 1000,
    picture: encodeLevels(picture),
    sound: sound && encodeLevels(sound),
  }
  return { dots, isCoarse: coarse > 1 }
}

/** The frames of each kind of passage, once; the whole pictures if no passage has a picture. */
function sidesOf(videos: ComparedVideos, drafts: readonly Draft[]): PassageFrames[] {
  const framesOf = new Map(drafts.map(({ segment, frames }) => [segment, frames]))
  const shown = ofEachTransform([...framesOf.keys()]).flatMap((segment) => framesOf.get(segment) ?? [])
  return shown.length > 0 ? shown : [wholePictures(videos)]
}

function halved(levels: Levels): Levels {
  const columns = Math.max(1, Math.ceil(levels.columns / 2))
  const rows = Math.max(1, Math.ceil(levels.rows / 2))
  return resample(levels, { fromColumn: 0, toColumn: levels.columns, columns, rows })
}
