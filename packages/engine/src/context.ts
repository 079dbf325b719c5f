import { availableParallelism } from 'node:os'
import type { Log } from '@kinoprint/core'
import type { Tools } from '@kinoprint/media'
import type { Database } from '@kinoprint/store'
import type { ThreadPool } from './threads/thread-pool.ts'

/** What storing and searching need, whether a job or the command line asks for it. */
export type WorkContext = {
  readonly db: Database
  readonly pool: ThreadPool
  readonly tools: Tools
  readonly log: Log
  /** An input of this length in seconds or longer is refused. */
  readonly maxVideoSeconds: number
  /** Decoder threads of each ffmpeg. */
  readonly ffmpegThreads: number
  /** Folder of the stills, one folder a VideoId; null makes none. */
  readonly thumbnailsDir: string | null
}

/** Where a piece of work says how far it is: 0..1 of its stage. */
export type Report = (stage: Stage, fraction: number) => void

export const stages = ['fetch', 'fingerprint', 'store', 'candidates', 'match'] as const
export type Stage = (typeof stages)[number]

export type WorkOptions = {
  readonly signal: AbortSignal
  readonly report: Report
  /** Told what of a file was left out, as sentences for its owner. */
  readonly onNote?: ((note: string) => void) | undefined
}

/** Decoder threads of each ffmpeg where so many files are worked on side by side. */
export const ffmpegThreadsFor = (concurrency: number): number =>
  Math.max(1, Math.floor(availableParallelism() / concurrency))
