import { errorText, Fault } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { indexTables } from '../search-index/partitions.ts'
import { transaction } from '../transaction.ts'
import { askNothing } from './ask-shards.ts'
import { rangesOf, readPlacements, type SlotRange } from './placement.ts'
import { installPlproxy } from './plproxy.ts'
import { readFromShard, readInstallation, requireShard, shardFailure } from './shards.ts'

export type ShardState = {
  readonly name: string
  readonly addedAt: Date
  /** Fingerprints that it holds. */
  readonly fingerprints: number
  /** Libraries that it holds fingerprints of. */
  readonly libraries: number
  /** Rows of its index, as PostgreSQL last estimated them; null if it cannot be used now. */
  readonly indexRows: number | null
  /** Why it cannot be used now; null if it can. */
  readonly problem: string | null
}

export type ShardMap = {
  /** Fingerprints in the primary itself. */
  readonly onPrimary: number
  readonly shards: readonly ShardState[]
  /** Where new fingerprints are stored; `dnaDbId` null for libraries without ranges of their own. */
  readonly placements: readonly { readonly dnaDbId: string | null; readonly ranges: readonly SlotRange[] }[]
  /** The newest move; null if there was none. */
  readonly move: ShardMove | null
}

type ShardMove = {
  readonly perSecond: number
  readonly moved: number
  /** 0..1, of the ids of all fingerprints. */
  readonly progress: number
  /** Why it does not get on; null if it does. */
  readonly problem: string | null
  readonly startedAt: Date
  readonly endedAt: Date | null
}

/** Reads the shards, and tries to reach each. */
export async function readShardStates(db: Database): Promise<readonly ShardState[]> {
  const { rows } = await db.pool.query<Omit<ShardState, 'indexRows' | 'problem'>>(
    `select name, added_at as "addedAt",
       (select count(*) from fingerprints f where f.shard = s.name)::float8 as fingerprints,
       (select count(distinct library_number) from fingerprints f where f.shard = s.name)::float8 as libraries
     from shards s order by name`,
  )
  return Promise.all(rows.map(async (row) => ({ ...row, ...(await readHealth(db, row.name)) })))
}

/** Reads the shards, what belongs on them, and how the newest move gets on. Tries to reach each shard. */
export async function readShardMap(db: Database): Promise<ShardMap> {
  const own = await db.pool.query<{ count: number }>(
    'select count(*)::float8 as count from fingerprints where shard is null',
  )
  return {
    onPrimary: own.rows[0]?.count ?? 0,
    shards: await readShardStates(db),
    placements: await listPlacements(db),
    move: await readMove(db),
  }
}

/** Rows of all partitions of the index. Those that were never analyzed have none. */
const INDEX_ROWS = `select coalesce(sum(c.reltuples) filter (where c.reltuples > 0), 0)::float8 as rows
  from unnest('{${indexTables.join()}}'::regclass[]) as i (relation)
  cross join lateral pg_partition_tree(i.relation) p join pg_class c on c.oid = p.relid where p.isleaf`

async function readHealth(db: Database, name: string): Promise<Pick<ShardState, 'indexRows' | 'problem'>> {
  try {
    const [index] = await readFromShard<{ rows: number }>(db, { name, text: INDEX_ROWS })
    return { indexRows: index?.rows ?? 0, problem: null }
  } catch (error) {
    shardFailure(db, { name, error })
    return { indexRows: null, problem: db.shards?.byName.get(name)?.problem ?? errorText(error) }
  }
}

async function listPlacements(db: Database): Promise<ShardMap['placements']> {
  const { rows } = await db.pool.query<{ number: number | null; dnaDbId: string | null }>(
    `select distinct r.library_number as number, l.dna_db_id as "dnaDbId"
     from shard_ranges r left join libraries l on l.number = r.library_number
     order by l.dna_db_id nulls first`,
  )
  const placementFor = await readPlacements(db.pool)
  return rows.map(({ number, dnaDbId }) => ({ dnaDbId, ranges: rangesOf(placementFor(number ?? -1)) }))
}

async function readMove(db: Database): Promise<ShardMove | null> {
  const { rows } = await db.pool.query<ShardMove>(
    `select per_second as "perSecond", moved::float8 as moved, problem, started_at as "startedAt", ended_at as "endedAt",
       case when ended_at is not null then 1
         else least(1, last_id::float8 / greatest(1, (select max(id) from fingerprints))) end as progress
     from shard_moves`,
  )
  return rows[0] ?? null
}

/**
 * Adds a server that SHARD_URLS names: migrates it, marks it as a shard of this installation, and installs PL/Proxy in the
 * primary. It holds nothing until a move. Adding it again changes nothing.
 *
 * @throws Fault InvalidArgument if SHARD_URLS does not name it; Conflict if the server holds something else, or PL/Proxy is
 * missing; ShardUnavailable.
 */
export async function addShard(db: Database, name: string): Promise<void> {
  if (!db.shards?.byName.has(name))
    throw new Fault('InvalidArgument', `SHARD_URLS does not name ${name}. Add ${name}=postgres://… to it.`)
  await installPlproxy(db)
  const { id } = await readInstallation(db)
  const server = requireShard(db, name).db
  try {
    await migrate(server, { dir: db.shards.migrationsDir })
  } catch (error) {
    throw error instanceof Fault ? error : shardFailure(db, { name, error })
  }
  await claimServer(server, { id, name })
  await askNothing(db, name).catch((cause: unknown) => {
    const message = `The primary itself cannot reach shard ${name}. Its URL must hold there too: ${errorText(cause)}`
    throw new Fault('Conflict', message, { cause })
  })
  await db.pool.query('insert into shards (name) values ($1) on conflict do nothing', [name])
}

/** Marks a server as a shard. It must be empty, or that shard already. */
async function claimServer(server: Database, { id, name }: { id: string; name: string }): Promise<void> {
  await transaction(server, async (client) => {
    const { rows } = await client.query<{ id: string; shard: string | null; libraries: number }>(
      'select id, shard, (select count(*)::int from libraries) as libraries from installation for update',
    )
    const [found] = rows
    if (found === undefined) throw new Fault('Conflict', 'The server lacks its row in installation.')
    if (found.id === id && found.shard === name) return
    if (found.id === id)
      throw new Fault(
        'Conflict',
        found.shard === null
          ? 'This is the primary itself. A shard is another database.'
          : `This server is the shard ${found.shard} already.`,
      )
    if (found.shard !== null || found.libraries > 0)
      throw new Fault('Conflict', 'The server belongs to another installation. Use an empty database.')
    await client.query('update installation set id = $1, shard = $2', [id, name])
  })
}

/**
 * Forgets a shard that holds nothing. Its server keeps its mark, so that it is not taken for an empty one.
 *
 * @throws Fault NotFound if there is no such shard; Conflict if fingerprints are or belong there.
 */
export async function removeShard(db: Database, name: string): Promise<void> {
  await transaction(db, async (client) => {
    const { rows } = await client.query<{ held: boolean; wanted: boolean }>(
      `select exists (select from fingerprints f where f.shard = s.name) as held,
         exists (select from shard_ranges r where r.shard = s.name) as wanted
       from shards s where name = $1 for update`,
      [name],
    )
    const [found] = rows
    if (found === undefined) throw new Fault('NotFound', `There is no shard ${name}.`)
    if (found.held || found.wanted)
      throw new Fault(
        'Conflict',
        `Fingerprints ${found.wanted ? 'belong on' : 'are still on'} shard ${name}. ` +
          'Move its libraries and slots to others, and wait for the end of the move.',
      )
    await client.query('delete from shards where name = $1', [name])
  })
}

/** The names of all registered shards. */
export async function listShardNames({ pool }: Pick<Database, 'pool'>): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>('select name from shards order by name')
  return rows.map(({ name }) => name)
}
