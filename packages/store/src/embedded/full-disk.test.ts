import { existsSync, mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openSmallDisk, type SmallDisk } from '../../../../tests/faults/small-disk.ts'
import type { Database } from '../database.ts'
import { isDatabaseUnavailable } from '../database-errors.ts'
import { temporaryFolder } from '../databases.fixture.ts'
import { openDatabase } from '../open.ts'

/** The template takes 40 MiB, the log grows by 16 MiB at a time. */
const DISK_MIB = 160
const WAIT = { timeout: 250_000, interval: 100 }

let folder = ''
let disk: SmallDisk
let db: Database
const errors: string[] = []
beforeEach(async () => {
  folder = temporaryFolder()
  disk = openSmallDisk(join(folder, 'disk'), { sizeMib: DISK_MIB })
  errors.length = 0
  db = await openDatabase({
    dataDir: join(disk.path, 'data'),
    onError: ({ message }) => errors.push(message),
  })
  await db.pool.query('create table written (n int primary key); insert into written values (-1)')
})
afterEach(async () => {
  await db.close()
  disk.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes rows, and much into the log with each, until one is refused; answers the acknowledged ones and the refusal. */
const writeUntilRefused = async () => {
  for (let n = 1; ; n++) {
    try {
      await db.pool.query(
        `with noise as (select pg_logical_emit_message(true, 'n', repeat('x', 1000000)))
         insert into written select ${n} from noise`,
      )
    } catch (error) {
      return { acknowledged: n - 1, error }
    }
  }
}

it.each([
  {
    what: 'the disk is full',
    // Where nothing may be mounted, a folder of the next segment's name keeps the log from growing just as well.
    start: () => (disk.ownDisk ? disk.fill() : block()),
    end: () => (disk.ownDisk ? disk.empty() : unblock()),
  },
  { what: 'the log cannot grow', start: () => block(), end: () => unblock() },
])(
  'the embedded database refuses while $what, and goes on when that is over',
  { tags: ['full-disk'] },
  async ({ start, end }) => {
    start()
    const { acknowledged, error } = await writeUntilRefused()
    expect(acknowledged).toBeGreaterThan(0)
    expect(isDatabaseUnavailable(error)).toBe(true)
    await vi.waitFor(() => expect(errors.join()).toMatch(/^The embedded database stopped: could not/), WAIT)
    const refusal = await writeUntilRefused()
    expect(isDatabaseUnavailable(refusal.error)).toBe(true)
    end()
    await vi.waitFor(() => db.pool.query('insert into written values (0)'), WAIT)
    const { rows } = await db.pool.query<{ n: number }>(
      'select n from written where n between 0 and $1 order by n',
      [acknowledged],
    )
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: acknowledged + 1 }, (_, n) => n))
  },
)

it('an embedded database whose disk is full does not start, and says how much room it needs', async () => {
  await db.close()
  const tiny = openSmallDisk(join(folder, 'tiny'), { sizeMib: 8 })
  // A folder of no file system says nothing about room; its own message stands then.
  const dataDir = tiny.ownDisk ? join(tiny.path, 'data') : '/proc/kinoprint'
  await expect(openDatabase({ dataDir })).rejects.toThrow(tiny.ownDisk ? /is full\. Free 32 MB/ : /ENOENT/)
  tiny.close()
})

/** What PostgreSQL writes a new segment of its log to, before it has its name; PGlite's process has this number. */
const segment = () => join(disk.path, 'data', 'postgres', 'pg_wal', 'xlogtemp.42')
const block = () => mkdirSync(segment())
const unblock = () => {
  if (existsSync(segment())) rmdirSync(segment())
}
