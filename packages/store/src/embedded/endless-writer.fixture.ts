import { openDatabase } from '../open.ts'

// Writes row after row and prints each one's number after the database has acknowledged it, until it is killed.
const db = await openDatabase({ dataDir: process.argv[2] ?? '' })
await db.pool.query('create table if not exists written (n int primary key, padding text)')
const { rows } = await db.pool.query<{ newest: number }>(
  'select coalesce(max(n), 0)::int as newest from written',
)
for (let n = (rows[0]?.newest ?? 0) + 1; ; n++) {
  await db.pool.query('insert into written values ($1, $2)', [n, 'x'.repeat(500)])
  process.stdout.write(`${n}\n`)
}
