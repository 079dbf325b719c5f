/** Degrees, clockwise, by which a picture is turned. */
export type Turn = 0 | 90 | 180 | 270

/** One passage that two videos share. Times are decimal seconds from each video's start. */
export type Segment = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  /** Confidence 0..1 that this passage is a copy. */
  readonly score: number
  /** What agrees: the picture, the sound, or both at the same place. */
  readonly kind: 'video' | 'audio' | 'both'
  /** Seconds of the reference that pass in one second of the query. */
  readonly speed: number
  /** The query shows the reference's picture mirrored left to right. */
  readonly mirrored: boolean
  /** The query plays the passage backwards. */
  readonly reversed: boolean
  /** How far the query shows the reference's picture turned clockwise (after it was mirrored, where it is). */
  readonly turn: Turn
}

/** What two videos share. */
export type PairMatch = {
  /** Confidence 0..1 that the query holds a copy of part of the reference. */
  readonly score: number
  /** How alike the matched pictures are, 0..100 (100: equal hashes). */
  readonly similar: number
  /** How alike the matched sound is, 0..100 (100: equal sub-fingerprints). */
  readonly audioSimilar: number
  /** Part of the query that some segment covers, 0..1. */
  readonly queryCoverage: number
  /** Part of the reference that some segment covers, 0..1. */
  readonly refCoverage: number
  /** Sorted by queryStart, then refStart. */
  readonly segments: readonly Segment[]
  /** Whether the score is high enough to report the pair. */
  readonly accepted: boolean
}

/** A passage found in one track (picture or sound), in milliseconds, before the tracks are joined. */
export type TrackRun = {
  readonly queryStartMs: number
  readonly queryEndMs: number
  readonly refStartMs: number
  readonly refEndMs: number
  /** Milliseconds of the reference per millisecond of the query; negative where the passage runs backwards. */
  readonly rate: number
  /** Calibrated weight of the evidence, 0 upwards. */
  readonly evidence: number
  /** Mean share of differing bits over the matched samples, 0..1. */
  readonly difference: number
  readonly mirrored: boolean
  readonly turn: Turn
  /** The picture hardly moves: it says little, however long it stands. */
  readonly isStill?: boolean
}
