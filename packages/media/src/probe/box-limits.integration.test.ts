import { execFileSync } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openInput } from '../process/open-input.ts'
import { readBoxes } from './read-boxes.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-boxes-test-'))
})
afterAll(() => rm(dir, { recursive: true }))

function box(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
const FTYP = box('ftyp', Buffer.from('isom0000isom'))
async function write(name: string, ...parts: readonly Buffer[]): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, Buffer.concat(parts))
  return path
}
const EMPTY = box('free')
const tooMany = { code: 'ResourceNotSupported', message: expect.stringContaining('more than 250000 boxes') }

test('chains of empty boxes are refused at the top level and in the index', {
  tags: ['box-limit'],
}, async () => {
  const chain = Buffer.concat(Array.from({ length: 260_000 }, () => EMPTY))
  await expect(readBoxes(await write('top.mp4', FTYP, chain))).rejects.toMatchObject(tooMany)
  await expect(readBoxes(await write('inside.mp4', FTYP, box('moov', chain)))).rejects.toMatchObject(tooMany)
})

test('many indexes with many boxes each are refused for the total', {
  tags: ['box-limit'],
}, async () => {
  const moov = box('moov', Buffer.concat(Array.from({ length: 200 }, () => EMPTY)))
  const path = await write('moovs.mp4', FTYP, ...Array.from({ length: 2000 }, () => moov))
  await expect(readBoxes(path)).rejects.toMatchObject(tooMany)
})

test('30 min with a fragment per frame are accepted', async () => {
  const fragment = Buffer.concat([box('moof', Buffer.alloc(100)), box('mdat', Buffer.alloc(50))])
  const path = await write('fragments.mp4', FTYP, box('moov', box('trak')), Buffer.alloc(0))
  await appendFile(path, Buffer.concat(Array.from({ length: 108_000 }, () => fragment)))
  expect(await readBoxes(path)).toMatchObject({ hasIndex: true, tracks: 1, missingBytes: 0 })
})

test('the content of long boxes is not read', async () => {
  const path = await write('sparse.mp4', FTYP, box('moov', box('trak')))
  const head = Buffer.alloc(16)
  head.writeUInt32BE(1)
  head.write('mdat', 4, 'latin1')
  head.writeBigUInt64BE(8_000_000_000_000n, 8)
  await appendFile(path, head)
  const { length } = await readFile(path)
  await truncate(path, length - 16 + 8_000_000_000_000)
  expect(await readBoxes(path)).toMatchObject({ tracks: 1, missingBytes: 0 })
})

test('an abort stops the reading of boxes', async () => {
  const path = await write('stop.mp4', FTYP, EMPTY)
  await expect(readBoxes(path, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
})

test('only regular files are opened, and a FIFO, socket or device blocks nothing', {
  tags: ['regular-files'],
}, async () => {
  const fifo = join(dir, 'fifo')
  execFileSync('mkfifo', [fifo])
  const socket = join(dir, 'socket')
  const server = createServer().listen(socket)
  for (const path of [fifo, socket, dir, '/dev/null'])
    await expect(openInput(path)).rejects.toMatchObject({ code: 'ResourceNotSupported' })
  server.close()
  await expect(openInput(join(dir, 'none'))).rejects.toMatchObject({ code: 'ResourceNotFound' })
})
