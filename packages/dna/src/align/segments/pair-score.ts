import type { QueryRange, TrackSegment } from './segment.ts'
import { lengthMs, overlapMs } from './segment-geometry.ts'

/** Evidence at which the confidence is 0.5, for frames and for audio. */
export const HALF_FRAMES = 3
export const HALF_AUDIO = 20

/**
 * Weight of each static segment except the strongest: a series has title cards before, between and after its episodes.
 */
const FURTHER_STATIC_SHARE = 0.3

/**
 * Audio with less evidence than this (a confidence of 0.09) confirms no static picture: tunes of one scale, or a jingle of
 * a second, reach it by chance.
 */
const CONFIRMING_AUDIO = 2

/** Whether the audio of a segment confirms its picture, which may be a cover or a card shown over any audio. */
export function confirmsPicture(audioEvidence: number): boolean {
  return audioEvidence >= CONFIRMING_AUDIO
}

/**
 * Weight of each segment of faint audio alone except the strongest: between long videos, chance has many lines to choose
 * from, and music in one key agrees here and there.
 */
const FURTHER_FAINT_SHARE = 0.3
/** Audio with less evidence than this (a confidence of 0.33) is faint. */
const FAINT_AUDIO = 10

/** A joined segment of both tracks, and its evidence from each track. */
export type JoinedSegment = {
  readonly segment: TrackSegment
  readonly frames: number
  readonly audio: number
  /** The part that frames prove; null without frames. */
  readonly pictures: QueryRange | null
}

/** Confidence, 0 to 1, from the evidence of frames and of audio, whose errors are independent. */
export function scoreOf({ frames, audio }: { readonly frames: number; readonly audio: number }): number {
  const byFrames = frames / (frames + HALF_FRAMES)
  const byAudio = audio / (audio + HALF_AUDIO)
  return 1 - (1 - byFrames) * (1 - byAudio)
}

/** The evidence of one track, 0 or more, that alone gives a confidence of 0 to 1. */
export function evidenceOfScore(score: number, track: 'frames' | 'audio'): number {
  const half = track === 'frames' ? HALF_FRAMES : HALF_AUDIO
  return (half * score) / Math.max(1e-4, 1 - score)
}

/**
 * Confidence, 0 to 1, that a pair shares anything: combines the evidence of its segments, strongest first, each
 * counting for the part of the query that no stronger one explains. Several explanations of one moment compete; they do
 * not add up.
 */
export function pairScore(joined: readonly JoinedSegment[]): number {
  let frames = 0
  let audio = 0
  let staticSeen = false
  let faintSeen = false
  const taken: TrackSegment[] = []
  for (const one of [...joined].sort((a, b) => scoreOf(b) - scoreOf(a))) {
    const common = taken.reduce((sum, other) => sum + overlapMs(one.segment, other), 0)
    const free = 1 - Math.min(1, common / lengthMs(one.segment))
    const isStatic = one.segment.isStatic === true && !confirmsPicture(one.audio)
    frames += one.frames * free * (isStatic && staticSeen ? FURTHER_STATIC_SHARE : 1)
    staticSeen ||= isStatic
    const isFaint = one.frames === 0 && one.audio < FAINT_AUDIO
    audio += one.audio * free * (isFaint && faintSeen ? FURTHER_FAINT_SHARE : 1)
    faintSeen ||= isFaint
    taken.push(one.segment)
  }
  return scoreOf({ frames, audio })
}
