import { existsSync, mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSmallDisk, type SmallDisk } from '../../../tests/faults/small-disk.ts'
import { startTestServer, type TestServer, temporaryFolder } from './test-server.fixture.ts'

/** The template takes 40 MiB, and the log grows by 16 MiB at a time. */
const DISK_MIB = 160
const WAIT = { timeout: 250_000, interval: 100 }

let folder = ''
let disk: SmallDisk
let server: TestServer
const failures: string[] = []
beforeEach(async () => {
  folder = temporaryFolder()
  disk = openSmallDisk(join(folder, 'disk'), { sizeMib: DISK_MIB })
  failures.length = 0
  server = await startTestServer(join(disk.path, 'data'), ({ message }) => failures.push(message))
  await server.pool.query('create table written (n int primary key); insert into written values (-1)')
})
afterEach(async () => {
  await server.close()
  disk.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes rows, each with 1 MB in the log, until one is refused. */
async function writeUntilRefused(): Promise<{ acknowledged: number; error: unknown }> {
  for (let n = 1; ; n++) {
    try {
      await server.pool.query(
        `with noise as (select pg_logical_emit_message(true, 'n', repeat('x', 1000000)))
         insert into written select ${n} from noise`,
      )
    } catch (error) {
      return { acknowledged: n - 1, error }
    }
  }
}

test.each([
  {
    what: 'the disk is full',
    // Without permission to mount, a folder with the name of the next segment keeps the log from growing.
    start: () => (disk.ownDisk ? disk.fill() : blockLog()),
    end: () => (disk.ownDisk ? disk.empty() : unblockLog()),
  },
  { what: 'the log cannot grow', start: () => blockLog(), end: () => unblockLog() },
])(
  'the embedded database refuses statements while $what, and then continues with every acknowledged row',
  { tags: ['full-disk'] },
  async ({ start, end }) => {
    start()
    const { acknowledged, error } = await writeUntilRefused()
    expect(acknowledged).toBeGreaterThan(0)
    expect(error).toMatchObject({ code: '57P03' })
    await vi.waitFor(() => expect(failures.join()).toMatch(/^The embedded database stopped: could not/), WAIT)
    const refusal = await writeUntilRefused()
    expect(refusal.error).toMatchObject({ code: '57P03' })
    end()
    await vi.waitFor(() => server.pool.query('insert into written values (0)'), WAIT)
    const { rows } = await server.pool.query<{ n: number }>(
      'select n from written where n between 0 and $1 order by n',
      [acknowledged],
    )
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: acknowledged + 1 }, (_, n) => n))
  },
)

test('an embedded database does not start on a full disk, and the error gives the space it needs', async () => {
  const tiny = openSmallDisk(join(folder, 'tiny'), { sizeMib: 8 })
  // Without permission to mount, a folder on /proc is used instead, whose file system does not report its free space.
  const dataDir = tiny.ownDisk ? join(tiny.path, 'data') : '/proc/kinoprint'
  await expect(startTestServer(dataDir)).rejects.toThrow(tiny.ownDisk ? /is full\. Free 32 MB/ : /ENOENT/)
  tiny.close()
})

/** The file that PostgreSQL writes the next segment of its log to. PGlite's process id is always 42. */
function nextSegment() {
  return join(disk.path, 'data', 'postgres', 'pg_wal', 'xlogtemp.42')
}
function blockLog() {
  return mkdirSync(nextSegment())
}
function unblockLog() {
  if (existsSync(nextSegment())) rmdirSync(nextSegment())
}
