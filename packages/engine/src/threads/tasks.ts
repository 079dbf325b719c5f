import type { AudioTrack, Candidate, CandidateHit, PairMatch, Place, Probe } from '@kinoprint/dna'
import type { MediaInfo, Tools, Window } from '@kinoprint/media'

export type { Window } from '@kinoprint/media'

/** Decode a file once and fingerprint it. */
export type FingerprintTask = {
  readonly kind: 'fingerprint'
  readonly tools: Tools
  readonly path: string
  /** An input of this length in seconds or longer is refused. */
  readonly maxSeconds: number
  /** Decoder threads of ffmpeg, so that several jobs do not oversubscribe the cores. */
  readonly ffmpegThreads: number
  /** Whether the library will be asked with it: what is only stored needs no views of a query. */
  readonly asQuery: boolean
  /** Where to write poster.jpg, sprite.jpg and sprite.json; null makes none. */
  readonly stillsDir: string | null
}

/** Fingerprint a file that is only asked with: of a long one the keyframes and the sound alone. */
export type LookTask = Omit<FingerprintTask, 'kind' | 'asQuery' | 'stillsDir'> & { readonly kind: 'look' }

/** Fingerprint a file that was looked at again, with all frames of these parts of it. */
export type LookCloserTask = Omit<LookTask, 'kind' | 'maxSeconds'> & {
  readonly kind: 'lookCloser'
  readonly glance: Glance
  readonly windows: readonly Window[]
}

/** What a first look at a long file leaves for a closer one. */
type Glance = {
  readonly info: MediaInfo
  /** Times of the keyframes, rising. */
  readonly timesMs: readonly number[]
  readonly audio: AudioTrack | null
  readonly durationSeconds: number
}

/** Read a stored fingerprint back into what a search asks with. */
export type ProbesTask = { readonly kind: 'probes'; readonly data: Uint8Array }

/** Read a stored fingerprint back into what the candidate index holds of it. */
export type IndexTask = { readonly kind: 'index'; readonly data: Uint8Array }

/** Order the videos that the candidate index named by how well their hits agree in time. */
export type RankTask = {
  readonly kind: 'rank'
  readonly hits: readonly CandidateHit[]
  readonly limit: number
  /** Of those with few votes at most so many; as many as the limit unless told. */
  readonly doubtful?: number
}

/** `places`: only if something alike is found around them (see `isPromising`). */
type Reference = {
  readonly videoId: string
  readonly data: Uint8Array
  readonly places?: readonly Place[] | undefined
}

/** Align one encoded fingerprint with several others. */
export type MatchTask = {
  readonly kind: 'match'
  readonly query: Uint8Array
  readonly references: readonly Reference[]
  /** Whether to name the likeliest place where nothing is proven. */
  readonly leads?: boolean
}

/** Align two encoded fingerprints of which neither is stored; the answer does not depend on their order. */
export type CompareTask = { readonly kind: 'compare'; readonly a: Uint8Array; readonly b: Uint8Array }

export type Task =
  | FingerprintTask
  | LookTask
  | LookCloserTask
  | ProbesTask
  | IndexTask
  | RankTask
  | MatchTask
  | CompareTask

export type IndexRows = { readonly keyframes: readonly Probe[]; readonly audioWindows: readonly Probe[] }
export type QueryProbes = { readonly video: readonly Probe[]; readonly audio: readonly Probe[] }

/** Everything that storing or searching needs of a decoded file. */
export type FileFingerprint = IndexRows & {
  /** The encoded fingerprint, as it is stored. */
  readonly data: Uint8Array
  /** The same with the views that only a query has, if it was made as one. */
  readonly queryData: Uint8Array
  readonly probes: QueryProbes
  /** True length in seconds: what could be decoded, not what the header says. */
  readonly durationSeconds: number
  /** Display size in pixels. */
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
  /** Sampled frames. */
  readonly frameCount: number
  /** What of the file was left out, as sentences for its owner. */
  readonly notes: readonly string[]
  /** Why the stills that were asked for could not be made; null where nothing went wrong. */
  readonly stillsFailure: string | null
}

/** `glance` is null where the whole file was decoded at once. */
export type Look = { readonly fingerprint: FileFingerprint; readonly glance: Glance | null }

/** `match` is null where the stored fingerprint cannot be read. */
export type VideoMatch = { readonly videoId: string; readonly match: PairMatch | null }

export type TaskResults = {
  fingerprint: FileFingerprint
  look: Look
  lookCloser: FileFingerprint
  probes: QueryProbes
  index: IndexRows
  rank: Candidate[]
  match: VideoMatch[]
  compare: PairMatch
}

export type ToThread = { readonly type: 'run'; readonly task: Task } | { readonly type: 'abort' }

/** A Fault crosses the thread border as its fields, anything else as text: it is a bug and ends in the log. */
export type ThreadError =
  | { readonly kind: 'fault'; readonly code: string; readonly message: string }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string }

export type FromThread =
  | { readonly type: 'progress'; readonly fraction: number }
  | { readonly type: 'done'; readonly result: TaskResults[Task['kind']] }
  | { readonly type: 'failed'; readonly error: ThreadError }
