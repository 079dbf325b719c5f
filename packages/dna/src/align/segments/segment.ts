import type { Turn } from '../../hash/orientation.ts'
import type { Crop } from '../../picture/crops.ts'

/** A rectangle of the displayed frame, in fractions of its width and height. */
export type Box = Crop

/** A stretch that two videos share. Times are decimal seconds from the start of each video. */
export type Segment = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  /** Confidence that this segment is a copy, 0 to 1. */
  readonly score: number
  /** What matches: the picture, the audio, or both at the same time. */
  readonly kind: 'video' | 'audio' | 'both'
  /** Seconds of the reference that pass in one second of the query. */
  readonly speed: number
  /** The query shows the reference's picture mirrored left to right. */
  readonly mirrored: boolean
  /** The query plays the segment backwards. */
  readonly reversed: boolean
  /** Clockwise degrees by which the query shows the reference's picture turned (after mirroring, if mirrored). */
  readonly turn: Turn
  /** The part of the query's frame that shows the reference's picture; null if all of it, or if only the audio matches. */
  readonly queryBox: Box | null
  /** The part of the reference's frame that the query shows; null if all of it, or if only the audio matches. */
  readonly refBox: Box | null
  /** Whose frame is shown or matched only in part: a box of that side is not null. */
  readonly part: SegmentPart
  /** Confidence by the pictures alone and by the audio alone, 0 to 1; 0 for a track that does not match. */
  readonly pictureScore: number
  readonly soundScore: number
  /** Below the floor of an accepted pair that has stronger segments: a possible reading, not a reported segment. */
  readonly weak: boolean
}

export type SegmentPart = 'whole' | 'query' | 'reference' | 'both'

/** What two videos share. */
export type PairMatch = {
  /** Confidence that the query contains a copy of part of the reference, 0 to 1. */
  readonly score: number
  /** Similarity of the matching pictures, 0 to 100 (equal hashes). */
  readonly similar: number
  /** Similarity of the matching audio, 0 to 100 (equal sub-fingerprints). */
  readonly audioSimilar: number
  /** Share of the query that segments cover, 0 to 1, weak readings left out. */
  readonly queryCoverage: number
  /** Share of the reference that segments cover, 0 to 1, weak readings left out. */
  readonly refCoverage: number
  /** Sorted by queryStart, then refStart. */
  readonly segments: readonly Segment[]
  /** Whether the score is high enough to report the pair. */
  readonly accepted: boolean
}

/** A part of the query, in milliseconds. */
export type QueryRange = { readonly fromMs: number; readonly toMs: number }

/** A match, and the ranges of the query that its pictures prove. Audio may extend a segment beyond its range. */
export type MatchWithPictures = PairMatch & { readonly pictures: readonly QueryRange[] }

/** A segment found in one track (frames or audio), in milliseconds, before the tracks are joined. */
export type TrackSegment = {
  readonly queryStartMs: number
  readonly queryEndMs: number
  readonly refStartMs: number
  readonly refEndMs: number
  /** Milliseconds of the reference per millisecond of the query; negative if the segment runs backwards. */
  readonly rate: number
  /** Calibrated weight of the evidence, 0 or more. */
  readonly evidence: number
  /** Mean share of differing bits over the matching samples, 0 to 1. */
  readonly difference: number
  readonly mirrored: boolean
  readonly turn: Turn
  /** The part of each frame that matches; null if all of it, absent if unknown. */
  readonly queryBox?: Box | null
  readonly refBox?: Box | null
  /** Whether the picture hardly moves, or the audio repeats itself, so that it proves little however long it lasts. */
  readonly isStatic?: boolean
}
