import { Fault } from '@kinoprint/core'
import type { Database } from './database.ts'

export type SampleStep = {
  readonly name: 'make' | 'store' | 'copy' | 'search'
  readonly state: 'waiting' | 'running' | 'done' | 'failed'
  /** ISO 8601. */
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** The run of "Try it". */
export type SampleRun = {
  readonly dnaDbId: string
  readonly bucket: string
  /** The stored video and its altered copy, once they exist. */
  readonly object: string | null
  readonly copy: string | null
  /** Objects that go with the run. */
  readonly madeObjects: readonly string[]
  readonly state: 'running' | 'done' | 'failed'
  readonly steps: readonly SampleStep[]
  readonly storeJobId: string | null
  readonly searchJobId: string | null
  readonly matchId: string | null
  /** Why it failed, and what to do. */
  readonly message: string | null
  readonly createdAt: Date
}

/** A run whose server has not been heard of for this long has failed. */
const SILENT_SECONDS = 30
const INTERRUPTED = 'The server stopped during the run. Start it again.'

/** The run, or null if there is none. A run whose server has stopped counts as failed. */
export async function getSampleRun(db: Database): Promise<SampleRun | null> {
  const { rows } = await db.pool.query<SampleRun & { readonly isSilent: boolean }>(
    `select dna_db_id as "dnaDbId", bucket, object, copy, made_objects as "madeObjects", state, steps,
       store_job_id as "storeJobId", search_job_id as "searchJobId", match_id as "matchId", message,
       created_at as "createdAt",
       state = 'running' and heard_at < clock_timestamp() - ${SILENT_SECONDS} * interval '1 second' as "isSilent"
     from sample_runs`,
  )
  if (rows[0] === undefined) return null
  const { isSilent, ...run } = rows[0]
  return isSilent ? { ...run, state: 'failed', message: INTERRUPTED } : run
}

/** Records a new run. Throws Fault Conflict if there is one. */
export async function createSampleRun(
  db: Database,
  {
    dnaDbId,
    bucket,
    object,
    madeObjects,
    steps,
  }: Pick<SampleRun, 'dnaDbId' | 'bucket' | 'object' | 'madeObjects' | 'steps'>,
): Promise<void> {
  const { rowCount } = await db.pool.query(
    `insert into sample_runs (dna_db_id, bucket, object, made_objects, steps) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [dnaDbId, bucket, object, madeObjects, JSON.stringify(steps)],
  )
  if (rowCount === 1) return
  throw new Fault('Conflict', 'A run exists already. Remove it with DELETE /admin/try first.')
}

export type SampleChanges = Partial<
  Pick<
    SampleRun,
    | 'object'
    | 'copy'
    | 'madeObjects'
    | 'state'
    | 'steps'
    | 'storeJobId'
    | 'searchJobId'
    | 'matchId'
    | 'message'
  >
>

/** Changes the fields that are present, and records that the server works on it. False if the run has been removed. */
export async function updateSampleRun(
  db: Database,
  dnaDbId: string,
  changes: SampleChanges,
): Promise<boolean> {
  const { steps } = changes
  const { rowCount } = await db.pool.query(
    `update sample_runs set object = coalesce($2, object), copy = coalesce($3, copy),
       made_objects = coalesce($4, made_objects), state = coalesce($5, state), steps = coalesce($6, steps),
       store_job_id = coalesce($7, store_job_id), search_job_id = coalesce($8, search_job_id),
       match_id = coalesce($9, match_id), message = coalesce($10, message), heard_at = clock_timestamp()
     where dna_db_id = $1`,
    [
      dnaDbId,
      changes.object ?? null,
      changes.copy ?? null,
      changes.madeObjects ?? null,
      changes.state ?? null,
      steps === undefined ? null : JSON.stringify(steps),
      changes.storeJobId ?? null,
      changes.searchJobId ?? null,
      changes.matchId ?? null,
      changes.message ?? null,
    ],
  )
  return rowCount === 1
}

/** Deletes the record of a run with the matches of its library. Its library, jobs and objects are the caller's. */
export async function deleteSampleRun(db: Database, dnaDbId: string): Promise<void> {
  await db.pool.query('delete from matches where dna_db_id = $1', [dnaDbId])
  await db.pool.query('delete from sample_runs where dna_db_id = $1', [dnaDbId])
}

/** The best match that a search found, or null. */
export async function findMatchOfJob(db: Database, jobId: string): Promise<string | null> {
  const { rows } = await db.pool.query<{ readonly matchId: string }>(
    `select match_id as "matchId" from match_jobs join matches m using (match_id) where match_jobs.job_id = $1
     order by m.score desc limit 1`,
    [jobId],
  )
  return rows[0]?.matchId ?? null
}
