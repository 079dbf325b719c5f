import type pg from 'pg'
import type { Database, Queryable } from './database.ts'
import { indexKinds, PARENTS } from './index-partitions.ts'
import { patiently } from './statement-limit.ts'
import { transaction } from './transaction.ts'

/** Fewer rows are compared one by one: 1 to 2 ms for each probe, as long as a search through the index takes. */
const LEAST_ROWS = 10_000
/** Bytes of one row in its table, its header included. */
const ROW_BYTES = 93
/** Lists for the square root of the rows. */
const LISTS = 1.6
/** What making an index keeps in memory grows with the square of its lists: 840 MB for 2,000, 53 MB for 500. */
const MOST_LISTS = { server: 2_000, embedded: 500 } as const
/** The index is made anew when its library would get this many times its lists, so after growing fourfold. */
const OUTGROWN = 2
/** Key of the advisory lock under which one process at a time makes indexes: "Near" in ASCII. */
const LOCK_KEY = 0x4e656172

/** Lists that an index of so many rows is divided into; 16 of them are looked through for each probe. */
export const listsFor = (rows: number, { embedded }: Pick<Database, 'embedded'>): number =>
  Math.min(Math.max(Math.round(LISTS * Math.sqrt(rows)), 1), MOST_LISTS[embedded ? 'embedded' : 'server'])

type Present = { readonly name: string; readonly lists: number | null; readonly valid: boolean }
type Partition = { readonly name: string; readonly bytes: number; readonly indexes: readonly Present[] }

/**
 * Gives each library the neighbour index (pgvector's ivfflat) that its size asks for: none while it is small, and a
 * new one whenever it has grown fourfold, because the lists are divided by the rows that are there when it is made.
 * Call it now and then; what is up to date costs one statement. On servers reading and writing go on meanwhile, and of
 * several callers one works. Aborting the signal ends it there; the next call goes on. Answers how many indexes were made.
 */
export const keepNeighbourIndexes = async (
  db: Database,
  { leastRows = LEAST_ROWS, signal }: { readonly leastRows?: number; readonly signal?: AbortSignal } = {},
): Promise<number> => {
  if ((await partitionsToDo(db.pool, { db, leastRows })).length === 0) return 0
  return oneAtATime(db, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const cancel = () => {
      // Embedded there is nobody else who could; an index of that size takes seconds.
      if (!db.embedded) db.pool.query('select pg_cancel_backend($1)', [rows[0]?.pid]).catch(() => {})
    }
    signal?.addEventListener('abort', cancel)
    try {
      // Another caller may have done it while this one waited.
      const todo = await partitionsToDo(client, { db, leastRows })
      for (const one of todo) {
        signal?.throwIfAborted()
        await makeIndex(client, db, one)
      }
      return todo.length
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  })
}

/** Embedded all clients share one session, which knows no other locks than a transaction. */
const oneAtATime = async (
  db: Database,
  work: (client: pg.PoolClient) => Promise<number>,
): Promise<number> => {
  if (db.embedded) return transaction(db, work)
  const client = await db.pool.connect()
  // One that fails is closed, and with it go the lock and the setting.
  let failed = true
  try {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      LOCK_KEY,
    ])
    const made = rows[0]?.locked ? await work(client) : 0
    await client.query('select pg_advisory_unlock_all()')
    failed = false
    return made
  } finally {
    client.release(failed)
  }
}

type Todo = { readonly partition: Partition; readonly lists: number }

const partitionsToDo = async (
  client: Queryable,
  { db, leastRows }: { db: Database; leastRows: number },
): Promise<Todo[]> => {
  const partitions = await listPartitions(client)
  return partitions.flatMap((partition) => {
    const rows = partition.bytes / ROW_BYTES
    const lists = listsFor(rows, db)
    const has = Math.max(0, ...partition.indexes.map((index) => (index.valid ? (index.lists ?? 0) : 0)))
    return rows >= leastRows && lists >= OUTGROWN * has ? [{ partition, lists }] : []
  })
}

const listPartitions = async (client: Queryable): Promise<Partition[]> => {
  const { rows } = await client.query<Partition>(
    `select p.oid::regclass::text as name, pg_relation_size(p.oid)::float8 as bytes,
       coalesce(json_agg(json_build_object('name', n.oid::regclass::text, 'valid', x.indisvalid, 'lists',
         (select option_value::int from pg_options_to_table(n.reloptions) where option_name = 'lists')
       )) filter (where a.amname = 'ivfflat'), '[]') as indexes
     from pg_inherits h join pg_class p on p.oid = h.inhrelid
     left join pg_index x on x.indrelid = p.oid
     left join pg_class n on n.oid = x.indexrelid
     left join pg_am a on a.oid = n.relam
     where h.inhparent = any($1::regclass[])
     group by p.oid order by p.oid`,
    [indexKinds.map((kind) => PARENTS[kind])],
  )
  return rows
}

/** What an earlier attempt left unfinished goes too. */
const makeIndex = async (
  client: pg.PoolClient,
  { embedded }: Database,
  { partition, lists }: Todo,
): Promise<void> => {
  const concurrently = embedded ? '' : 'concurrently'
  const broken = partition.indexes.filter(({ valid }) => !valid)
  for (const { name } of broken) await client.query(patiently(`drop index ${concurrently} if exists ${name}`))
  await client.query(`set maintenance_work_mem = '${memoryMegabytes(lists)}MB'`)
  await client.query(
    patiently(
      `create index ${concurrently} ${partition.name}_near_${lists} on ${partition.name}
       using ivfflat (hash bit_hamming_ops) with (lists = ${lists})`,
    ),
  )
  await client.query('reset maintenance_work_mem')
  const outgrown = partition.indexes.filter(({ valid }) => valid)
  for (const { name } of outgrown)
    await client.query(patiently(`drop index ${concurrently} if exists ${name}`))
}

/** pgvector keeps four bytes for each list and each of its samples (50 a list, 10,000 at least), and refuses less. */
const memoryMegabytes = (lists: number): number =>
  Math.max(64, Math.ceil((4 * lists * (Math.max(10_000, 50 * lists) + lists)) / 2 ** 20) + 32)
