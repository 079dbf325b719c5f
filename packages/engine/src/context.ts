import { availableParallelism } from 'node:os'
import type { Log } from '@kinoprint/core'
import type { Tools } from '@kinoprint/media'
import type { Database } from '@kinoprint/store'
import type { PackedPiece } from './threads/film-piece.ts'
import type { ThreadPool } from './threads/thread-pool.ts'

/** Resources that storing and searching need, for jobs and for the command line. */
export type WorkContext = {
  readonly db: Database
  readonly pool: ThreadPool
  readonly tools: Tools
  readonly log: Log
  /** Files of this length in seconds or longer are refused. */
  readonly maxVideoSeconds: number
  /** Number of decoder threads of each ffmpeg process. */
  readonly ffmpegThreads: number
  /** Directory of the thumbnails, with one folder per VideoId; null disables thumbnails. */
  readonly thumbnailsDir: string | null
  /** Gives access to the files of stored videos. Default: a search uses stored fingerprints alone. */
  readonly openSource?: OpenSource | undefined
}

/**
 * Calls `use` with the file of a stored video, at a path that functions of packages/media take. Null if the file is gone
 * or has changed.
 */
export type OpenSource = <T>(
  video: { readonly videoId: string; readonly object: string },
  use: (path: string) => Promise<T>,
  signal: AbortSignal,
) => Promise<T | null>

export type DecodeContext = Pick<
  WorkContext,
  'pool' | 'tools' | 'maxVideoSeconds' | 'ffmpegThreads' | 'openSource'
>

/** Stages of a job. A search skips `store`; a deletion has no stages. */
export const stages = ['fetch', 'fingerprint', 'store', 'candidates', 'match'] as const
export type Stage = (typeof stages)[number]

/** Called with the progress of a stage, 0..1. */
export type StageProgress = (stage: Stage, fraction: number) => void

/** Where the finished pieces of a film are kept until its job ends. */
export type PieceStore = {
  /** Length of a piece in seconds. Default: 10 min. */
  readonly pieceSeconds?: number | undefined
  /** The pieces of an earlier attempt; none if they were made of another file or in another way. */
  readonly load: (purpose: string) => Promise<readonly PackedPiece[]>
  /** Called for one piece after the other. A failure must not end the job. */
  readonly save: (purpose: string, piece: PackedPiece) => void
}

export type WorkOptions = {
  readonly signal: AbortSignal
  readonly onProgress: StageProgress
  /** Keeps the finished pieces of a film, so that another attempt continues. Default: they are not kept. */
  readonly pieces?: PieceStore | undefined
  /** Called for each part of a file that was left out, with one sentence for its owner. */
  readonly onNote?: ((note: string) => void) | undefined
}

/** Number of decoder threads of each ffmpeg process if `concurrency` files are decoded at a time; at least 1. */
export function ffmpegThreadsFor(concurrency: number): number {
  return Math.max(1, Math.floor(availableParallelism() / concurrency))
}
