import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { embeddedFolder, temporaryFolder } from '../databases.fixture.ts'
import { openDatabase } from '../open.ts'

vi.setConfig({ testTimeout: 300_000 })

let dataDir = ''
let cluster = ''
let mark = ''
const folders: string[] = []
let original = ''
beforeAll(async () => {
  original = await embeddedFolder()
  dataDir = original
  await withDatabase((query) => query('create table kept (n int); insert into kept values (7)'))
})
afterAll(() => rmSync(original, { recursive: true, force: true }))
beforeEach(() => {
  dataDir = temporaryFolder()
  folders.push(dataDir)
  cpSync(original, dataDir, { recursive: true })
  cluster = join(dataDir, 'postgres')
  mark = join(dataDir, 'postgres.complete')
})
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const withDatabase = async <T>(work: (query: (sql: string) => Promise<T>) => Promise<T>): Promise<T> => {
  const db = await openDatabase({ dataDir })
  try {
    return await work((sql) => db.pool.query(sql) as Promise<T>)
  } finally {
    await db.close()
  }
}
const kept = () => withDatabase<unknown>((query) => query('select n from kept'))
const filesIn = (folder: string) => readdirSync(folder, { recursive: true }).sort()

describe('a folder that holds an embedded database is opened and never made new', () => {
  it.each([
    ['missing', () => undefined],
    ['a link that leads nowhere', () => symlinkSync('/nowhere/at-all', mark)],
    ['a link to itself', () => symlinkSync(mark, mark)],
    ['a folder', () => mkdirSync(mark)],
    ['empty', () => writeFileSync(mark, '')],
  ])(
    'an embedded database is opened and kept when its mark is %s',
    { tags: ['database-kept'] },
    async (_, spoil) => {
      rmSync(mark)
      spoil()
      expect(await kept()).toMatchObject({ rows: [{ n: 7 }] })
    },
  )

  it('an embedded database is opened and kept when it was copied without its mark into a new data folder', async () => {
    const copy = temporaryFolder()
    folders.push(copy)
    cpSync(cluster, join(copy, 'postgres'), { recursive: true })
    dataDir = copy
    expect(await kept()).toMatchObject({ rows: [{ n: 7 }] })
  })
})

describe('a folder that may hold data is left as it is, and the message names it and the remedy', () => {
  it.each([
    ['its version file', 'PG_VERSION', 'with'],
    ['its control file', 'global/pg_control', 'with'],
    ['its tables', 'base', 'with'],
    ['its log', 'pg_wal', 'with'],
    ['its version file and its mark', 'PG_VERSION', 'without'],
    ['its control file and its mark', 'global/pg_control', 'without'],
  ])(
    'a database folder is left as it is when it lacks %s',
    { tags: ['database-kept'] },
    async (_, name, how) => {
      rmSync(join(cluster, name), { recursive: true })
      if (how === 'without') rmSync(mark)
      const before = filesIn(dataDir)
      await expect(openDatabase({ dataDir })).rejects.toMatchObject({
        code: 'ServiceUnavailable',
        message: expect.stringMatching(/holds files but no complete database.*mv /),
      })
      expect(filesIn(dataDir)).toEqual(before)
    },
  )

  it('a database folder is left as it is when it holds files that are no database', async () => {
    rmSync(mark)
    renameSync(cluster, join(dataDir, 'elsewhere'))
    mkdirSync(cluster)
    writeFileSync(join(cluster, 'letters.txt'), 'precious')
    await expect(openDatabase({ dataDir })).rejects.toThrow(cluster)
    expect(filesIn(cluster)).toEqual(['letters.txt'])
  })

  it('a database folder is left as it is when it is gone although its mark is there', {
    tags: ['database-kept'],
  }, async () => {
    renameSync(cluster, join(dataDir, 'elsewhere'))
    await expect(openDatabase({ dataDir })).rejects.toThrow(/Mount or restore that folder/)
    expect(existsSync(cluster)).toBe(false)
    renameSync(join(dataDir, 'elsewhere'), cluster)
    expect(await kept()).toMatchObject({ rows: [{ n: 7 }] })
  })

  it('a database folder is left as it is when it is an empty mount point although its mark is there', async () => {
    renameSync(cluster, join(dataDir, 'elsewhere'))
    mkdirSync(cluster)
    await expect(openDatabase({ dataDir })).rejects.toThrow(/Mount or restore that folder/)
    expect(filesIn(cluster)).toEqual([])
  })

  it('a database folder is left as it is when it is a link that leads nowhere', async () => {
    renameSync(cluster, join(dataDir, 'elsewhere'))
    rmSync(mark)
    symlinkSync(join(dataDir, 'unmounted'), cluster)
    await expect(openDatabase({ dataDir })).rejects.toThrow(/cannot be read \(ENOENT\)/)
  })
})

describe('the first start of an embedded database', () => {
  it('a first start that was interrupted is begun again, and takes nothing but its own unfinished folder away', async () => {
    dataDir = temporaryFolder()
    folders.push(dataDir)
    const unfinished = join(dataDir, 'postgres.unfinished')
    mkdirSync(join(unfinished, 'base'), { recursive: true })
    writeFileSync(join(unfinished, 'PG_VERSION'), '17')
    writeFileSync(join(dataDir, 'films.txt'), 'precious')
    await withDatabase((query) => query('create table kept as select 7 as n'))
    expect(await kept()).toMatchObject({ rows: [{ n: 7 }] })
    expect(readdirSync(dataDir).sort()).toEqual(['films.txt', 'lock', 'postgres', 'postgres.complete'])
  })
})
