import {
  fingerprintFile,
  type StorableFingerprint,
  storedFingerprint,
  storeVideo,
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
  /** A larger file is rejected before any of it is read. */
  readonly maxFileBytes: number
  readonly signal: AbortSignal
}

/** Stores a file in a scan's library, unless the library has the same content already. */
export async function storeReference(
  context: WorkContext,
  { name, path }: VideoFile,
  { library: { dnaDbId, isOnlyLibrary }, maxFileBytes, signal }: StoreOptions,
): Promise<void> {
  const video = { dnaDbId, bucket: SCAN_BUCKET, object: name }
  const etag = await fileEtag(path, { maxBytes: maxFileBytes, signal })
  const known = await findVideoByObject(context.db, video)
  if ((await storedFingerprint(context, known, { etag, signal })) !== null) return
  const options = { signal, report: ignoreProgress, onNote: (note: string) => tell(`${name}: ${note}`) }
  const kept = isOnlyLibrary ? null : await sameContent(context, { etag, signal })
  const fingerprint = kept ?? (await fingerprintFile(context, path, { ...options, asQuery: false }))
  const where = { ...video, region: SCAN_REGION, jobFence: null, etag }
  await storeVideo(
    context,
    { ...where, fingerprint, stills: null, newVideoId: null, detections: [] },
    options,
  )
}

/** The fingerprint of the same content under another folder, which saves decoding it again. */
async function sameContent(
  { db, pool }: Pick<WorkContext, 'pool'> & { db: Database },
  { etag, signal }: { etag: string; signal: AbortSignal },
): Promise<StorableFingerprint | null> {
  const twin = await findVideoByContent(db, { bucket: SCAN_BUCKET, etag })
  const stored = await storedFingerprint({ db, pool }, twin, { etag, signal })
  if (twin === null || stored === null) return null
  const { data } = stored
  const rows = await pool.run<'index'>({ kind: 'index', data }, { signal })
  const { durationSeconds, width, height, hasAudio, frameCount } = twin
  return { data, ...rows, durationSeconds, width, height, hasAudio, frameCount }
}
