import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLibrary, migrate, openDatabase } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { run } from '../command-line.fixture.ts'
import { databaseDir } from '../data-folder.ts'
import { migrationsDir } from '../installed-files.ts'

// Each check is a separate process that starts the embedded database.
vi.setConfig({ testTimeout: 300_000 })

const dataDir = mkdtempSync(join(tmpdir(), 'kinoprint-check-'))
function check(...flags: string[]) {
  return run(['admin', 'check', ...flags], { settings: { DATA_DIR: dataDir } })
}

beforeAll(async () => {
  const db = await openDatabase({ dataDir: databaseDir(dataDir) })
  await migrate(db, { dir: migrationsDir })
  for (const name of ['films', 'series', 'adverts'])
    await createLibrary(db, { name, bucket: 'films-125', region: 'local' })
  await db.pool.query('update libraries set total_frames = 5')
  await db.close()
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

test('the check exits 1 while a fault remains and 0 after repairing all faults, even in several libraries', {
  tags: ['consistency-check'],
}, async () => {
  const found = await check('--json')
  expect(found.code).toBe(1)
  expect(JSON.parse(found.stdout).faults).toEqual(
    Array.from({ length: 3 }, () => ({ message: expect.stringContaining('totals'), repaired: false })),
  )
  const repaired = await check('--repair')
  expect(repaired.stdout.match(/^fault: /gm)).toHaveLength(3)
  expect(repaired.code).toBe(0)
  const again = await check()
  expect(again.stdout).toContain('No faults found.')
  expect(again.code).toBe(0)
})
