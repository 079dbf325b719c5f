import {
  findIgnoredIn,
  type SearchQuery,
  searchLibrary,
  type VideoFacts,
  wholeQuery,
} from '@kinoprint/engine'
import { type Library, loadIgnoredStretches, saveIgnoredRanges, type Video } from '@kinoprint/store'
import { type Conclusion, concludeSearch } from './conclude-search.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'

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

/** Other videos of the library that share passages with this one, if the library has `detectOnStore`. */
export async function detectEarlierVideos(
  context: JobContext,
  { query, known, ...search }: EarlierVideos,
  claimed: ClaimedJob,
): Promise<Conclusion> {
  const { library } = search
  const isWanted = library.detectOnStore && query !== null
  const found = isWanted ? await searchLibrary(context, { dnaDbId: library.dnaDbId, query }, claimed) : []
  const matches = found.filter(({ videoId }) => videoId !== known?.videoId)
  // Without a search there is no pair, so the fingerprint is not used.
  if (query === null)
    return { detections: [], findings: { query: { ...search.content, ...sizeOf(search.facts) }, found: [] } }
  return concludeSearch(context, { ...search, query: wholeQuery(query.fingerprint), matches }, claimed)
}

function sizeOf({ width, height, hasAudio, fps }: EarlierVideos['facts']) {
  return { width, height, hasAudio, fps }
}
