import type { PairMatch } from '@kinoprint/dna'
import type { VideoFacts } from '../threads/tasks.ts'

/** A file of the folders that are compared. */
export type CollectionFile = {
  readonly path: string
  /** Equal for files with the same bytes. */
  readonly content: string
  readonly bytes: number
  readonly facts: Pick<VideoFacts, 'durationSeconds' | 'width' | 'height' | 'hasAudio' | 'codec' | 'fps'>
  /** A reference is never proposed for removal. */
  readonly isReference: boolean
  /** False for a file that is reached through a symbolic link: it is not proposed for removal either. */
  readonly isOwn: boolean
}

/** What a search with the content `query` found in the content `ref`. */
export type ContentMatch = PairMatch & { readonly query: string; readonly ref: string }

/**
 * How two files are related: the same bytes; each shows the whole of the other; one shows the whole of the other, which
 * has more; or they share passages.
 */
export type Relation = 'identical' | 'whole' | 'excerpt' | 'passages'

/** What matches: pictures and sound, or all that both files have; or one of them, while the other differs. */
export type MatchedTracks = 'both' | 'pictures' | 'sound'

/** A passage that two files share. Times in seconds. */
export type Passage = {
  readonly aStart: number
  readonly aEnd: number
  readonly bStart: number
  readonly bEnd: number
  /** Confidence, 0 to 1. */
  readonly score: number
  readonly kind: 'video' | 'audio' | 'both'
  /** Seconds of B that pass in one second of A. */
  readonly speed: number
  readonly mirrored: boolean
  readonly turn: number
  readonly reversed: boolean
}

export type FilePair = {
  readonly a: CollectionFile
  readonly b: CollectionFile
  readonly relation: Relation
  readonly tracks: MatchedTracks
  /** Confidence that the pair shares anything, 0 to 1. */
  readonly score: number
  /** Share of each file that the passages cover, 0 to 1. */
  readonly aCoverage: number
  readonly bCoverage: number
  readonly passages: readonly Passage[]
}

/** Files that show the same from start to end. */
export type CopyGroup = {
  /** The one to keep: a reference, or else the best picture. */
  readonly keep: CollectionFile
  /** All of them, `keep` first. */
  readonly files: readonly CollectionFile[]
  /** Those that can go, because `keep` has all of their picture and sound. */
  readonly spare: readonly CollectionFile[]
}

export type Duplicates = {
  readonly groups: readonly CopyGroup[]
  /** One for each two files that are related, closest relation first. Of identical files, one stands for all. */
  readonly pairs: readonly FilePair[]
}
