import type { Database } from '../database.ts'

type Table = { readonly name: string; readonly dead: number; readonly live: number }

/** Vacuum a table with more dead rows than this, as autovacuum does (its scale factor is 0.2). */
const DEAD_ROWS = 500
const DEAD_SHARE = 0.2
const TABLES_AT_ONCE = 8

/**
 * Replaces autovacuum, which the embedded database lacks: removes dead rows and updates the planner's statistics of the
 * tables that changed most. Call it every few minutes; on a server it does nothing.
 *
 * With `indexes` it rewrites the tables of the search index instead. That blocks all other statements while it runs and
 * is never urgent, because searches skip dead rows.
 */
export async function vacuumEmbedded(
  db: Database,
  { indexes = false }: { readonly indexes?: boolean } = {},
): Promise<void> {
  if (!db.embedded) return
  // A session reports its own changes to the statistics only occasionally.
  await db.pool.query('select pg_stat_force_next_flush()')
  const { rows } = await db.pool.query<Table>(
    `select format('%I.%I', s.schemaname, s.relname) as name, s.n_dead_tup::float8 as dead,
       s.n_live_tup::float8 as live
     from pg_stat_user_tables s join pg_class c on c.oid = s.relid
     where c.relispartition = $4 and n_dead_tup + n_mod_since_analyze > $1::float8 + $2::float8 * n_live_tup
     order by n_dead_tup + n_mod_since_analyze desc limit $3`,
    [DEAD_ROWS, DEAD_SHARE, TABLES_AT_ONCE, indexes],
  )
  for (const { name, dead, live } of rows) {
    const worthVacuum = dead > DEAD_ROWS + DEAD_SHARE * live
    const vacuum = indexes ? 'vacuum (full, analyze)' : 'vacuum (analyze)'
    await db.pool.query(`${worthVacuum ? vacuum : 'analyze'} ${name}`)
  }
}
