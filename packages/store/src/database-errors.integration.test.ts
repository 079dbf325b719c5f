import { expect, test } from 'vitest'
import { isDatabaseFull, isDatabaseUnavailable } from './database-errors.ts'
import { openDatabase } from './open.ts'

function withCode(code: string): Error {
  return Object.assign(new Error('x'), { code })
}

test('a server that refuses connections, shuts down or drops the connection is unavailable', {
  tags: ['away-codes'],
}, async () => {
  const db = await openDatabase({ databaseUrl: 'postgres://user@127.0.0.1:1/none' })
  const refused = await db.pool.query('select 1').catch((error: unknown) => error)
  await db.close()
  expect(isDatabaseUnavailable(refused)).toBe(true)
  for (const code of ['57P01', '57P03', '08006', '53300', 'ECONNRESET', 'EAI_AGAIN'])
    expect(isDatabaseUnavailable(withCode(code)), code).toBe(true)
  expect(isDatabaseUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true)
})

test('an error in a statement does not make the database unavailable', () => {
  for (const code of ['23505', '42P01', '57014', '40P01', '22P02', 'ENOENT', ''])
    expect(isDatabaseUnavailable(withCode(code)), code).toBe(false)
  expect(isDatabaseUnavailable('Connection terminated')).toBe(false)
  expect(isDatabaseUnavailable(undefined)).toBe(false)
})

test('a server without disk space is full, not unavailable', () => {
  expect(isDatabaseFull(withCode('53100'))).toBe(true)
  expect(isDatabaseUnavailable(withCode('53100'))).toBe(false)
  expect(isDatabaseFull(withCode('53300'))).toBe(false)
})
