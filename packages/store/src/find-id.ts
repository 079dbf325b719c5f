import type { Database } from './database.ts'

export type FoundId = {
  readonly kind: 'job' | 'video' | 'library' | 'match' | 'comparison' | null
  readonly state: 'exists' | 'deleted' | 'expired' | 'unknown'
  readonly name: string | null
  readonly dnaDbId: string | null
  readonly endedAt: Date | null
}

type Known = Exclude<FoundId['kind'], null>
type Row = { readonly name: string | null; readonly dnaDbId: string | null }

const KINDS: readonly (readonly [pattern: RegExp, kind: Known])[] = [
  [/^Db/, 'library'],
  [/^dv/, 'video'],
  [/^j/, 'job'],
  [/^m/, 'match'],
  [/^cp/, 'comparison'],
]

const QUERIES: Readonly<Record<Known, string>> = {
  library: `select name, dna_db_id as "dnaDbId" from libraries where dna_db_id = $1`,
  video: `select v.object as name, l.dna_db_id as "dnaDbId" from videos v join libraries l on l.number = v.library_number
    where v.video_id = $1`,
  job: `select object as name, dna_db_id as "dnaDbId" from jobs where job_id = $1`,
  match: `select query_object as name, dna_db_id as "dnaDbId" from matches where match_id = $1`,
  comparison: `select query->>'name' as name, null as "dnaDbId" from comparisons
    where comparison_id = $1 and (expires_at > clock_timestamp() or state = 'Running')`,
}

/**
 * Says what an id names, and whether it exists, was deleted or never existed. A deleted job has passed its retention.
 * Comparisons are kept for an hour, and nothing is known of them afterwards.
 */
export async function findId(db: Database, id: string): Promise<FoundId> {
  const kind = KINDS.find(([pattern]) => pattern.test(id))?.[1] ?? null
  const nothing = { kind, name: null, dnaDbId: null, endedAt: null } as const
  if (kind === null) return { ...nothing, state: 'unknown' }
  const [row] = (await db.pool.query<Row>(QUERIES[kind], [id])).rows
  if (row !== undefined) return { ...nothing, ...row, state: 'exists' }
  const deleted = await db.pool.query<{ deletedAt: Date }>(
    'select deleted_at as "deletedAt" from deleted_ids where id = $1',
    [id],
  )
  const endedAt = deleted.rows[0]?.deletedAt ?? null
  if (endedAt === null) return { ...nothing, state: 'unknown' }
  return { ...nothing, endedAt, state: kind === 'job' ? 'expired' : 'deleted' }
}

/** How long it is remembered that an id was deleted. */
const REMEMBERED_DAYS = 365

/** Forgets ids that were deleted more than a year ago. */
export async function forgetDeletedIds(db: Database): Promise<void> {
  await db.pool.query(
    `delete from deleted_ids where deleted_at < clock_timestamp() - interval '${REMEMBERED_DAYS} days'`,
  )
}

export type DatabaseFacts = { readonly version: string; readonly pgvector: string; readonly schema: number }

/** Versions of PostgreSQL, of pgvector and of the schema. */
export async function readDatabaseFacts(db: Database): Promise<DatabaseFacts> {
  const { rows } = await db.pool.query<DatabaseFacts>(
    `select split_part(current_setting('server_version'), ' ', 1) as version,
       (select extversion from pg_extension where extname = 'vector') as pgvector,
       (select max(version) from schema_version) as schema`,
  )
  const [facts] = rows
  if (facts === undefined) throw new Error('The database returned no version.')
  return facts
}
