import { Fault, videoIdOfJob } from '@kinoprint/core'
import {
  type FileMatches,
  type LibraryMatch,
  type ReadQuery,
  readQuery,
  readStoredQuery,
  refineStill,
  type SearchQuery,
  searchFile,
  searchLibrary,
  wholeQuery,
} from '@kinoprint/engine'
import { completeJob, discardSentFingerprint, findVideoByObject, isWholeQuery } from '@kinoprint/store'
import { concludeSearch } from './conclude-search.ts'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { requireLibrary, withInputFile } from './job-input.ts'
import { piecesOf } from './keep-pieces.ts'
import { keepQuery } from './keep-query.ts'
import { keepIfMade, withQueryThumbnails } from './keep-thumbnails.ts'
import { onReplica } from './on-replica.ts'
import { reserveLength } from './reserve-length.ts'
import { queryOf, requireSentFingerprint } from './sent-fingerprint.ts'
import { storedSources } from './stored-sources.ts'

/** FindSimilarVideo: finds the stored videos that share passages with an object, or with a fingerprint that is kept. */
export async function runSearchJob(context: JobContext, claimed: ClaimedJob): Promise<void> {
  return claimed.job.videoId === null
    ? searchByObject(context, claimed)
    : searchByFingerprint(context, claimed, claimed.job.videoId)
}

async function searchByObject(context: JobContext, claimed: ClaimedJob): Promise<void> {
  const { db } = context
  const { job, fence, signal, onProgress } = claimed
  const { dnaDbId, bucket, object } = job
  const library = await requireLibrary(db, dnaDbId)
  onProgress('fetch', 0)
  await withInputFile(context, claimed, async ({ etag, read }) => {
    const known = await findVideoByObject(db, { dnaDbId, bucket, object })
    // Keyframes alone find less than the file does.
    const stored = await readStoredQuery(context, known, { etag, storeDetail: 'full', signal })
    const conclude = async ({ matches, facts, query }: Omit<FileMatches, 'thumbnailsFailure'>) => {
      const content = { bucket, object, etag }
      const conclusion = await concludeSearch(context, { library, content, facts, query, matches }, claimed)
      if (stored === null) await keepQuery(context, { etag, facts, query }, claimed)
      await completeJob(db, fence, {
        videoId: known?.etag === etag ? known.videoId : videoIdOfJob(job.jobId),
        durationSeconds: facts.durationSeconds,
        ...conclusion,
      })
    }
    if (stored !== null && known !== null) {
      await reserveLength(context, claimed, known.durationSeconds)
      const matches = await searchStored(context, { dnaDbId, query: stored }, claimed)
      await conclude({ matches, facts: known, query: wholeQuery(stored.fingerprint) })
      return
    }
    const path = await read()
    await withQueryThumbnails(context, async (folder) => {
      const readWhole = await isWholeQuery(db, etag)
      const search = { dnaDbId, path, readWhole, thumbnailsDir: folder?.path ?? null }
      const options = { ...claimed, pieces: piecesOf(context, claimed, etag) }
      const sources = { ...context, openSource: storedSources(context) }
      const found = await onReplica(sources, (reading) => searchFile(reading, search, options))
      const thumbnails = await keepIfMade(context, { folder, failure: found.thumbnailsFailure })
      await thumbnails?.publish(job.jobId)
      await conclude(found)
    })
  })
}

/**
 * Searches with the fingerprint of a stored video of any library, or of an earlier query by its VideoId. It needs no file,
 * and finds somewhat less than a file does, because a fingerprint lacks what only a query has.
 */
async function searchByFingerprint(context: JobContext, claimed: ClaimedJob, videoId: string): Promise<void> {
  const { db } = context
  const { job, fence } = claimed
  const { dnaDbId, bucket, object } = job
  const library = await requireLibrary(db, dnaDbId)
  const isSent = videoId === videoIdOfJob(job.jobId)
  const kept = isSent ? await readSent(context, claimed) : await requireQuery(context, claimed, videoId)
  const { query, facts, etag } = kept
  const matches = await searchStored(context, { dnaDbId, query }, claimed)
  const search = {
    library,
    content: { bucket, object, etag },
    facts,
    query: wholeQuery(query.fingerprint),
    matches,
  }
  const conclusion = await concludeSearch(context, search, claimed)
  if (isSent) await keepQuery(context, { etag, facts, query: search.query }, claimed)
  await completeJob(db, fence, { videoId, durationSeconds: facts.durationSeconds, ...conclusion })
  if (isSent) await discardSentFingerprint(db, job.jobId)
}

async function readSent(context: JobContext, claimed: ClaimedJob): Promise<ReadQuery> {
  const { data, etag, ...facts } = await requireSentFingerprint(context, claimed.job.jobId)
  return { query: await queryOf(context, { data }, claimed), facts, etag }
}

async function requireQuery(
  context: JobContext,
  { signal }: ClaimedJob,
  videoId: string,
): Promise<ReadQuery> {
  const kept = await readQuery(context, { videoId, signal })
  if (kept !== null) return kept
  throw new Fault(
    'InvalidArgument',
    `The fingerprint of ${videoId} is not kept. Search with its file, or store the video again.`,
  )
}

/** Searches without a file. A still is compared with the files of the videos too. */
function searchStored(
  context: JobContext,
  { dnaDbId, query }: { readonly dnaDbId: string; readonly query: SearchQuery },
  claimed: ClaimedJob,
): Promise<LibraryMatch[]> {
  return onReplica({ ...context, openSource: storedSources(context) }, async (reading) => {
    const matches = await searchLibrary(reading, { dnaDbId, query }, claimed)
    return refineStill(reading, { dnaDbId, still: query.fingerprint, matches }, claimed)
  })
}
