import { Fault } from '@kinoprint/core'
import { ingestFile, type LibraryMatch, searchLibrary, storeVideo, type WorkContext } from '@kinoprint/engine'
import { createLibrary, findVideoByObject, listLibraries } from '@kinoprint/store'
import { eachFile } from '../files/each-file.ts'
import { fileEtag } from '../scan/file-etag.ts'
import type { DuplicatesCache } from './cache.ts'
import type { FoundFile } from './collect-files.ts'
import type { QueryFiles } from './query-file.ts'

const BUCKET = 'duplicates'
const REGION = 'local'
const NAME = 'duplicates'
const CAPACITY = 10_000_000
/** Index rows of each hash and candidates: a passage may be in many files of a collection. */
const REACH = { hitsPerHash: 100, maxCandidates: 300 } as const

/** What is known of the files so far. It grows as they are read, so that an interrupted run can report it. */
export type Reading = {
  /** The content of each file that could be read. */
  readonly contents: Map<FoundFile, string>
  /** Files that could not be read. */
  readonly unreadable: Set<FoundFile>
}

export type ReadOptions = {
  readonly cache: DuplicatesCache
  readonly queries: QueryFiles
  /** Setting MAX_OBJECT_BYTES. */
  readonly maxFileBytes: number
  readonly signal: AbortSignal
}

/** Finds out which files have which content. Only new and changed files are read. */
export async function identifyFiles(
  files: readonly FoundFile[],
  { contents, unreadable }: Reading,
  { cache, maxFileBytes, signal }: ReadOptions,
): Promise<void> {
  const unknown = files.filter((file) => {
    const content = cache.contentOf(file)
    if (content !== null) contents.set(file, content)
    return content === null
  })
  if (unknown.length === 0) return
  await eachFile('reading', named(unknown), {
    signal,
    work: async ({ file }) => {
      const etag = await fileEtag(file.path, { maxBytes: maxFileBytes, signal })
      const content = etag.slice(1, -1)
      contents.set(file, content)
      await cache.addFile(file, content)
    },
    onDone: ({ file }, wasRead) => void (wasRead || unreadable.add(file)),
  })
}

/** Contents that must still be decoded or searched, each with one of its files. */
export function unfinishedOf(
  { contents, unreadable }: Reading,
  cache: DuplicatesCache,
): ReadonlyMap<string, FoundFile> {
  const unfinished = new Map<string, FoundFile>()
  for (const [file, content] of contents)
    if (
      !unreadable.has(file) &&
      cache.failureOf(content) === undefined &&
      (!cache.factsOf(content) || !cache.matchesOf(content))
    )
      unfinished.set(content, file)
  return unfinished
}

/** Fingerprints contents and searches with each among all others. What is finished is in the cache at once. */
export async function fingerprintAndSearch(
  context: WorkContext,
  reading: Reading,
  options: ReadOptions,
): Promise<void> {
  const { cache, queries, signal } = options
  const { db } = context
  const dnaDbId = await findLibrary(db)
  const videoOf = (content: string) => findVideoByObject(db, { dnaDbId, bucket: BUCKET, object: content })
  const unfinished = [...unfinishedOf(reading, cache)].map(([content, file]) => ({
    content,
    file,
    name: file.path,
  }))
  const isStored = async (content: string): Promise<boolean> =>
    cache.factsOf(content) !== undefined && (await videoOf(content)) !== null
  const failed = new Set<string>()
  const missing = []
  for (const one of unfinished) if (!(await isStored(one.content))) missing.push(one)
  await eachFile('fingerprinting', missing, {
    signal,
    work: async ({ content, file }, work) => {
      const ingest = { ...work, storeDetail: 'full', asQuery: true, thumbnailsDir: null } as const
      const { stored, facts, query } = await ingestFile(context, file.path, ingest).catch(
        async (error: unknown) => {
          if (error instanceof Fault && error.code === 'ResourceNotSupported')
            await cache.addFailure(content, error.message)
          throw error
        },
      )
      if (query !== null) await queries.write(content, query)
      const location = {
        dnaDbId,
        bucket: BUCKET,
        region: REGION,
        object: content,
        etag: content,
        jobFence: null,
      }
      const rest = { thumbnails: null, newVideoId: null, detections: [] }
      await storeVideo(context, { ...location, ...rest, stored, facts }, work)
      await cache.addFacts(content, facts)
    },
    onDone: ({ content }, wasRead) => void (wasRead || failed.add(content)),
  })
  for (const [file, content] of reading.contents) if (failed.has(content)) reading.unreadable.add(file)
  await eachFile(
    'searching',
    unfinished.filter(({ content }) => !failed.has(content)),
    {
      signal,
      work: async ({ content, file }, work) => {
        const video = await videoOf(content)
        const ingest = { ...work, storeDetail: 'full', asQuery: true, thumbnailsDir: null } as const
        const kept = await queries.read(content)
        const query = kept ?? (await ingestFile(context, file.path, ingest)).query
        if (query === null) return
        const search = { dnaDbId, query, reach: REACH, except: video?.videoId }
        const found = await searchLibrary(context, search, work)
        await cache.addSearch(content, found.filter(({ accepted }) => accepted).map(contentMatchOf(content)))
        await queries.remove(content)
      },
    },
  )
}

function contentMatchOf(query: string) {
  return ({ object, videoId: _id, durationSeconds: _seconds, ...match }: LibraryMatch) => ({
    ...match,
    query,
    ref: object,
  })
}

function named(files: readonly FoundFile[]): { readonly name: string; readonly file: FoundFile }[] {
  return files.map((file) => ({ name: file.path, file }))
}

async function findLibrary(db: WorkContext['db']): Promise<string> {
  const { items } = await listLibraries(db, { page: 1, pageSize: 1 })
  const [known] = items
  if (known !== undefined) return known.dnaDbId
  const description = 'Fingerprints of local files'
  const made = { name: NAME, description, bucket: BUCKET, region: REGION, capacity: CAPACITY }
  return (await createLibrary(db, { ...made, detectOnStore: false, storeDetail: 'full' })).dnaDbId
}
