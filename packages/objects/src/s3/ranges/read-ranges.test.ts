import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ObjectStore } from '../../object-store.ts'
import { openObjectStore } from '../../open-object-store.ts'
import { type S3Server, startS3Server } from '../../testing/s3-server.ts'

const [BUCKET, OBJECT] = ['films-125', 'a.mp4']
const MIB = 1024 ** 2
const BODY = randomBytes(6 * MIB + 100)

let dir: string
let server: S3Server
let store: ObjectStore
let warnings: string[]

function open({ ranges = true, stallMs = 60_000 } = {}): ObjectStore {
  const ignore = (): void => undefined
  const warn = (_fields: object, message: string): number => warnings.push(message)
  return openObjectStore({
    bucketsDir: join(dir, 'unused'),
    temporaryDir: dir,
    minRangedBytes: MIB,
    rangeStallMs: stallMs,
    log: { debug: ignore, info: ignore, warn, error: ignore },
    s3: {
      ...{ endpoint: server.endpoint, region: 'local', accessKeyId: 'AK', secretAccessKey: 'SK', ranges },
      forcePathStyle: true,
    },
  })
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-ranges-test-'))
  warnings = []
  server = await startS3Server()
  server.objects.set(`${BUCKET}/${OBJECT}`, { body: BODY, at: new Date(0) })
  store = open()
})
afterEach(async () => {
  await store.close()
  expect(await temporaryFiles()).toEqual([])
  await server.close()
  await rm(dir, { recursive: true })
})

async function temporaryFiles(): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

/** Asks as a program with this address as its proxy does. Of a local file, reads the same bytes. */
async function ask(address: string, range: string, password = new URL(address).password): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`object:${password}`).toString('base64')}`
  const headers = { 'Proxy-Authorization': authorization, Range: `bytes=${range}` }
  return fetch(new URL(address).origin, { headers })
}

async function readBytes(path: string, start: number, end: number): Promise<Buffer> {
  if (!path.startsWith('http:')) return (await readFile(path)).subarray(start, end + 1)
  return Buffer.from(await (await ask(path, `${start}-${end}`)).arrayBuffer())
}

function readParts(read: (path: string) => Promise<Buffer>): Promise<Buffer> {
  return store.readParts(BUCKET, OBJECT, { use: ({ path }) => read(path) })
}

test('only the blocks that are read are downloaded, each of them once', { tags: ['s3-ranges'] }, async () => {
  const bytes = await readParts(async (path) => {
    await readBytes(path, 10, 20)
    const [one, two] = await Promise.all([
      readBytes(path, 2 * MIB - 5, 2 * MIB + 4),
      readBytes(path, 2 * MIB - 5, 2 * MIB + 4),
    ])
    expect(two).toEqual(one)
    return one
  })
  expect(bytes).toEqual(BODY.subarray(2 * MIB - 5, 2 * MIB + 5))
  expect(server.ranges[0]).toBe(`bytes=0-${MIB - 1}`)
  const starts = server.ranges.map((range) => Number(/\d+/.exec(range)?.[0]) / MIB)
  expect(new Set(starts).size).toBe(starts.length)
  // The last block is among those read ahead only if the reader goes on.
  expect(Math.max(...starts)).toBeLessThan(4)
})

test('the range server answers only with the password of an object, and only while it is open', async () => {
  let address = ''
  await readParts(async (path) => {
    address = path
    // fetch reports status 407 as a failure.
    for (const password of ['', '0'.repeat(64)])
      await expect(ask(path, '0-1', password)).rejects.toThrow('fetch failed')
    expect((await ask(path, `${BODY.length}-`)).status).toBe(416)
    expect((await ask(path, '5-2')).status).toBe(416)
    const last = await ask(path, `${BODY.length - 2}-`)
    expect(last.headers.get('content-range')).toBe(
      `bytes ${BODY.length - 2}-${BODY.length - 1}/${BODY.length}`,
    )
    return Buffer.from(await last.arrayBuffer())
  })
  await expect(ask(address, '0-1')).rejects.toThrow('fetch failed')
})

test('a file that its header refuses is not downloaded, and an accepted one is completed', {
  tags: ['s3-ranges'],
}, async () => {
  const refusal = new Fault('ResourceNotSupported', 'The video is too long.')
  const refused = await store.open(BUCKET, OBJECT)
  const reading = refused.read(async (path) => {
    await readBytes(path, 0, 100)
    throw refusal
  })
  await expect(reading).rejects.toBe(refusal)
  await refused.release()
  expect(server.ranges).toEqual([`bytes=0-${MIB - 1}`])

  server.ranges.length = 0
  const accepted = await store.open(BUCKET, OBJECT)
  const path = await accepted.read(async (address) => {
    await readBytes(address, 3 * MIB, 3 * MIB + 9)
  })
  expect((await readFile(path)).equals(BODY)).toBe(true)
  await accepted.release()
  const asked = server.ranges.map((range) => range.slice(6).split('-').map(Number))
  const bytes = asked.reduce((sum, [from = 0, to = 0]) => sum + to + 1 - from, 0)
  expect(bytes).toBe(BODY.length)
})

test('an object that is opened but not read is not downloaded', async () => {
  const opened = await store.open(BUCKET, OBJECT)
  expect(opened.size).toBe(BODY.length)
  await opened.release()
  expect(server.requests).toEqual([`HEAD /${BUCKET}/${OBJECT}`])
})

test.each([
  ['ignores ranges', () => Object.assign(server, { ignoresRanges: true })],
  ['sends nothing', () => Object.assign(server, { stallNext: 2 })],
  ['breaks off', () => Object.assign(server, { cutNext: [0, 0, 0] })],
])(
  'a server that %s is read by a copy of the whole object, with one line in the log',
  {
    tags: ['s3-ranges'],
  },
  async (_name, prepare) => {
    prepare()
    await store.close()
    store = open({ stallMs: 500 })
    expect(await readParts((path) => readBytes(path, MIB, MIB + 9).catch(() => Buffer.alloc(0)))).toEqual(
      BODY.subarray(MIB, MIB + 10),
    )
    expect(warnings).toEqual(['Could not read an object by ranges; copying all of it'])
  },
)

test('a store that ignores ranges receives no further requests for them', async () => {
  server.ignoresRanges = true
  for (let n = 0; n < 2; n++) await readParts((path) => readBytes(path, 0, 9).catch(() => Buffer.alloc(0)))
  expect(server.ranges).toHaveLength(1)
  expect(warnings).toHaveLength(1)
})

test('parts of two versions of an object are not mixed', async () => {
  const reading = readParts(async (path) => {
    await readBytes(path, 0, 9)
    server.objects.set(`${BUCKET}/${OBJECT}`, { body: randomBytes(BODY.length), at: new Date(1) })
    return readBytes(path, 5 * MIB, 5 * MIB + 9).catch(() => Buffer.alloc(0))
  })
  await expect(reading).rejects.toMatchObject({ code: 'ResourceDownloadFailed' })
})

test('a small object, and every object with ranges off, is copied with one request', async () => {
  await store.close()
  store = open({ ranges: false })
  expect(await readParts((path) => readBytes(path, 5, 9))).toEqual(BODY.subarray(5, 10))
  server.objects.set(`${BUCKET}/${OBJECT}`, { body: Buffer.from('small object'), at: new Date(0) })
  await store.close()
  store = open()
  expect((await readParts((path) => readBytes(path, 6, 11))).toString()).toBe('object')
  expect(server.ranges).toEqual([])
})

test('an error of the reader is passed on, and the object is not read again', async () => {
  let calls = 0
  const reading = readParts(async () => {
    calls += 1
    throw new TypeError('a bug')
  })
  await expect(reading).rejects.toThrow('a bug')
  expect(calls).toBe(1)
})
