import { Fault, type JobState } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import type { Job } from './job.ts'
import { JOB_COLUMNS, type JobRow, toJob } from './job-row.ts'

/** Only a waiting job can be cancelled: Fault InvalidArgument where it runs, has ended or is unknown. */
export const cancelJob = async (db: Database, jobId: string): Promise<Job> => {
  const job = await cancelIn(db, jobId, ['Submitted', 'Pause'])
  if (job !== null) return job
  const found = await db.pool.query<{ state: string }>('select state from jobs where job_id = $1', [jobId])
  const state = found.rows[0]?.state
  throw new Fault(
    'InvalidArgument',
    state === undefined
      ? `There is no job ${jobId}.`
      : `Job ${jobId} is ${state}; only a waiting job can be cancelled.`,
  )
}

/**
 * Cancels a job that waits or runs: NotFound where it is unknown, Conflict where it has ended. The worker of a running
 * one learns of it at its next heartbeat, stops its programs, and can write nothing more.
 */
export const stopJob = async (db: Database, jobId: string): Promise<Job> => {
  const job = await cancelIn(db, jobId, ['Submitted', 'Pause', 'Running'])
  if (job !== null) return job
  const found = await db.pool.query<{ state: string }>('select state from jobs where job_id = $1', [jobId])
  const state = found.rows[0]?.state
  if (state === undefined) throw new Fault('NotFound', `There is no job ${jobId}.`)
  throw new Fault('Conflict', `Job ${jobId} has already ended (${state}); it cannot be cancelled.`)
}

/** Null where the job is in none of these states. No callback is sent for a cancelled job. */
const cancelIn = async (db: Database, jobId: string, states: readonly JobState[]): Promise<Job | null> => {
  const { rows } = await db.pool.query<JobRow>(
    `update jobs j set state = 'Cancel', ended_at = clock_timestamp(), stage = '', lease_until = null, worker_id = null
     where job_id = $1 and state = any($2) returning ${JOB_COLUMNS}`,
    [jobId, states],
  )
  return rows[0] === undefined ? null : toJob(rows[0])
}

/** Starts a failed or cancelled job anew: NotFound where it is unknown, Conflict in any other state. */
export const retryJob = (db: Database, jobId: string): Promise<Job> =>
  transaction(db, async (client) => {
    const found = await client.query<{ state: string; paused: boolean }>(
      `select j.state, q.state = 'Paused' as paused from jobs j join queues q using (queue_id)
       where j.job_id = $1 for update of j`,
      [jobId],
    )
    const [job] = found.rows
    if (job === undefined) throw new Fault('NotFound', `There is no job ${jobId}.`)
    if (job.state !== 'Failed' && job.state !== 'Cancel') {
      throw new Fault(
        'Conflict',
        `Job ${jobId} is ${job.state}; only one that failed or was cancelled starts anew.`,
      )
    }
    const { rows } = await client.query<JobRow>(
      `update jobs j set state = $2, attempts = 0, stage = '', progress = 0, code = null, message = null,
         cause = null, result = null, started_at = null, ended_at = null, dispatched_at = '-infinity'
       where job_id = $1 returning ${JOB_COLUMNS}`,
      [jobId, job.paused ? 'Pause' : 'Submitted'],
    )
    if (rows[0] === undefined) throw new Error('A locked job is gone.')
    return toJob(rows[0])
  })
