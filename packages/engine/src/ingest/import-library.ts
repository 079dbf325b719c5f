import { Fault } from '@kinoprint/core'
import { checkBucketName, checkObjectName } from '@kinoprint/objects'
import {
  type ArchivedVideo,
  findVideoByObject,
  getLibrary,
  loadIgnoredStretches,
  readLibraryFile,
  saveIgnoredRanges,
} from '@kinoprint/store'
import type { WorkContext } from '../context.ts'
import { findIgnoredIn } from '../ignored/find-stretch.ts'
import { storeVideo } from './store-video.ts'

export type ImportRequest = {
  /** The library to add the videos to. */
  readonly dnaDbId: string
  /** A library file. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Whether a video of the file replaces a stored one of the same name with other content. */
  readonly replace: boolean
  readonly signal: AbortSignal
}

/** What became of the videos of a library file. */
export type ImportReport = {
  readonly videos: number
  readonly stored: number
  /** The library holds the same content under the same name. */
  readonly unchanged: number
  readonly replaced: number
  /** The library holds other content under the same name, which stays. */
  readonly kept: number
}

type ImportContext = Pick<WorkContext, 'db' | 'pool' | 'log' | 'thumbnailsDir'>
type Outcome = Exclude<keyof ImportReport, 'videos'>

/**
 * Adds the videos of a library file to a library, one at a time, without decoding anything. VideoIds stay if they are free.
 * What the library already holds is skipped, so an import that broke off is completed by repeating it.
 *
 * @throws Fault NotFound if there is no such library; InvalidContent where the file is damaged, CapacityExceeded where the
 * library is full. The videos before that stay stored.
 */
export async function importLibrary(
  context: ImportContext,
  { dnaDbId, chunks, replace, signal }: ImportRequest,
): Promise<ImportReport> {
  const { db } = context
  if ((await getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  const { videos } = await readLibraryFile(chunks)
  const stretches = await loadIgnoredStretches(db, dnaDbId)
  const counts: Record<Outcome, number> = { stored: 0, unchanged: 0, replaced: 0, kept: 0 }
  for await (const video of videos) {
    signal.throwIfAborted()
    counts[await importVideo(context, { dnaDbId, video, stretches, replace, signal })]++
  }
  return { videos: Object.values(counts).reduce((sum, count) => sum + count, 0), ...counts }
}

type VideoToImport = Pick<ImportRequest, 'dnaDbId' | 'replace' | 'signal'> & {
  readonly video: ArchivedVideo
  readonly stretches: Awaited<ReturnType<typeof loadIgnoredStretches>>
}

async function importVideo(
  context: ImportContext,
  { dnaDbId, video, stretches, replace, signal }: VideoToImport,
): Promise<Outcome> {
  const { db, pool } = context
  checkBucketName(video.bucket)
  checkObjectName(video.object)
  const { name: _name, data, videoId, ...facts } = video
  const { bucket, object, etag } = video
  const known = await findVideoByObject(db, { dnaDbId, bucket, object })
  if (known?.etag === etag) return 'unchanged'
  if (known !== null && !replace) return 'kept'
  const rows = await pool.run('indexRows', { data }, { signal })
  const ranges = await findIgnoredIn({ pool }, { data, stretches }, { signal })
  await saveIgnoredRanges(db, { etag, ranges })
  const { region, ...described } = facts
  await storeVideo(
    context,
    {
      ...{ jobFence: null, dnaDbId, bucket, region, object, etag },
      stored: { ...rows, data },
      facts: described,
      thumbnails: null,
      newVideoId: null,
      wantedVideoId: videoId,
      detections: [],
    },
    { signal, onProgress: () => undefined },
  )
  return known === null ? 'stored' : 'replaced'
}
