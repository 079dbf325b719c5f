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
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, temporaryFolder } from './test-server.fixture.ts'

let dataDir = ''
let cluster = ''
let mark = ''
const folders: string[] = []
let original = ''
beforeAll(async () => {
  original = temporaryFolder()
  dataDir = original
  await query('create table kept (n int); insert into kept values (7)')
})
afterAll(() => rmSync(original, { recursive: true, force: true }))
beforeEach(() => {
  useFolder(temporaryFolder())
  cpSync(original, dataDir, { recursive: true })
})
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function useFolder(folder: string): void {
  folders.push(folder)
  dataDir = folder
  cluster = join(folder, 'postgres')
  mark = join(folder, 'postgres.complete')
}

/** Starts a server on the data folder for one statement. */
async function query(sql: string): Promise<unknown> {
  const server = await startTestServer(dataDir)
  try {
    return await server.pool.query(sql)
  } finally {
    await server.close()
  }
}

function kept() {
  return query('select n from kept')
}
function filesIn(folder: string) {
  return readdirSync(folder, { recursive: true }).sort()
}

describe('a folder that holds an embedded database', () => {
  test.each([
    ['missing', () => undefined],
    ['a dangling link', () => symlinkSync('/nowhere/at-all', mark)],
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

  test('an embedded database is opened and kept when it was copied without its mark into a new data folder', async () => {
    const copied = cluster
    useFolder(temporaryFolder())
    cpSync(copied, cluster, { recursive: true })
    expect(await kept()).toMatchObject({ rows: [{ n: 7 }] })
  })
})

describe('a folder that may hold data', () => {
  test.each([
    ['its version file', 'PG_VERSION', 'with'],
    ['its control file', 'global/pg_control', 'with'],
    ['its tables', 'base', 'with'],
    ['its log', 'pg_wal', 'with'],
    ['its version file and its mark', 'PG_VERSION', 'without'],
    ['its control file and its mark', 'global/pg_control', 'without'],
  ])(
    'a database folder is left unchanged, and named with the remedy, when it lacks %s',
    { tags: ['database-kept'] },
    async (_, name, how) => {
      rmSync(join(cluster, name), { recursive: true })
      if (how === 'without') rmSync(mark)
      const before = filesIn(dataDir)
      await expect(startTestServer(dataDir)).rejects.toMatchObject({
        code: 'ServiceUnavailable',
        message: expect.stringMatching(/contains files but no complete database.*mv /),
      })
      expect(filesIn(dataDir)).toEqual(before)
    },
  )

  test('a database folder is left unchanged if its files are not a database', async () => {
    rmSync(mark)
    renameSync(cluster, join(dataDir, 'moved'))
    mkdirSync(cluster)
    writeFileSync(join(cluster, 'letters.txt'), 'precious')
    await expect(startTestServer(dataDir)).rejects.toThrow(cluster)
    expect(filesIn(cluster)).toEqual(['letters.txt'])
  })

  test('a database folder that is missing although its mark exists is not replaced', {
    tags: ['database-kept'],
  }, async () => {
    renameSync(cluster, join(dataDir, 'moved'))
    await expect(startTestServer(dataDir)).rejects.toThrow(/Mount or restore that folder/)
    expect(existsSync(cluster)).toBe(false)
    renameSync(join(dataDir, 'moved'), cluster)
    expect(await kept()).toMatchObject({ rows: [{ n: 7 }] })
  })

  test('an empty mount point is not filled with a new database when the mark exists', async () => {
    renameSync(cluster, join(dataDir, 'moved'))
    mkdirSync(cluster)
    await expect(startTestServer(dataDir)).rejects.toThrow(/Mount or restore that folder/)
    expect(filesIn(cluster)).toEqual([])
  })

  test('a database folder that is a dangling link is left unchanged', async () => {
    renameSync(cluster, join(dataDir, 'moved'))
    rmSync(mark)
    symlinkSync(join(dataDir, 'unmounted'), cluster)
    await expect(startTestServer(dataDir)).rejects.toThrow(/cannot be read \(ENOENT\)/)
  })
})

describe('the first start of an embedded database', () => {
  test('a first start starts over after an interruption, and deletes only its own unfinished folder', async () => {
    useFolder(temporaryFolder())
    const unfinished = join(dataDir, 'postgres.unfinished')
    mkdirSync(join(unfinished, 'base'), { recursive: true })
    writeFileSync(join(unfinished, 'PG_VERSION'), '17')
    writeFileSync(join(dataDir, 'films.txt'), 'precious')
    await query('create table kept as select 7 as n')
    expect(await kept()).toMatchObject({ rows: [{ n: 7 }] })
    expect(readdirSync(dataDir).sort()).toEqual(['films.txt', 'lock', 'postgres', 'postgres.complete'])
  })
})
