import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer, temporaryFolder } from './test-server.fixture.ts'

const WRITER = fileURLToPath(new URL('./endless-writer.fixture.ts', import.meta.url))

describe('the data folder of the embedded database', () => {
  const folders: string[] = []
  const servers: TestServer[] = []
  const children: ChildProcess[] = []
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await Promise.all(servers.splice(0).map((server) => server.close()))
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  const createFolder = (): string => {
    const folder = temporaryFolder()
    folders.push(folder)
    return folder
  }

  const start = async (dataDir: string): Promise<TestServer> => {
    const server = await startTestServer(dataDir)
    servers.push(server)
    return server
  }

  const close = async (server: TestServer): Promise<void> => {
    servers.splice(servers.indexOf(server), 1)
    await server.close()
  }

  /** A process that writes rows and prints the number of each once it is acknowledged. */
  const startWriter = (dataDir: string) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--conditions', 'source', WRITER, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    let acknowledged = 0
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      acknowledged = Number(line)
    })
    const reached = async (count: number) => {
      while (acknowledged < count) await once(lines, 'line')
    }
    return { child, reached, acknowledged: () => acknowledged }
  }

  test('a second opener of a data folder is refused with the id of the process that holds it, in one process or two', {
    tags: ['embedded-durability'],
  }, async () => {
    const dataDir = createFolder()
    const server = await start(dataDir)
    await expect(start(dataDir)).rejects.toMatchObject({
      code: 'Conflict',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    await close(server)
    const { child, reached } = startWriter(dataDir)
    await reached(1)
    await expect(start(dataDir)).rejects.toMatchObject({ details: { holderPid: String(child.pid) } })
  })

  test('the embedded database keeps every acknowledged row through kill -9, and opens again at once', {
    tags: ['embedded-durability'],
  }, async () => {
    const dataDir = createFolder()
    for (let round = 1; round <= 3; round++) {
      const { child, reached, acknowledged } = startWriter(dataDir)
      await reached(round * 150)
      child.kill('SIGKILL')
      await once(child, 'close')
      const server = await start(dataDir)
      const { rows } = await server.pool.query<{ newest: number; count: number }>(
        'select max(n)::int as newest, count(*)::int as count from written',
      )
      expect(rows[0]?.newest).toBeGreaterThanOrEqual(acknowledged())
      expect(rows[0]?.count).toBe(rows[0]?.newest)
      await close(server)
    }
  })

  test('the embedded database has its rows after it was closed and opened again', async () => {
    const dataDir = createFolder()
    const server = await start(dataDir)
    await server.pool.query('create table kept (n int)')
    await server.pool.query('insert into kept values (7)')
    await close(server)
    const again = await start(dataDir)
    expect((await again.pool.query('select n from kept')).rows).toEqual([{ n: 7 }])
  })
})

describe('the clients of the embedded database', () => {
  let dataDir = ''
  let server: TestServer
  let pool: pg.Pool
  beforeAll(async () => {
    dataDir = temporaryFolder()
    server = await startTestServer(dataDir)
    pool = server.pool
  })
  afterAll(async () => {
    await server.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  test('a transaction has the embedded database to itself while other clients wait', async () => {
    await pool.query('create table counted (n int); insert into counted values (0)')
    const addOne = async () => {
      const client = await pool.connect()
      await client.query('begin')
      const { rows } = await client.query<{ n: number }>('select n from counted')
      await client.query('update counted set n = $1', [(rows[0]?.n ?? 0) + 1])
      await client.query('commit')
      client.release()
    }
    await Promise.all([...Array.from({ length: 20 }, addOne), pool.query('select 1')])
    expect((await pool.query('select n from counted')).rows).toEqual([{ n: 20 }])
  })

  test('a client that leaves inside a transaction blocks no other client, and its writes are rolled back', async () => {
    await pool.query('create table left_open (n int)')
    const client = await pool.connect()
    await client.query('begin')
    await client.query('insert into left_open values (1)')
    client.release(true)
    expect((await pool.query('select count(*)::int as n from left_open')).rows).toEqual([{ n: 0 }])
  })

  test('notifications reach the clients that listen, and no other', async () => {
    const [listener, other] = [await pool.connect(), await pool.connect()]
    const heard: string[] = []
    listener.on('notification', ({ channel, payload }) => heard.push(`${channel}:${payload}`))
    other.on('notification', () => heard.push('the other client heard it'))
    await listener.query('-- a comment first\nLISTEN news;\n')
    await pool.query(`select pg_notify('news', $1), pg_notify('gossip', 'x')`, ['one'])
    await pool.query(`notify news, 'two'`)
    await listener.query('unlisten news')
    await pool.query(`notify news, 'three'`)
    await pool.query('select 1')
    expect(heard).toEqual(['news:one', 'news:two'])
    listener.release()
    other.release()
  })

  test('prepared statements of the same name do not clash between clients', async () => {
    const clients = [await pool.connect(), await pool.connect()]
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
    for (const client of clients) client.release(true)
    await pool.query('select 1')
    expect((await pool.query('select name from pg_prepared_statements')).rows).toEqual([])
  })

  test('an error reaches the client that caused it, and the next statement works', async () => {
    const outcomes = await Promise.allSettled([
      pool.query('select nonsense'),
      pool.query('select $1::int', ['x']),
      pool.query('select 1 as n'),
      pool.query('copy (select 1) to stdout'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected'])
    expect(outcomes[3]).toMatchObject({ reason: { code: '0A000' } })
  })

  test('a value of 3 MB passes to the embedded database and back', async () => {
    const large = 'x'.repeat(3_000_000)
    const { rows } = await pool.query<{ size: number; large: string }>(
      'select length($1::text) as size, $1::text as large',
      [large],
    )
    expect(rows).toEqual([{ size: 3_000_000, large }])
  })

  test('a long statement does not block the event loop of this process', async () => {
    let isRunning = true
    const statement = pool.query('select count(*) from generate_series(1, 3000000)').then(() => {
      isRunning = false
    })
    let turns = 0
    // On this thread the statement would leave a turn or two before it and none during it.
    while (isRunning && turns < 20) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      turns += 1
    }
    expect(turns).toBe(20)
    await statement
  })
})
