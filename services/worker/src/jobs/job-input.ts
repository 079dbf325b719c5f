import { Fault } from '@kinoprint/core'
import { type Database, getLibrary, type Library, unknownLibrary } from '@kinoprint/store'
import type { ClaimedJob, JobContext } from './job-context.ts'

/** Added to the error for a missing object, which is usually in another bucket. */
const BUCKET_HINT =
  'The bucket comes from the path or host of the request, then from the key, then from DEFAULT_BUCKET. To use another bucket, send the request to /BUCKET/jobs or use a key for that bucket.'

/** Calls `work` with the object of a job as a local file, and releases the file afterwards. */
export async function withInputFile<T>(
  { objects }: Pick<JobContext, 'objects'>,
  { job, signal }: Pick<ClaimedJob, 'job' | 'signal'>,
  work: (file: { readonly path: string; readonly etag: string }) => Promise<T>,
): Promise<T> {
  const file = await objects.fetch(job.bucket, job.object, { signal }).catch(explainMissingObject)
  try {
    return await work({ path: file.openPath ?? file.path, etag: file.etag })
  } finally {
    await file.release()
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
