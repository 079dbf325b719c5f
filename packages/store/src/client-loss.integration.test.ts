import pg from 'pg'
import { expect, test } from 'vitest'
import { openDatabase } from './open.ts'
import { transaction } from './transaction.ts'

test('a connection that breaks between two statements fails the transaction but not the process', async () => {
  const databaseUrl = process.env.TEST_DATABASE_URL ?? ''
  const db = await openDatabase({ databaseUrl })
  const administrator = new pg.Client({ connectionString: databaseUrl })
  await administrator.connect()
  const work = transaction(db, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const broken = new Promise((resolve) => client.once('end', resolve))
    await administrator.query('select pg_terminate_backend($1)', [rows[0]?.pid])
    await broken
    return client.query('select 1')
  })
  await expect(work).rejects.toThrow(/terminat|not queryable/)
  expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await administrator.end()
  await db.close()
})

test('the server ends a client that stops responding within a transaction', async () => {
  const db = await openDatabase({ databaseUrl: process.env.TEST_DATABASE_URL ?? '' })
  const { rows } = await db.pool.query<{ setting: string }>(
    `select setting from pg_settings
     where name in ('idle_in_transaction_session_timeout', 'tcp_user_timeout') order by name`,
  )
  // The test server listens on TCP, so both settings take effect.
  expect(rows.map(({ setting }) => setting)).toEqual(['5000', '20000'])
  await db.close()
})
