import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../database.ts'
import { backends, embeddedFolder, type TestDatabase } from '../databases.fixture.ts'
import { openDatabase } from '../open.ts'

const WRITER = fileURLToPath(new URL('./endless-writer.fixture.ts', import.meta.url))

/** Three processes, started one after the other, each of which compiles PostgreSQL anew. */
const TIMEOUT_MS = 300_000

describe('the folder of the embedded database', { timeout: TIMEOUT_MS }, () => {
  const folders: string[] = []
  const databases: Database[] = []
  const children: ChildProcess[] = []
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(databases.splice(0).map((db) => db.close()))
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  const newFolder = async (): Promise<string> => {
    const folder = await embeddedFolder()
    folders.push(folder)
    return folder
  }

  const open = async (dataDir: string): Promise<Database> => {
    const db = await openDatabase({ dataDir })
    databases.push(db)
    return db
  }

  /** A process that writes rows one after the other and prints the number of each once it is acknowledged. */
  const startWriter = (dataDir: string) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--conditions', 'source', WRITER, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    let last = 0
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      last = Number(line)
    })
    const reached = async (count: number) => {
      while (last < count) await once(lines, 'line')
    }
    return { child, reached, last: () => last }
  }

  it('a second opener is refused and told who holds the folder, in this process and in another', {
    tags: ['embedded-durability'],
  }, async () => {
    const dataDir = await newFolder()
    const db = await open(dataDir)
    const refused = { code: 'Conflict', message: expect.stringContaining(`process ${process.pid}`) }
    await expect(openDatabase({ dataDir })).rejects.toMatchObject(refused)
    await db.close()
    const { child, reached } = startWriter(dataDir)
    await reached(1)
    await expect(openDatabase({ dataDir })).rejects.toMatchObject({
      details: { holderPid: String(child.pid) },
    })
  })

  it('kill -9 in the middle of writing loses nothing that was acknowledged, and the folder opens at once', {
    tags: ['embedded-durability'],
  }, async () => {
    const dataDir = await newFolder()
    for (let round = 1; round <= 3; round++) {
      const { child, reached, last } = startWriter(dataDir)
      await reached(round * 150)
      child.kill('SIGKILL')
      await once(child, 'close')
      const db = await open(dataDir)
      const { rows } = await db.pool.query<{ newest: number; count: number }>(
        'select max(n)::int as newest, count(*)::int as count from written',
      )
      expect(rows[0]?.newest).toBeGreaterThanOrEqual(last())
      expect(rows[0]?.count).toBe(rows[0]?.newest)
      await db.close()
    }
  })

  it('rows are there after closing and opening again', async () => {
    const dataDir = await newFolder()
    const db = await open(dataDir)
    await db.pool.query('create table kept (n int)')
    await db.pool.query('insert into kept values (7)')
    await Promise.all([db.close(), db.close()])
    const again = await open(dataDir)
    expect((await again.pool.query('select n from kept')).rows).toEqual([{ n: 7 }])
  })
})

describe('clients of the embedded database', () => {
  let test: TestDatabase
  let db: Database
  beforeAll(async () => {
    test = await backends[0].open()
    db = test.db
  })
  afterAll(() => test.close())

  it('a transaction has the session to itself while others wait their turn', async () => {
    await db.pool.query('create table counted (n int); insert into counted values (0)')
    const addOne = async () => {
      const client = await db.pool.connect()
      await client.query('begin')
      const { rows } = await client.query<{ n: number }>('select n from counted')
      await client.query('update counted set n = $1', [(rows[0]?.n ?? 0) + 1])
      await client.query('commit')
      client.release()
    }
    await Promise.all([...Array.from({ length: 20 }, addOne), db.pool.query('select 1')])
    expect((await db.pool.query('select n from counted')).rows).toEqual([{ n: 20 }])
  })

  it('a client that goes away in a transaction holds nobody up, and what it wrote is gone', async () => {
    await db.pool.query('create table left_open (n int)')
    const client = await db.pool.connect()
    await client.query('begin')
    await client.query('insert into left_open values (1)')
    client.release(true)
    expect((await db.pool.query('select count(*)::int as n from left_open')).rows).toEqual([{ n: 0 }])
  })

  it('notifications reach those that listen, and only them', async () => {
    const [listener, other] = [await db.pool.connect(), await db.pool.connect()]
    const heard: string[] = []
    listener.on('notification', ({ channel, payload }) => heard.push(`${channel}:${payload}`))
    other.on('notification', () => heard.push('other heard it'))
    await listener.query('-- as BullMQ writes it\nLISTEN news;\n')
    await db.pool.query(`select pg_notify('news', $1), pg_notify('gossip', 'x')`, ['one'])
    await db.pool.query(`notify news, 'two'`)
    await listener.query('unlisten news')
    await db.pool.query(`notify news, 'three'`)
    await db.pool.query('select 1')
    expect(heard).toEqual(['news:one', 'news:two'])
    listener.release()
    other.release()
  })

  it('prepared statements of one name do not clash between clients', async () => {
    const clients = [await db.pool.connect(), await db.pool.connect()]
    const answers = await Promise.all(
      clients.flatMap((client, index) =>
        [1, 2].map((round) =>
          client.query<{ n: number }>({
            name: 'same',
            text: `select ${index} + $1::int as n`,
            values: [round * 10],
          }),
        ),
      ),
    )
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual([10, 20, 11, 21])
    // A client that is gone takes its statements along.
    for (const client of clients) client.release(true)
    await db.pool.query('select 1')
    expect((await db.pool.query('select name from pg_prepared_statements')).rows).toEqual([])
  })

  it('errors reach the client that made them, and the next statement works', async () => {
    const outcomes = await Promise.allSettled([
      db.pool.query('select nonsense'),
      db.pool.query('select $1::int', ['x']),
      db.pool.query('select 1 as n'),
      db.pool.query('copy (select 1) to stdout'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected'])
    expect(outcomes[3]).toMatchObject({ reason: { code: '0A000' } })
    const large = 'x'.repeat(3_000_000)
    expect((await db.pool.query<{ size: number }>('select length($1) as size', [large])).rows[0]?.size).toBe(
      3_000_000,
    )
    expect((await db.pool.query<{ large: string }>('select $1 as large', [large])).rows[0]?.large).toBe(large)
  })

  it('a long statement leaves the event loop of this process free', async () => {
    let isRunning = true
    const statement = db.pool.query('select count(*) from generate_series(1, 3000000)').then(() => {
      isRunning = false
    })
    let turns = 0
    // On this thread the statement would leave a turn or two before it and none within.
    while (isRunning && turns < 20) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      turns += 1
    }
    expect(turns).toBe(20)
    await statement
  })
})
