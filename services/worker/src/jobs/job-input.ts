import { Fault } from '@kinoprint/core'
import { probe } from '@kinoprint/media'
import { type Database, getLibrary, type Library, unknownLibrary } from '@kinoprint/store'
import type { ClaimedJob, JobContext } from './job-context.ts'
import { reserveLength } from './reserve-length.ts'

/** Added to the error for a missing object, which is usually in another bucket. */
const BUCKET_HINT =
  'The bucket comes from the path or host of the request, then from the key, then from DEFAULT_BUCKET. To use another bucket, send the request to /BUCKET/jobs or use a key for that bucket.'

/** The object of a job. It is read only if a job needs its content. */
export type JobInput = {
  readonly etag: string
  /**
   * Path of the object as a local file, with its minutes reserved. A file that its header or a quota refuses is not
   * downloaded.
   */
  readonly read: () => Promise<string>
}

/** Calls `work` with the object of a job, and releases the object afterwards. */
export async function withInputFile<T>(
  context: JobContext,
  claimed: ClaimedJob,
  work: (input: JobInput) => Promise<T>,
): Promise<T> {
  const { objects, tools, maxVideoSeconds } = context
  const { job, signal } = claimed
  const object = await objects.open(job.bucket, job.object, { signal }).catch(explainMissingObject)
  let isReserved = false
  const check = async (path: string): Promise<void> => {
    const { durationSeconds } = await probe(tools, path, { maxSeconds: maxVideoSeconds, signal })
    await reserveLength(context, claimed, durationSeconds ?? 0)
    isReserved = true
  }
  const read = async (): Promise<string> => {
    const path = await object.read(check)
    if (!isReserved) await reserveLength(context, claimed, path)
    return path
  }
  try {
    return await work({ etag: object.etag, read })
  } finally {
    await object.release()
  }
}

function explainMissingObject(error: unknown): never {
  if (!(error instanceof Fault) || error.code !== 'ResourceNotFound') throw error
  throw new Fault(error.code, `${error.message} ${BUCKET_HINT}`, { cause: error })
}

/** The library as it is now: it may have changed, or been deleted, since the job was submitted. */
export async function requireLibrary(db: Database, dnaDbId: string): Promise<Library> {
  const library = await getLibrary(db, dnaDbId)
  if (library === null) throw unknownLibrary(dnaDbId)
  return library
}
