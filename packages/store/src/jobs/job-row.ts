import type { Job } from './job.ts'

/** Columns of `jobs j` as a Job; `seq` comes as text, as PostgreSQL's bigint does. */
export const JOB_COLUMNS = `j.job_id as "jobId", j.seq, j.state, j.tag, j.rule_type as "ruleType",
  j.dna_db_id as "dnaDbId", j.video_id as "videoId", j.bucket, j.region, j.object, j.job_level as "jobLevel",
  j.user_data as "userData", j.queue_id as "queueId", j.callback, j.secret_id as "secretId", j.stage, j.progress,
  j.attempts, j.code, j.message, j.cause, j.result, j.created_at as "createdAt", j.started_at as "startedAt",
  j.ended_at as "endedAt"`

export type JobRow = Omit<Job, 'seq'> & { readonly seq: string }

export const toJob = ({ seq, ...rest }: JobRow): Job => ({ ...rest, seq: Number(seq) })
