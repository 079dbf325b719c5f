import type { StoreDetail } from '@kinoprint/core'
import type { DecodeContext, WorkOptions } from '../context.ts'
import { filmOf } from '../threads/film-input.ts'
import type { FingerprintedFile, IngestedFile } from '../threads/tasks.ts'

export type IngestOptions = WorkOptions & {
  /** How much of the file to store. */
  readonly storeDetail: StoreDetail
  /** Whether the file is also used to search the library. */
  readonly asQuery: boolean
  /** Folder to write thumbnails to; null creates none. */
  readonly thumbnailsDir: string | null
}

/**
 * Decodes a local file once, in a thread of the pool, and returns what a library stores of it and its facts. With
 * `asQuery`, it also returns a search query. Throws the Fault `ResourceNotSupported` for a file that ffmpeg cannot
 * decode, and `Cancelled` if the signal is aborted.
 */
export async function ingestFile(
  { pool, tools, maxVideoSeconds, ffmpegThreads }: DecodeContext,
  path: string,
  { signal, onProgress, onNote, pieces, storeDetail, asQuery, thumbnailsDir }: IngestOptions,
): Promise<IngestedFile> {
  const { film, onPiece } = await filmOf(pieces, `ingest ${storeDetail} ${asQuery}`)
  onProgress('fingerprint', 0)
  const file = await pool.run(
    'ingest',
    { tools, path, maxSeconds: maxVideoSeconds, ffmpegThreads, film, storeDetail, asQuery, thumbnailsDir },
    { signal, onPiece, onProgress: (fraction) => onProgress('fingerprint', fraction) },
  )
  for (const note of file.notes) onNote?.(note)
  return file
}

/** Fingerprints a whole file for comparison with another one. Throws like `ingestFile`. */
export async function fingerprintFile(
  { pool, tools, maxVideoSeconds, ffmpegThreads }: DecodeContext,
  path: string,
  { signal, onProgress, onNote }: WorkOptions,
): Promise<FingerprintedFile> {
  const file = await pool.run(
    'fingerprint',
    { tools, path, maxSeconds: maxVideoSeconds, ffmpegThreads },
    { signal, onProgress: (fraction) => onProgress('fingerprint', fraction) },
  )
  for (const note of file.notes) onNote?.(note)
  return file
}
