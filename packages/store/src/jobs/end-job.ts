import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { finishJob, type JobEnd, tryLockJob } from './finish-job.ts'
import type { JobFence, JobResult } from './job.ts'

/** Success; false where another worker holds the job by now or it has ended. */
export const completeJob = (db: Database, fence: JobFence, result: JobResult): Promise<boolean> =>
  end(db, fence, { state: 'Success', result })

export type JobFailure = {
  readonly code: string
  readonly message: string
  readonly cause?: string | null | undefined
}

/** Failed for good; false where another worker holds the job by now or it has ended. */
export const failJob = (
  db: Database,
  fence: JobFence,
  { code, message, cause = null }: JobFailure,
): Promise<boolean> => end(db, fence, { state: 'Failed', code, message, cause })

const end = (db: Database, fence: JobFence, how: JobEnd): Promise<boolean> =>
  transaction(db, async (client) => {
    const job = await tryLockJob(client, fence)
    if (job === null) return false
    await finishJob(client, job, how)
    return true
  })
