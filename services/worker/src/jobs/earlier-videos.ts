import {
  findIgnoredIn,
  type SearchQuery,
  searchLibrary,
  type VideoFacts,
  wholeQuery,
} from '@kinoprint/engine'
import {
  type Library,
  loadIgnoredStretches,
  saveIgnoredRanges,
  type Video,
  withoutIgnored,
} from '@kinoprint/store'
import { type Conclusion, concludeSearch } from './conclude-search.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { onReplica } from './on-replica.ts'

type NewContent = { readonly dnaDbId: string; readonly etag: string; readonly data: Uint8Array }

/** Records which passages that the library ignores everywhere the video shows, before searches can find it. */
export async function findIgnoredPassages(
  context: JobContext,
  { dnaDbId, etag, data }: NewContent,
  claimed: ClaimedJob,
): Promise<void> {
  const stretches = await loadIgnoredStretches(context.db, dnaDbId)
  const ranges = await findIgnoredIn(context, { data, stretches }, claimed)
  await saveIgnoredRanges(context.db, { etag, ranges })
}

type EarlierVideos = {
  readonly library: Library
  readonly content: { readonly bucket: string; readonly object: string; readonly etag: string }
  readonly query: SearchQuery | null
  readonly known: Video | null
  readonly facts: Pick<VideoFacts, 'width' | 'height' | 'hasAudio' | 'fps'>
}

/**
 * Other videos of the library that share passages with this one. Without a query, none. If each video is stored in any
 * case, only the index names them: storing many would otherwise compare each with all.
 */
export async function detectEarlierVideos(
  context: JobContext,
  { query, known, ...search }: EarlierVideos,
  claimed: ClaimedJob,
): Promise<Conclusion> {
  if (query === null)
    return {
      detections: [],
      findings: { query: { ...search.content, ...sizeOf(search.facts) }, found: [] },
      missingShards: [],
    }
  const { dnaDbId } = search.library
  const byIndexOnly = (claimed.job.store ?? search.library.store) === 'always'
  const found = await onReplica(context, (reading) =>
    searchLibrary(reading, { dnaDbId, query, byIndexOnly }, claimed),
  )
  const matches = found.filter(({ videoId }) => videoId !== known?.videoId)
  return concludeSearch(context, { ...search, query: wholeQuery(query.fingerprint), matches }, claimed)
}

function sizeOf({ width, height, hasAudio, fps }: EarlierVideos['facts']) {
  return { width, height, hasAudio, fps }
}

type Choice = {
  readonly library: Library
  readonly durationSeconds: number
  readonly conclusion: Conclusion
}

/** Whether storing a video needs a search first. */
export function needsSearch(
  { detectOnStore, store }: Pick<Library, 'detectOnStore' | 'store'>,
  { job }: Pick<ClaimedJob, 'job'>,
): boolean {
  return detectOnStore || (job.store ?? store) !== 'always'
}

/** Whether to store a video, by the choice of its job or else of its library. Ignored passages make no video old. */
export async function isToBeStored(
  { db }: Pick<JobContext, 'db'>,
  { library: { dnaDbId, store }, durationSeconds, conclusion }: Choice,
  { job }: Pick<ClaimedJob, 'job'>,
): Promise<boolean> {
  const mode = job.store ?? store
  if (mode !== 'ifNew') return mode === 'always'
  return (await withoutIgnored(db, { dnaDbId, durationSeconds, ...conclusion })).length === 0
}
