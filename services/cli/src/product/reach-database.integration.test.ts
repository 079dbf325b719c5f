import { openDatabase } from '@kinoprint/store'
import { expect, test } from 'vitest'
import { reachDatabase } from './reach-database.ts'

async function reach(databaseUrl: string, limitMs = 300): Promise<void> {
  const db = await openDatabase({ databaseUrl })
  try {
    await reachDatabase(db, { databaseUrl, limitMs })
  } finally {
    await db.close()
  }
}

const server = process.env.TEST_DATABASE_URL ?? ''

test('a running server is reachable', async () => {
  await expect(reach(server, 250_000)).resolves.toBeUndefined()
})

test('an unreachable server is reported without its password', async () => {
  const fault = await reach('postgres://someone:hidden@127.0.0.1:1/films').catch((error: unknown) => error)
  expect(fault).toMatchObject({ code: 'ServiceUnavailable' })
  expect(String(fault)).toContain('PostgreSQL at 127.0.0.1:1 (DATABASE_URL) cannot be reached')
  expect(String(fault)).not.toContain('hidden')
})

test('a missing database or user is reported at once as a wrong setting', async () => {
  const absent = server.replace(/\/[^/]*$/, '/no_such_database')
  await expect(reach(absent)).rejects.toMatchObject({
    code: 'InvalidSettings',
    message: expect.stringContaining('rejected DATABASE_URL: database "no_such_database" does not exist'),
  })
  const stranger = new URL(server)
  stranger.username = 'no_such_user'
  await expect(reach(stranger.href)).rejects.toMatchObject({ code: 'InvalidSettings' })
})
