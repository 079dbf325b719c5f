import type { RuleType } from '@kinoprint/core'
import type { Database } from './database.ts'
import { SILENT_SECONDS } from './workers.ts'

/** What is measured about an installation at each scrape. None of it needs to read every job or every video. */
type OperatingFigures = {
  readonly libraries: number
  readonly videos: number
  /** Total length of the stored videos. */
  readonly videoSeconds: number
  /** Size of the whole database on disk. */
  readonly databaseBytes: number
  /** Rows as PostgreSQL last estimated them (null before its first estimate), and bytes with their B-trees. */
  readonly indexes: readonly {
    readonly index: 'frame' | 'audio' | 'keypoint' | 'landmark'
    readonly rows: number | null
    readonly bytes: number
  }[]
  /** One entry per level, the highest first. Jobs of paused queues do not wait. */
  readonly waiting: readonly {
    readonly jobLevel: number
    readonly jobs: number
    /** 0 if none waits. */
    readonly oldestSeconds: number
  }[]
  readonly workers: { readonly alive: number; readonly silent: number }
  /** Passages that the flood guard holds back. */
  readonly heldPassages: number
  /** Callbacks that are to be sent, and how long the most overdue one has been due. */
  readonly callbacks: { readonly pending: number; readonly overdueSeconds: number }
  /** Since the installation exists. */
  readonly processed: readonly { readonly ruleType: RuleType; readonly videoSeconds: number }[]
}

const LEVELS = [2, 1, 0]

/** Reads the figures that /metrics shows of the database. */
export async function readOperatingFigures(db: Database): Promise<OperatingFigures> {
  const { pool } = db
  const totals = await pool.query<
    Pick<OperatingFigures, 'libraries' | 'videos' | 'videoSeconds' | 'databaseBytes'>
  >(
    `select count(*)::float8 as libraries, coalesce(sum(video_count), 0)::float8 as videos,
       (coalesce(sum(total_ms), 0) / 1000)::float8 as "videoSeconds",
       pg_database_size(current_database())::float8 as "databaseBytes"
     from libraries`,
  )
  const indexes = await pool.query<OperatingFigures['indexes'][number]>(
    `select i.name as index, (sum(c.reltuples) filter (where c.reltuples >= 0))::float8 as rows,
       sum(pg_total_relation_size(c.oid))::float8 as bytes
     from (values ('frame', 'frame_index'), ('audio', 'audio_index'), ('keypoint', 'keypoint_index'),
       ('landmark', 'landmark_index')) as i (name, relation)
     cross join lateral pg_partition_tree(i.relation::regclass) p join pg_class c on c.oid = p.relid
     where p.isleaf group by i.name`,
  )
  const waiting = await pool.query<OperatingFigures['waiting'][number]>(
    `select l.level as "jobLevel",
       (select count(*) from jobs where state = 'Submitted' and job_level = l.level)::float8 as jobs,
       coalesce(extract(epoch from clock_timestamp() - (
         select created_at from jobs where state = 'Submitted' and job_level = l.level order by seq limit 1
       )), 0)::float8 as "oldestSeconds"
     from unnest($1::int[]) as l (level)`,
    [LEVELS],
  )
  const workers = await pool.query<OperatingFigures['workers']>(
    `select count(*) filter (where heard_at >= clock_timestamp() - $1 * interval '1 second')::float8 as alive,
       count(*) filter (where heard_at < clock_timestamp() - $1 * interval '1 second')::float8 as silent
     from workers where stopped_at is null`,
    [SILENT_SECONDS],
  )
  const callbacks = await pool.query<OperatingFigures['callbacks']>(
    `select count(*)::float8 as pending,
       greatest(0, coalesce(extract(epoch from clock_timestamp() - min(next_at)), 0))::float8 as "overdueSeconds"
     from deliveries where status = 'Pending'`,
  )
  const held = await pool.query<Pick<OperatingFigures, 'heldPassages'>>(
    `select count(*)::float8 as "heldPassages" from ignored_passages where held and not is_draft`,
  )
  const processed = await pool.query<OperatingFigures['processed'][number]>(
    `select rule_type as "ruleType", (sum(processed_ms) / 1000)::float8 as "videoSeconds"
     from usage group by rule_type order by rule_type`,
  )
  return {
    ...(totals.rows[0] ?? { libraries: 0, videos: 0, videoSeconds: 0, databaseBytes: 0 }),
    indexes: indexes.rows,
    waiting: waiting.rows,
    workers: workers.rows[0] ?? { alive: 0, silent: 0 },
    callbacks: callbacks.rows[0] ?? { pending: 0, overdueSeconds: 0 },
    heldPassages: held.rows[0]?.heldPassages ?? 0,
    processed: processed.rows,
  }
}
