import {
  ingestFile,
  readStoredParts,
  type StoredContent,
  type StoredParts,
  storeVideo,
  type VideoFacts,
  type WorkContext,
  type WorkOptions,
} from '@kinoprint/engine'
import { type Database, findVideoByContent, findVideoByObject } from '@kinoprint/store'
import type { VideoFile } from '../files/list-videos.ts'
import { fileEtag } from './file-etag.ts'
import { SCAN_BUCKET, SCAN_REGION, type ScanLibrary } from './scan-library.ts'

export type StoreOptions = WorkOptions & {
  readonly library: ScanLibrary
  /** Maximum file size in bytes. A larger file is rejected before it is read. */
  readonly maxFileBytes: number
}

/** Stores a file in a scan's library, unless the library already has the same content. */
export async function storeReference(
  context: WorkContext,
  { name, path }: VideoFile,
  { library: { dnaDbId, storeDetail, isOnlyLibrary }, maxFileBytes, ...options }: StoreOptions,
): Promise<void> {
  const { signal } = options
  const video = { dnaDbId, bucket: SCAN_BUCKET, object: name }
  const etag = await fileEtag(path, { maxBytes: maxFileBytes, signal })
  const known = await findVideoByObject(context.db, video)
  if ((await readStoredParts(context, known, { etag, storeDetail, signal })) !== null) return
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
