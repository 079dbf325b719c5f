import {
  ingestFile,
  readStoredParts,
  type StoredContent,
  type StoredParts,
  storeVideo,
  type VideoFacts,
  type WorkContext,
} from '@kinoprint/engine'
import { type Database, findVideoByContent, findVideoByObject } from '@kinoprint/store'
import { fileEtag } from './file-etag.ts'
import type { VideoFile } from './list-videos.ts'
import { SCAN_BUCKET, SCAN_REGION, type ScanLibrary } from './scan-library.ts'
import { tell } from './scan-output.ts'

function ignoreProgress(): void {}

export type StoreOptions = {
  readonly library: ScanLibrary
  /** Maximum file size in bytes. A larger file is rejected before it is read. */
  readonly maxFileBytes: number
  readonly signal: AbortSignal
}

/** Stores a file in a scan's library, unless the library already has the same content. */
export async function storeReference(
  context: WorkContext,
  { name, path }: VideoFile,
  { library: { dnaDbId, storeDetail, isOnlyLibrary }, maxFileBytes, signal }: StoreOptions,
): Promise<void> {
  const video = { dnaDbId, bucket: SCAN_BUCKET, object: name }
  const etag = await fileEtag(path, { maxBytes: maxFileBytes, signal })
  const known = await findVideoByObject(context.db, video)
  if ((await readStoredParts(context, known, { etag, storeDetail, signal })) !== null) return
  const options = { signal, onProgress: ignoreProgress, onNote: (note: string) => tell(`${name}: ${note}`) }
  const kept = isOnlyLibrary ? null : await sameContent(context, { etag, storeDetail, signal })
  const ingest = { ...options, storeDetail, asQuery: false, thumbnailsDir: null }
  const file = kept ?? (await ingestFile(context, path, ingest))
  const { stored, facts } = file
  const location = { ...video, region: SCAN_REGION, jobFence: null, etag }
  await storeVideo(
    context,
    { ...location, stored, facts, thumbnails: null, newVideoId: null, detections: [] },
    options,
  )
}

/** The stored video with the same content from another folder, which saves decoding it again. */
async function sameContent(
  { db, pool }: Pick<WorkContext, 'pool'> & { db: Database },
  content: StoredContent,
): Promise<{ stored: StoredParts; facts: VideoFacts } | null> {
  const twin = await findVideoByContent(db, { bucket: SCAN_BUCKET, etag: content.etag })
  const stored = await readStoredParts({ db, pool }, twin, content)
  if (twin === null || stored === null) return null
  const { durationSeconds, width, height, hasAudio, frameCount, codec, fps, bytes } = twin
  return { stored, facts: { durationSeconds, width, height, hasAudio, frameCount, codec, fps, bytes } }
}
