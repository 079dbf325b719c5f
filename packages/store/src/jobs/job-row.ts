import type { Job, JobHead } from './job.ts'

const OWN_COLUMNS = `j.job_id as "jobId", j.seq, j.state, j.tag, j.rule_type as "ruleType",
  j.dna_db_id as "dnaDbId", j.video_id as "videoId", j.bucket, j.region, j.object, j.job_level as "jobLevel",
  j.user_data as "userData", j.queue_id as "queueId", j.callback, j.secret_id as "secretId", j.stage, j.progress,
  j.attempts, j.code, j.message, j.cause, j.created_at as "createdAt", j.started_at as "startedAt",
  j.ended_at as "endedAt"`

/** Columns of `jobs j` as a JobRow. `pg` returns bigint, here `seq`, as text. */
export const JOB_COLUMNS = `${OWN_COLUMNS}, j.result`

/** Columns of `jobs j` as a HeadRow, which has the size of the result instead of the result. */
export const HEAD_COLUMNS = `${OWN_COLUMNS}, j.result_bytes as "resultBytes"`

export type JobRow = Omit<Job, 'seq'> & { readonly seq: string }

export function toJob({ seq, ...rest }: JobRow): Job {
  return { ...rest, seq: Number(seq) }
}

export type HeadRow = Omit<JobHead, 'seq'> & { readonly seq: string }

export function toHead({ seq, ...rest }: HeadRow): JobHead {
  return { ...rest, seq: Number(seq) }
}
