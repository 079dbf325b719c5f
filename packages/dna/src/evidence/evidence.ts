import type { Box } from '../align/segments/segment.ts'

/** Bits that mark a step at which nothing was compared: blank, silent or not decoded. */
export const NOT_COMPARED = 255

/** Numbers with which the scales of a match are drawn. Bits are of 256 for pictures and of 32 for sound. */
export type EvidenceThresholds = {
  /** The score from which a pair is accepted. */
  readonly accept: number
  /** A passage with a lower score is a weak reading. */
  readonly weak: number
  /** Frames that differ in fewer bits are alike; unrelated ones differ in about half of them. */
  readonly alikeBits: number
  readonly unrelatedBits: number
  /** Still pictures prove nothing from this median difference, and count in full up to the other one. */
  readonly stillBits: number
  readonly sameBits: number
  /** A picture moves from this many changed bits a second. */
  readonly movingBits: number
  /** Agreement of movement from which it counts at all and in full. */
  readonly cosineFloor: number
  readonly cosineFull: number
  /** Items that differ in fewer bits support a match; unrelated ones differ in about the other number. */
  readonly soundBits: number
  readonly unrelatedSoundBits: number
  /** Evidence at which the confidence is 0.5. */
  readonly halfPicture: number
  readonly halfSound: number
}

/** How the frames of a passage agree. */
export type PictureEvidence = {
  readonly evidence: number
  readonly score: number
  /** `keypoints` if no stored or query view shows the matching part: its frame hashes are informative only. */
  readonly method: 'frames' | 'keypoints'
  /** Compared frames, and how many of them are alike. */
  readonly rows: number
  readonly alike: number
  readonly medianBits: number | null
  /** Agreement of movement, -1 to 1. */
  readonly cosine: number
  /** Bits that change in a second, on the calmer side. */
  readonly movingBits: number
  readonly stepSeconds: number
  /** Query second of the first step. */
  readonly start: number
  /** Base64, one byte a step: differing bits of 256; 255 if nothing was compared. */
  readonly bits: string
}

/** How the sound of a passage agrees. */
export type SoundEvidence = {
  readonly evidence: number
  readonly score: number
  /** Compared items. */
  readonly items: number
  readonly meanBits: number | null
  readonly stepSeconds: number
  readonly start: number
  /** Base64, one byte a step: differing bits of 32; 255 if nothing was compared. */
  readonly bits: string
}

/** What a passage rests on. Times are decimal seconds. */
export type PassageEvidence = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  readonly score: number
  readonly weak: boolean
  readonly mirrored: boolean
  readonly turn: number
  readonly queryBox: Box | null
  readonly refBox: Box | null
  /** Reference second = refAt + rate x (query second - queryStart). The rate is negative if the passage is reversed. */
  readonly line: { readonly rate: number; readonly refAt: number }
  /** Null if there is nothing to compare. */
  readonly picture: PictureEvidence | null
  /** Null if a side has no sound. */
  readonly sound: SoundEvidence | null
}

/** Where frames and sound of two videos are alike: two grids over a range of both. */
export type Dots = {
  readonly columns: number
  readonly rows: number
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  /** Run-length coded levels, 0 to 15, row by row from the reference's start; see `encodeLevels`. */
  readonly picture: string
  /** Null if a side has no sound. */
  readonly sound: string | null
}

/** The step of a search that left a pair out of its answer. */
type DroppedBy =
  | 'confidence'
  | 'minSimilar'
  | 'policyConfidence'
  | 'policySeconds'
  | 'policyShare'
  | 'policyTrack'

/** Why a pair was not reported. */
export type WhyNot = {
  readonly step: DroppedBy
  readonly has: number | string
  readonly needs: number | string
  /** Further seconds like those of its best passage that its confidence lacks; null if seconds would not help. */
  readonly lacksSeconds: number | null
}

/** A range of the query in decimal seconds. */
export type DecodedRange = { readonly start: number; readonly end: number }

/** What a match rests on, as a search knew it when it ended. At most 500 kB as JSON. */
export type Evidence = {
  readonly version: 1
  readonly queryDuration: number
  readonly refDuration: number
  readonly thresholds: EvidenceThresholds
  /** In the order of the match's segments; at most 150. */
  readonly passages: readonly PassageEvidence[]
  /** The ranges of the query that were decoded frame by frame; null for all of it. The rest is keyframes and sound. */
  readonly decoded: readonly DecodedRange[] | null
  readonly dots: Dots
  /** Null for a reported pair. */
  readonly whyNot: WhyNot | null
  /** Whether strips or dots are coarser, or passages missing, to stay within the limit. */
  readonly reduced: boolean
}
