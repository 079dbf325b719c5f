import pg from 'pg'
import { expect, test } from 'vitest'

test('the tests run against a real PostgreSQL with pgvector', async () => {
  const client = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
  await client.connect()
  await client.query('create extension if not exists vector')
  const { rows } = await client.query(`select '1100'::bit(4) <~> '1010'::bit(4) as distance`)
  await client.end()
  expect(rows[0]?.distance).toBe(2)
})
