import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { migrationsDir, serverDatabase, temporaryFolder } from './databases.fixture.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

describe('migrate', () => {
  let server: { url: string; drop: () => Promise<void> }
  let folder: string
  const opened: Database[] = []
  const open = (): Promise<Database> =>
    openDatabase({ databaseUrl: server.url }).then((db) => {
      opened.push(db)
      return db
    })
  beforeAll(async () => {
    server = await serverDatabase()
    folder = temporaryFolder()
    cpSync(migrationsDir, folder, { recursive: true })
  })
  afterAll(async () => {
    await Promise.all(opened.map((db) => db.close()))
    await server.drop()
    rmSync(folder, { recursive: true })
  })

  it('several processes at once: one does the work, all find it done', async () => {
    const databases = [await open(), await open(), await open(), await open()]
    const outcomes = await Promise.all(databases.map((db) => migrate(db, { dir: folder })))
    const newest = outcomes[0]?.to ?? 0
    expect(newest).toBeGreaterThanOrEqual(1)
    expect(outcomes.filter(({ from }) => from === 0)).toHaveLength(1)
    expect(new Set(outcomes.map(({ to }) => to))).toEqual(new Set([newest]))
    expect(await migrate(await open(), { dir: folder })).toEqual({ from: newest, to: newest })
  })

  it('a migration that fails leaves the version before it, whole', { tags: ['migrations'] }, async () => {
    const db = await open()
    const { to } = await migrate(db, { dir: folder })
    const broken = join(folder, `${String(to + 1).padStart(4, '0')}-broken.sql`)
    writeFileSync(broken, 'create table half_done (id int); select nonsense;')
    await expect(migrate(db, { dir: folder })).rejects.toThrow(/nonsense/)
    const { rows } = await db.pool.query<{ half: string | null }>(`select to_regclass('half_done') as half`)
    expect(rows[0]?.half).toBeNull()
    rmSync(broken)
    expect(await migrate(db, { dir: folder })).toEqual({ from: to, to })
  })

  it('a database that a newer program has migrated is refused, with the remedy', {
    tags: ['migrations'],
  }, async () => {
    const db = await open()
    const { to } = await migrate(db, { dir: folder })
    await db.pool.query(`insert into schema_version (version, name) values ($1, 'from the future')`, [to + 1])
    await expect(migrate(db, { dir: folder })).rejects.toMatchObject({
      code: 'DatabaseTooNew',
      message: expect.stringContaining('Run the newer program again'),
    })
    await db.pool.query('delete from schema_version where version = $1', [to + 1])
  })

  it('a number that is missing among the files is noticed', async () => {
    const gap = join(folder, '0999-gap.sql')
    writeFileSync(gap, 'select 1')
    await expect(migrate(await open(), { dir: folder })).rejects.toThrow('0999-gap.sql')
    rmSync(gap)
  })
})
