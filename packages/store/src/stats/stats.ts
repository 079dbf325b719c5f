import { type JobState, jobStates, type RuleType } from '@kinoprint/core'
import type { Database } from '../database.ts'

export type Stats = {
  readonly libraries: number
  readonly videos: number
  /** Total length of the stored videos. */
  readonly hours: number
  readonly frames: number
  readonly jobs: Readonly<Record<JobState, number>>
  /** Size of the whole database on disk. */
  readonly bytes: number
  readonly minutesProcessed: readonly ProcessedMinutes[]
}

type ProcessedMinutes = {
  /** Null for the command line. */
  readonly secretId: string | null
  readonly dnaDbId: string
  readonly ruleType: RuleType
  readonly minutes: number
  readonly jobs: number
}

const MS_PER_HOUR = 3_600_000

/** Returns totals of the whole installation, for operators. Reads all jobs to count them. */
export async function readStats(db: Database): Promise<Stats> {
  const totals = await db.pool.query<{
    libraries: number
    videos: number
    ms: number
    frames: number
    bytes: number
  }>(
    `select count(*)::float8 as libraries, coalesce(sum(video_count), 0)::float8 as videos,
       coalesce(sum(total_ms), 0)::float8 as ms, coalesce(sum(total_frames), 0)::float8 as frames,
       pg_database_size(current_database())::float8 as bytes
     from libraries`,
  )
  const { libraries = 0, videos = 0, ms = 0, frames = 0, bytes = 0 } = totals.rows[0] ?? {}
  const states = await db.pool.query<{ state: JobState; jobs: number }>(
    'select state, count(*)::float8 as jobs from jobs group by state',
  )
  const usage = await db.pool.query<ProcessedMinutes>(
    `select nullif(secret_id, '') as "secretId", dna_db_id as "dnaDbId", rule_type as "ruleType",
       processed_ms / 60000.0::float8 as minutes, jobs::float8 as jobs
     from usage order by secret_id, dna_db_id, rule_type`,
  )
  const jobs = Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>
  for (const row of states.rows) jobs[row.state] = row.jobs
  return { libraries, videos, hours: ms / MS_PER_HOUR, frames, jobs, bytes, minutesProcessed: usage.rows }
}
