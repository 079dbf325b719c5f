import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, findKey, migrate, openDatabase, revokeKey } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { migrationsDir } from '../installed-files.ts'
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

/** Starts with this key and returns the logged warnings. */
async function start(secretKey: string): Promise<unknown[][]> {
  const warn = vi.fn()
  await ensureFirstKey(db, { firstKey: { secretId: 'AKIDfirst', secretKey }, encryptionKey, log: { warn } })
  return warn.mock.calls
}
function stored() {
  return findKey(db, { encryptionKey, secretId: 'AKIDfirst' })
}

test('the first key is created once, and a restart logs nothing', async () => {
  expect(await start('the one secret')).toEqual([])
  expect(await start('the one secret')).toEqual([])
  expect(await stored()).toMatchObject({ secretKey: 'the one secret', actions: null })
})

test('a different secret under the same id changes nothing, and the log contains the remedy but no secret', async () => {
  const said = await start('another secret')
  expect(said).toEqual([[{ secretId: 'AKIDfirst' }, expect.stringContaining('set a new SECRET_ID')]])
  expect(JSON.stringify(said)).not.toContain('another secret')
  expect(await stored()).toMatchObject({ secretKey: 'the one secret' })
})

test('a revoked first key stays revoked', async () => {
  await revokeKey(db, 'AKIDfirst')
  expect(await start('the one secret')).toEqual([])
  expect(await stored()).toBeNull()
})
