import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../database.ts'
import { openDatabase } from '../open.ts'

const MIB = 1_048_576
const ROWS_MIB = 1
const WARM_UP = 20
const QUERIES = 200

let folder: string
let db: Database
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-memory-'))
  db = await openDatabase({ dataDir: folder })
})
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

const readRows = async (times: number): Promise<void> => {
  for (let n = 0; n < times; n++)
    await db.pool.query(`select repeat('x', 1024) as row from generate_series(1, ${ROWS_MIB * 1024})`)
}

it('the embedded database keeps nothing of what it has answered', async () => {
  await readRows(WARM_UP)
  const before = process.memoryUsage.rss()
  await readRows(QUERIES)
  const grownMib = (process.memoryUsage.rss() - before) / MIB
  // All threads of the process count, and what was not collected yet; the rows alone are 200 MiB.
  expect(grownMib).toBeLessThan((QUERIES * ROWS_MIB) / 2)
})
