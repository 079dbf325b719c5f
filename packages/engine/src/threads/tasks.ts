import type { FailedLimit, StoreDetail } from '@kinoprint/core'
import type {
  AudioTrack,
  DecodedRange,
  Fingerprint,
  MatchWithPictures,
  PairMatch,
  QueryHashes,
  SeedAlignment,
  Segment,
  StillRange,
  TimedHash,
  TimedKeys,
  Tracks,
} from '@kinoprint/dna'
import type { MediaInfo, TimeRange, Tools } from '@kinoprint/media'

import type { FilmInput, PackedPiece } from './film-piece.ts'
import type { TaskWork } from './task-work.ts'

export type { TimeRange } from '@kinoprint/media'

/** A local file and how to decode it. */
export type FileInput = {
  readonly tools: Tools
  readonly path: string
  /** Files of this length in seconds or longer are refused. */
  readonly maxSeconds: number
  /** Number of decoder threads of each ffmpeg process. */
  readonly ffmpegThreads: number
  /** How to decode a film in pieces. */
  readonly film?: FilmInput | undefined
}

export type IngestInput = FileInput & {
  /** How much of the file to store. */
  readonly storeDetail: StoreDetail
  /** Whether the result also carries a search query. */
  readonly asQuery: boolean
  /** Where to write poster.jpg, sprite.jpg and sprite.json; null creates no thumbnails. */
  readonly thumbnailsDir: string | null
}

/** A file with which a library is searched. */
export type QueryInput = FileInput & {
  /** The tracks to compare. Default: both. */
  readonly tracks?: Tracks | undefined
}

export type ScanInput = QueryInput & {
  /** Where to write poster.jpg, sprite.jpg and sprite.json; null creates no thumbnails. */
  readonly thumbnailsDir: string | null
}

export type RefineInput = Omit<FileInput, 'maxSeconds'> & {
  readonly keyframes: KeyframeSummary
  /** The parts of the file to use in full. */
  readonly ranges: readonly TimeRange[]
  /** Parts that an earlier refinement has decoded. */
  readonly known: readonly RangeFrames[]
}

/** The frames of a part of a file. */
export type RangeFrames = {
  readonly range: TimeRange
  /** By time. The pixels are in shared memory, so no thread copies them. */
  readonly frames: readonly { readonly timeMs: number; readonly gray: Uint8Array }[]
}

export type RefinedQuery = {
  readonly fingerprint: Fingerprint
  /** For a further refinement. Empty if they would take too much memory. */
  readonly decoded: readonly RangeFrames[]
}

export type MatchInput = {
  readonly query: Fingerprint
  readonly references: readonly Reference[]
  /** Whether to report the likeliest alignment of a pair that proves nothing. */
  readonly includeWeak?: boolean
}

/** Encoded stored fingerprints, and the query that may share details with them. */
export type ScreenInput = {
  readonly query: Fingerprint
  readonly references: readonly Pick<Reference, 'videoId' | 'data'>[]
}

/** A still, and encoded stored fingerprints that may show it between their frames. */
export type StillRangesInput = {
  readonly still: Fingerprint
  readonly references: readonly Pick<Reference, 'videoId' | 'data'>[]
}

/** A stretch of a stored video that may show a still. */
export type VideoStillRange = StillRange & { readonly videoId: string }

export type StillFramesInput = Omit<FileInput, 'film'> & {
  readonly still: Fingerprint
  /** The parts of the file to decode, ascending, without overlaps. */
  readonly ranges: readonly TimeRange[]
  /** Length of the video as stored. */
  readonly durationSeconds: number
}

/** How much a video shares with the query (sharedDetails in dna). */
export type ScreenedVideo = { readonly videoId: string; readonly details: number }

export type StretchInput = { readonly data: Uint8Array; readonly fromMs: number; readonly toMs: number }
export type CutStretch = { readonly data: Uint8Array; readonly query: SearchQuery }

export type FindStretchesInput = {
  readonly data: Uint8Array
  readonly stretches: readonly { readonly id: string; readonly data: Uint8Array }[]
}

/** Where a video shows a stretch. */
export type FoundStretch = { readonly id: string; readonly segments: readonly Segment[] }

export type CompareInput = {
  readonly a: Fingerprint
  readonly b: Fingerprint
  /** Whether to return the likeliest alignment if nothing is proven. */
  readonly includeWeak?: boolean
}

/** An encoded stored fingerprint. With `seeds`, it is aligned only if it resembles the query around one of them. */
type Reference = {
  readonly videoId: string
  readonly data: Uint8Array
  readonly seeds?: readonly SeedAlignment[] | undefined
}

/** The facts about a decoded file that a library stores. */
export type VideoFacts = {
  /** Measured during decoding, in seconds. The header may state another length. */
  readonly durationSeconds: number
  /** Display size in pixels. */
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
  /** Number of sampled frames. */
  readonly frameCount: number
  /** The name that ffprobe gives the codec of the picture, such as `h264`; null if not known. */
  readonly codec: string | null
  /** Frames per second. */
  readonly fps: number | null
  /** Size of the file. */
  readonly bytes: number | null
}

/** The entries of a video in the candidate index. */
export type IndexRows = {
  readonly storeDetail: StoreDetail
  readonly video: readonly TimedHash[]
  readonly audio: readonly TimedHash[]
  readonly keypoints: readonly TimedKeys[]
  readonly landmarks: readonly TimedKeys[]
}

/** The data of a video that a library stores: the encoded fingerprint and its index rows. */
export type StoredParts = IndexRows & { readonly data: Uint8Array }

export type SearchQuery = {
  /** Its arrays are in shared memory: any number of threads read them without a copy. */
  readonly fingerprint: Fingerprint
  /** The hashes that are looked up in the candidate index. */
  readonly hashes: QueryHashes
  /** The frames of rarer edits, looked up if those lead to no accepted match. */
  readonly furtherFrames: readonly TimedHash[]
  /** Keys of pictures and of sound, looked up in a large library if nothing else led to an accepted match. */
  readonly keypoints: readonly TimedKeys[]
  readonly landmarks: readonly TimedKeys[]
}

type DecodedFile = {
  readonly facts: VideoFacts
  /** Which parts of the file were left out and why, one sentence each. */
  readonly notes: readonly string[]
}

export type FingerprintedFile = DecodedFile & { readonly fingerprint: Fingerprint }
export type QueriedFile = DecodedFile & { readonly query: SearchQuery }

export type IngestedFile = DecodedFile & {
  readonly stored: StoredParts
  /** Null unless `asQuery`. */
  readonly query: SearchQuery | null
  /** Why the thumbnails could not be created; null on success. */
  readonly thumbnailsFailure: string | null
}

/** Results of a keyframe scan that later refinements need. */
type KeyframeSummary = {
  readonly info: MediaInfo
  /** Times of the keyframes, ascending. */
  readonly timesMs: readonly number[]
  readonly audio: AudioTrack | null
  readonly durationSeconds: number
}

/** `keyframes` is null if the whole file was decoded. */
export type KeyframeScan = {
  readonly file: QueriedFile
  readonly keyframes: KeyframeSummary | null
  /** Why the thumbnails could not be created; null on success. */
  readonly thumbnailsFailure: string | null
}

/** `match` is null if the stored fingerprint is damaged. */
export type VideoMatch = { readonly videoId: string; readonly match: MatchWithPictures | null }

/** The query as a search compared it last. */
export type SearchedQuery = {
  readonly fingerprint: Fingerprint
  /** The keyframes of the whole file, if only parts of it were decoded in full. */
  readonly keyframes: Fingerprint | null
  /** Those parts; null if the whole file was decoded. */
  readonly decoded: readonly DecodedRange[] | null
}

/** A pair to explain: its stored fingerprint and segments, and why it is not reported. */
type ReferenceToExplain = {
  readonly videoId: string
  readonly data: Uint8Array
  readonly segments: readonly Segment[]
  readonly failed: FailedLimit | null
}

type EvidenceInput = {
  readonly query: SearchedQuery
  readonly references: readonly ReferenceToExplain[]
}

/** Gzipped JSON of an `Evidence`. */
type VideoEvidence = { readonly videoId: string; readonly evidence: Uint8Array }

/** The encoded fingerprint of a query, as videos are stored. */
export type KeptQuery = { readonly data: Uint8Array; readonly storeDetail: StoreDetail }

type TaskType<Input, Result> = { readonly input: Input; readonly result: Result }

/** Every task that a thread of the pool runs: the functions `run…Task` in this folder. */
export type TaskMap = {
  /** Decodes a file once for a library. */
  ingest: TaskType<IngestInput, IngestedFile>
  /** Decodes a whole file, including the picture transforms that only a query has. */
  fingerprint: TaskType<FileInput, FingerprintedFile>
  /** The same, with the hashes to look up. */
  query: TaskType<QueryInput, QueriedFile>
  /** Decodes the keyframes and the audio of a long file, or the whole of a short one. */
  keyframeScan: TaskType<ScanInput, KeyframeScan>
  /** Decodes parts of a scanned file in full, those that are not known yet. */
  refine: TaskType<RefineInput, RefinedQuery>
  /** Turns stored bytes into a query. */
  storedQuery: TaskType<{ readonly data: Uint8Array }, SearchQuery>
  /** Computes hashes of a query's audio at another pitch: 0.03 s of CPU, which most searches do not need. */
  variantWindows: TaskType<{ readonly query: Fingerprint }, readonly TimedHash[]>
  /** Turns stored bytes into index rows. */
  indexRows: TaskType<{ readonly data: Uint8Array }, IndexRows>
  /** Cuts a stretch out of stored bytes, as a fingerprint to keep and as a query. */
  stretch: TaskType<StretchInput, CutStretch>
  /** Aligns short stretches with one video. */
  findStretches: TaskType<FindStretchesInput, FoundStretch[]>
  /** Aligns a query with stored fingerprints. */
  match: TaskType<MatchInput, VideoMatch[]>
  /** Tells how much stored fingerprints share with a query, far faster than an alignment. Damaged ones are left out. */
  screen: TaskType<ScreenInput, ScreenedVideo[]>
  /** Names the stretches of stored videos that may show a still. Damaged fingerprints are left out. */
  stillRanges: TaskType<StillRangesInput, VideoStillRange[]>
  /** Compares a still with every frame of some stretches of a file; null if they have none. */
  stillFrames: TaskType<StillFramesInput, PairMatch | null>
  /** Aligns two files that are in no library. */
  compare: TaskType<CompareInput, PairMatch>
  /** Collects what the matches of a search rest on. */
  evidence: TaskType<EvidenceInput, VideoEvidence[]>
  /** Encodes a query's fingerprint to be kept. */
  keepQuery: TaskType<{ readonly fingerprint: Fingerprint }, KeptQuery>
}

export type TaskKind = keyof TaskMap

/** One task as it is sent to a thread. */
export type Task<K extends TaskKind = TaskKind> = {
  [Kind in K]: { readonly kind: Kind; readonly input: TaskMap[Kind]['input'] }
}[K]

export type TaskOptions = {
  readonly signal: AbortSignal
  /** Called with 0..1 while a file is decoded. */
  readonly onProgress: (fraction: number) => void
  /** Called with each finished piece of a film. */
  readonly onPiece: (piece: PackedPiece) => void
}

export type ToThread = { readonly type: 'run'; readonly task: Task } | { readonly type: 'abort' }

/** A Fault is sent between threads as its fields, any other error as text for the log. */
export type ThreadError =
  | { readonly kind: 'fault'; readonly code: string; readonly message: string }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string }

export type FromThread =
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'piece'; readonly piece: PackedPiece }
  | { readonly type: 'done'; readonly result: TaskMap[TaskKind]['result']; readonly work: TaskWork }
  | { readonly type: 'failed'; readonly error: ThreadError; readonly work: TaskWork }
