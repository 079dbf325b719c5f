import { Fault } from '@kinoprint/core'
import type { LocalFile } from '@kinoprint/objects'
import type { JobContext, JobRun } from './job-run.ts'

/** How a request comes by its bucket: a missing object is mostly one that lies in another bucket. */
const BUCKET_RULE =
  'The path or Host of the request names the bucket, else the key does, else DEFAULT_BUCKET. For another one send to /BUCKET/jobs or use a key of that bucket.'

/** The object of a job as a local file. A missing one is reported with the way to name another bucket. */
export const fetchInput = async (
  { objects }: Pick<JobContext, 'objects'>,
  { job, signal }: Pick<JobRun, 'job' | 'signal'>,
): Promise<LocalFile> => {
  try {
    return await objects.fetch(job.bucket, job.object, { signal })
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'ResourceNotFound') throw error
    throw new Fault(error.code, `${error.message} ${BUCKET_RULE}`, { cause: error })
  }
}
