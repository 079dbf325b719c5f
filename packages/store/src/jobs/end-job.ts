import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { finishJob, type JobEnd, tryLockJob } from './finish-job.ts'
import type { JobFence, JobResult } from './job.ts'

/** Ends a running job with Success. False if it has ended already or was claimed by another worker. */
export function completeJob(db: Database, fence: JobFence, result: JobResult): Promise<boolean> {
  return end(db, fence, { state: 'Success', result })
}

export type JobFailure = {
  readonly code: string
  readonly message: string
  readonly cause?: string | null | undefined
}

/** Ends a running job with Failed. False if it has ended already or was claimed by another worker. */
export function failJob(
  db: Database,
  fence: JobFence,
  { code, message, cause = null }: JobFailure,
): Promise<boolean> {
  return end(db, fence, { state: 'Failed', code, message, cause })
}

function end(db: Database, fence: JobFence, outcome: JobEnd): Promise<boolean> {
  return transaction(db, async (client) => {
    const job = await tryLockJob(client, fence)
    if (job === null) return false
    await finishJob(client, job, outcome)
    return true
  })
}
