import { setTimeout as delay } from 'node:timers/promises'
import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { type Match, readMatchFiles, type StoredFile } from '@kinoprint/store'
import type { AdminContext } from './handler.ts'
import { hasThumbnails } from './thumbnails.ts'

type Context = Pick<AdminContext, 'db' | 'objects' | 'thumbnailsDir'>
type Kept = Pick<RouteAnswer<'getMatch'>, 'files' | 'hasEvidence' | 'isQueryKept' | 'key'>
type MatchFile = Kept['files']['query']
type Content = { readonly bucket: string; readonly object: string; readonly etag: string }

/**
 * A page does not wait longer than this for the object store. The ETag of a large file takes longer the first time, and
 * is known the next time.
 */
const WAIT_MS = 300

/** What is kept of a match, so that a client asks for nothing that does not exist. */
export async function keptOfMatch(context: Context, { matchId, query, reference }: Match): Promise<Kept> {
  const [kept, queryFile, referenceFile, ofQuery, ofReference] = await Promise.all([
    readMatchFiles(context.db, matchId),
    fileOf(context.objects, query),
    fileOf(context.objects, reference),
    hasThumbnails(context, query.videoId ?? query.jobId),
    reference.videoId !== null && hasThumbnails(context, reference.videoId),
  ])
  return {
    files: {
      query: { ...queryFile, ...storedFields(queryFile, kept?.query), thumbnails: ofQuery },
      reference: {
        ...referenceFile,
        ...storedFields(referenceFile, kept?.reference),
        thumbnails: ofReference,
      },
    },
    hasEvidence: kept?.hasEvidence ?? false,
    isQueryKept: kept?.isQueryKept ?? false,
    key: kept?.key ?? null,
  }
}

type FoundFile = Pick<MatchFile, 'state' | 'bytes'>

/** Whether a bucket still holds a content, and its size. */
export async function fileOf(
  objects: Context['objects'],
  { bucket, object, etag }: Content,
): Promise<FoundFile> {
  const stop = new AbortController()
  const asking = objects.head(bucket, object).then(
    (head): FoundFile =>
      head.etag === etag ? { state: 'there', bytes: head.size } : { state: 'replaced', bytes: null },
    (error: unknown): FoundFile => ({
      state: error instanceof Fault && error.code === 'ResourceNotFound' ? 'gone' : 'unknown',
      bytes: null,
    }),
  )
  const tooLate = delay(WAIT_MS, { state: 'unknown', bytes: null } as const, { signal: stop.signal })
  const found = await Promise.race([
    asking,
    tooLate.catch((): FoundFile => ({ state: 'unknown', bytes: null })),
  ])
  stop.abort()
  return found
}

function storedFields(
  { bytes }: FoundFile,
  stored: StoredFile | null | undefined,
): Pick<MatchFile, 'bytes' | 'codec' | 'storedAt'> {
  return {
    bytes: bytes ?? stored?.bytes ?? null,
    codec: stored?.codec ?? null,
    storedAt: stored?.storedAt ?? null,
  }
}
