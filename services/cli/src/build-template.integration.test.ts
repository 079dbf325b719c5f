import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase } from '@kinoprint/store'
import { afterAll, expect, test } from 'vitest'
import { migrationsDir } from './installed-files.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'kinoprint-template-test-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

test('a new embedded database has the tables of the product and of the queue, so its first start migrates nothing', async () => {
  const db = await openDatabase({ dataDir })
  try {
    const { rows } = await db.pool.query(`select to_regclass('bullmq.migration') is not null as "hasQueue"`)
    expect(rows).toEqual([{ hasQueue: true }])
    const { from, to } = await migrate(db, { dir: migrationsDir })
    expect(from).toBe(to)
    expect(to).toBeGreaterThan(0)
  } finally {
    await db.close()
  }
})
