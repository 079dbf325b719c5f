import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, findKey, migrate, openDatabase, revokeKey } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { migrationsDir } from '../migrations-dir.ts'
import { ensureFirstKey } from './ensure-first-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-first-key-'))
const encryptionKey = Buffer.alloc(32, 5)
let db: Database
beforeAll(async () => {
  db = await openDatabase({ dataDir: join(folder, 'database') })
  await migrate(db, { dir: migrationsDir })
})
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A start with this key: what the log warned of. */
const start = async (secretKey: string): Promise<unknown[][]> => {
  const warn = vi.fn()
  await ensureFirstKey(db, { firstKey: { secretId: 'AKIDfirst', secretKey }, encryptionKey, log: { warn } })
  return warn.mock.calls
}
const stored = () => findKey(db, { encryptionKey, secretId: 'AKIDfirst' })

test('the first key is made once, and starting again says nothing', async () => {
  expect(await start('the one secret')).toEqual([])
  expect(await start('the one secret')).toEqual([])
  expect(await stored()).toMatchObject({ secretKey: 'the one secret', actions: null })
})

test('another secret under the same id changes nothing, and the log says what to do and no secret', async () => {
  const said = await start('another secret')
  expect(said).toEqual([[{ secretId: 'AKIDfirst' }, expect.stringContaining('under a new SECRET_ID')]])
  expect(JSON.stringify(said)).not.toContain('another secret')
  expect(await stored()).toMatchObject({ secretKey: 'the one secret' })
})

test('a first key that was revoked stays revoked', async () => {
  await revokeKey(db, 'AKIDfirst')
  expect(await start('the one secret')).toEqual([])
  expect(await stored()).toBeNull()
})
