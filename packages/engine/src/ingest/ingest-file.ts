import type { DecodeContext, WorkOptions } from '../context.ts'
import type { FingerprintedFile, IngestedFile } from '../threads/tasks.ts'

export type IngestOptions = WorkOptions & {
  /** Whether the library is searched with the file too. */
  readonly asQuery: boolean
  /** Folder to write thumbnails to; null makes none. */
  readonly thumbnailsDir: string | null
}

/**
 * Decodes a file on this machine once, in a thread of the pool, into what a library stores of it and the facts about
 * it; with `asQuery` also into a search query. Throws the Fault `ResourceNotSupported` for a file that ffmpeg cannot
 * decode, and `Cancelled` when the signal is aborted.
 */
export async function ingestFile(
  { pool, tools, maxVideoSeconds, ffmpegThreads }: DecodeContext,
  path: string,
  { signal, onProgress, onNote, asQuery, thumbnailsDir }: IngestOptions,
): Promise<IngestedFile> {
  const file = await pool.run(
    'ingest',
    { tools, path, maxSeconds: maxVideoSeconds, ffmpegThreads, asQuery, thumbnailsDir },
    { signal, onProgress: (fraction) => onProgress('fingerprint', fraction) },
  )
  for (const note of file.notes) onNote?.(note)
  return file
}

/** Fingerprints a whole file that is compared with another one. Throws like `ingestFile`. */
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
