import { Fault, type JobState } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { JOB_COLUMNS, type Job, type JobRow, toJob } from './job.ts'

/**
 * Cancels a waiting job, as the Tencent API does.
 *
 * @throws Fault InvalidArgument if it is running, has ended or does not exist.
 */
export async function cancelJob(db: Database, jobId: string): Promise<Job> {
  const job = await cancelIn(db, jobId, ['Submitted', 'Pause'])
  if (job !== null) return job
  const found = await db.pool.query<{ state: string }>('select state from jobs where job_id = $1', [jobId])
  const state = found.rows[0]?.state
  throw new Fault(
    'InvalidArgument',
    state === undefined
      ? `Job ${jobId} does not exist.`
      : `Job ${jobId} is ${state}. Only a waiting job can be cancelled.`,
  )
}

/**
 * Cancels a waiting or running job, as the admin API does. The worker of a running job notices at its next heartbeat,
 * stops its programs and can no longer write.
 *
 * @throws Fault NotFound if it does not exist, Conflict if it has ended.
 */
export async function stopJob(db: Database, jobId: string): Promise<Job> {
  const job = await cancelIn(db, jobId, ['Submitted', 'Pause', 'Running'])
  if (job !== null) return job
  const found = await db.pool.query<{ state: string }>('select state from jobs where job_id = $1', [jobId])
  const state = found.rows[0]?.state
  if (state === undefined) throw new Fault('NotFound', `Job ${jobId} does not exist.`)
  throw new Fault('Conflict', `Job ${jobId} has already ended (${state}) and cannot be cancelled.`)
}

/** Cancels a job in one of these states; null if it is in none of them. A cancelled job sends no callback. */
async function cancelIn(db: Database, jobId: string, states: readonly JobState[]): Promise<Job | null> {
  const { rows } = await db.pool.query<JobRow>(
    `update jobs j set state = 'Cancel', ended_at = clock_timestamp(), stage = '', lease_until = null, worker_id = null
     where job_id = $1 and state = any($2) returning ${JOB_COLUMNS}`,
    [jobId, states],
  )
  return rows[0] === undefined ? null : toJob(rows[0])
}

/**
 * Requeues a failed or cancelled job as if it were new.
 *
 * @throws Fault NotFound if it does not exist, Conflict in any other state.
 */
export function retryJob(db: Database, jobId: string): Promise<Job> {
  return transaction(db, async (client) => {
    const found = await client.query<{ state: string; paused: boolean }>(
      `select j.state, q.state = 'Paused' as paused from jobs j join queues q using (queue_id)
       where j.job_id = $1 for update of j`,
      [jobId],
    )
    const [job] = found.rows
    if (job === undefined) throw new Fault('NotFound', `Job ${jobId} does not exist.`)
    if (job.state !== 'Failed' && job.state !== 'Cancel') {
      throw new Fault(
        'Conflict',
        `Job ${jobId} is ${job.state}. Only a failed or cancelled job can be retried.`,
      )
    }
    const { rows } = await client.query<JobRow>(
      `update jobs j set state = $2, attempts = 0, stage = '', progress = 0, code = null, message = null,
         cause = null, result = null, started_at = null, ended_at = null, reserved_ms = 0, dispatched_at = '-infinity'
       where job_id = $1 returning ${JOB_COLUMNS}`,
      [jobId, job.paused ? 'Pause' : 'Submitted'],
    )
    if (rows[0] === undefined) throw new Error('A locked job has disappeared.')
    return toJob(rows[0])
  })
}
