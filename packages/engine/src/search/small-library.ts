import { pagesOf } from '@kinoprint/core'
import { type Fingerprint, isStill, SHARED_DETAILS } from '@kinoprint/dna'
import { getLibrary, listVideos, loadFingerprints } from '@kinoprint/store'
import type { WorkContext, WorkOptions } from '../context.ts'

/** A library of at most this size is compared as a whole: two seconds of CPU. */
const WHOLE = { videos: 100, seconds: 3600 }
/** The same for a still: its one frame is compared with all frames of an hour in 0.1 s. */
const WHOLE_FOR_STILL = { videos: 1000, seconds: 30 * 3600 }
/** Of a larger one, up to this size, the details of all videos are screened first: two seconds of CPU as well. */
const SCREENED = { videos: 1000, seconds: 6 * 3600 }
/** Videos that are aligned after the screening, those that share most. */
const MAX_SHARING = 24
const PAGE_SIZE = 100
/** Number of fingerprints that are screened at a time. Half an hour of video takes about 1 MB. */
const BATCH_SIZE = 32

export type SmallLibrarySearch = {
  readonly dnaDbId: string
  readonly fingerprint: Fingerprint
  /** VideoId of a stored video that is not searched: the query itself. */
  readonly except?: string | undefined
}

/**
 * The videos of a small library that a query may be a copy of although the index does not name them; null for a larger
 * library, which is not compared. The index does not name a copy without a frame that resembles a stored one, such as a moving window, but its
 * keypoints or landmarks may still match: on 401 pairs of re-uploads among 46 videos, the comparison of all found eleven
 * more.
 */
export async function candidatesOfSmallLibrary(
  context: Pick<WorkContext, 'db' | 'pool'>,
  { dnaDbId, fingerprint, except }: SmallLibrarySearch,
  options: WorkOptions,
): Promise<{ readonly videoId: string }[] | null> {
  const library = await getLibrary(context.db, dnaDbId)
  const isWithin = ({ videos, seconds }: typeof WHOLE) =>
    library !== null && library.videoCount <= videos && library.totalSeconds <= seconds
  const whole = isStill(fingerprint) ? WHOLE_FOR_STILL : WHOLE
  if (!isWithin(SCREENED) && !isWithin(whole)) return null
  const videoIds: string[] = []
  for await (const { videoId } of pagesOf((page) =>
    listVideos(context.db, { dnaDbId, page, pageSize: PAGE_SIZE, order: 'oldest' }),
  ))
    if (videoId !== except) videoIds.push(videoId)
  const chosen = isWithin(whole)
    ? videoIds
    : await sharing(context, { dnaDbId, fingerprint, videoIds }, options)
  return chosen.map((videoId) => ({ videoId }))
}

type Screening = {
  readonly dnaDbId: string
  readonly fingerprint: Fingerprint
  readonly videoIds: readonly string[]
}

/** The videos that share details with the query, most first. Damaged fingerprints are left out. */
async function sharing(
  { db, pool }: Pick<WorkContext, 'db' | 'pool'>,
  { dnaDbId, fingerprint, videoIds }: Screening,
  { signal, onProgress }: WorkOptions,
): Promise<string[]> {
  const found: { readonly videoId: string; readonly details: number }[] = []
  for (let start = 0; start < videoIds.length; start += BATCH_SIZE) {
    signal.throwIfAborted()
    onProgress('candidates', start / videoIds.length)
    const batch = videoIds.slice(start, start + BATCH_SIZE)
    const stored = await loadFingerprints(db, { dnaDbId, videoIds: batch })
    const references = [...stored].map(([videoId, { data }]) => ({ videoId, data }))
    found.push(...(await pool.run('screen', { query: fingerprint, references }, { signal })))
  }
  return found
    .filter(({ details }) => details >= SHARED_DETAILS)
    .sort((a, b) => b.details - a.details || (a.videoId < b.videoId ? -1 : 1))
    .slice(0, MAX_SHARING)
    .map(({ videoId }) => videoId)
}
