import type { RuleType } from '@kinoprint/core'
import type { Database } from './database.ts'

/** What a worker says about itself. */
export type WorkerFacts = {
  readonly workerId: string
  /** For people: host and process. */
  readonly name: string
  readonly version: string
  /** Version of its ffmpeg. */
  readonly ffmpeg: string
  /** Jobs at once. */
  readonly slots: number
}

type RunningJob = {
  readonly jobId: string
  readonly ruleType: RuleType
  readonly object: string
  readonly stage: string
  readonly progress: number
  readonly startedAt: Date | null
}

export type Worker = WorkerFacts & {
  /** Silent: not heard for 15 s. Stopped: it said so. */
  readonly state: 'alive' | 'silent' | 'stopped'
  readonly startedAt: Date
  readonly heardAt: Date
  readonly heardSecondsAgo: number
  readonly running: readonly RunningJob[]
  /** Jobs that it ended, and minutes of video in them. */
  readonly lastHour: { readonly jobs: number; readonly failed: number; readonly minutes: number }
}

/** A worker reports itself every 5 s. */
export const SILENT_SECONDS = 15
/** How long a worker that is gone is shown. */
const SHOWN_HOURS = 1
const KEPT_DAYS = 1

/** Records that a worker is alive, and deletes workers that have been gone for a day. */
export async function reportWorker(db: Database, facts: WorkerFacts): Promise<void> {
  await db.pool.query(
    `insert into workers (worker_id, name, version, ffmpeg, slots) values ($1, $2, $3, $4, $5)
     on conflict (worker_id) do update set heard_at = clock_timestamp(), stopped_at = null`,
    [facts.workerId, facts.name, facts.version, facts.ffmpeg, facts.slots],
  )
  await db.pool.query(`delete from workers where heard_at < clock_timestamp() - interval '${KEPT_DAYS} days'`)
}

/** Records that a worker stops. */
export async function reportWorkerStopped(db: Database, workerId: string): Promise<void> {
  await db.pool.query(
    'update workers set heard_at = clock_timestamp(), stopped_at = clock_timestamp() where worker_id = $1',
    [workerId],
  )
}

type Row = Omit<Worker, 'running' | 'lastHour'> & {
  readonly jobs: number
  readonly failed: number
  readonly minutes: number
}

/** The workers that are alive, and those that went in the last hour. Living ones first. */
export async function readWorkers(db: Database): Promise<readonly Worker[]> {
  const { rows } = await db.pool.query<Row>(
    `with ended as (
       select worker_id, count(*)::int as jobs, count(*) filter (where state = 'Failed')::int as failed,
         coalesce(sum(processed_ms), 0)::float8 / 60000 as minutes
       from jobs where ended_at > clock_timestamp() - interval '1 hour' and state in ('Success', 'Failed')
       group by worker_id
     )
     select w.worker_id as "workerId", w.name, w.version, w.ffmpeg, w.slots, w.started_at as "startedAt",
       w.heard_at as "heardAt",
       greatest(0, extract(epoch from clock_timestamp() - w.heard_at))::float8 as "heardSecondsAgo",
       case when w.stopped_at is not null then 'stopped'
         when w.heard_at < clock_timestamp() - interval '${SILENT_SECONDS} seconds' then 'silent' else 'alive' end as state,
       coalesce(e.jobs, 0) as jobs, coalesce(e.failed, 0) as failed, coalesce(e.minutes, 0) as minutes
     from workers w left join ended e using (worker_id)
     where w.heard_at > clock_timestamp() - interval '${SHOWN_HOURS} hours'
     order by case when w.stopped_at is not null then 2
       when w.heard_at < clock_timestamp() - interval '${SILENT_SECONDS} seconds' then 1 else 0 end, w.name, w.worker_id`,
  )
  const running = await runningJobsOf(
    db,
    rows.map(({ workerId }) => workerId),
  )
  return rows.map(({ jobs, failed, minutes, ...worker }) => ({
    ...worker,
    running: running.get(worker.workerId) ?? [],
    lastHour: { jobs, failed, minutes },
  }))
}

async function runningJobsOf(
  db: Database,
  workerIds: readonly string[],
): Promise<ReadonlyMap<string, RunningJob[]>> {
  const { rows } = await db.pool.query<RunningJob & { workerId: string }>(
    `select worker_id as "workerId", job_id as "jobId", rule_type as "ruleType", object, stage, progress,
       started_at as "startedAt"
     from jobs where state = 'Running' and worker_id = any($1) order by started_at, seq`,
    [workerIds],
  )
  const jobs = new Map<string, RunningJob[]>()
  for (const { workerId, ...job } of rows) jobs.set(workerId, [...(jobs.get(workerId) ?? []), job])
  return jobs
}

/** What changes about each worker: whether it is there, and what it runs. */
export async function readWorkerMarks(
  db: Database,
): Promise<readonly { readonly workerId: string; readonly mark: string }[]> {
  const { rows } = await db.pool.query<{ workerId: string; mark: string }>(
    `select w.worker_id as "workerId", concat_ws(' ', w.stopped_at is not null,
       w.heard_at < clock_timestamp() - interval '${SILENT_SECONDS} seconds', r.jobs) as mark
     from workers w left join lateral (
       select string_agg(j.job_id, ' ' order by j.seq) as jobs from jobs j
       where j.state = 'Running' and j.worker_id = w.worker_id
     ) r on true
     where w.heard_at > clock_timestamp() - interval '${SHOWN_HOURS} hours'`,
  )
  return rows
}
