import { startTestServer } from './test-server.fixture.ts'

// Writes rows until it is killed. Prints the number of each row once the database has acknowledged it.
const { pool } = await startTestServer(process.argv[2] ?? '')
await pool.query('create table if not exists written (n int primary key, padding text)')
const { rows } = await pool.query<{ newest: number }>(
  'select coalesce(max(n), 0)::int as newest from written',
)
for (let n = (rows[0]?.newest ?? 0) + 1; ; n++) {
  await pool.query('insert into written values ($1, $2)', [n, 'x'.repeat(500)])
  process.stdout.write(`${n}\n`)
}
