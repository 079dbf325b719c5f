import { encodeFingerprint } from '@kinoprint/dna'
import { expect, test } from 'vitest'
import { fingerprintOf, footage } from '../../../dna/testing/synthetic-fingerprint.ts'
import { encodeEnd, encodeHeader, encodeRecord } from './archive-format.ts'
import { type ArchivedVideo, inspectLibraryFile, readLibraryFile } from './read-library.ts'

const data = encodeFingerprint(fingerprintOf(footage(1, 4)))
const description = {
  videoId: `dv${'0'.repeat(32)}`,
  bucket: 'films-125',
  region: 'local',
  object: 'a.mp4',
  etag: '"1"',
  name: 'a.mp4',
  width: 640,
  height: 360,
  frameCount: 16,
  codec: null,
  fps: null,
  bytes: null,
}

function libraryFile(...videos: object[]): Buffer {
  const { bytes, checksum } = encodeHeader({ name: 'films' })
  const parts = [bytes]
  let position = { checksum, count: 0 }
  for (const video of videos) {
    const record = encodeRecord(position, { ...description, ...video }, data)
    parts.push(record.bytes)
    position = record.position
  }
  return Buffer.concat([...parts, encodeEnd(position)])
}

async function read(file: Buffer): Promise<ArchivedVideo[]> {
  const { videos } = await readLibraryFile(bytesOf(file))
  const read: ArchivedVideo[] = []
  for await (const video of videos) read.push(video)
  return read
}

async function* bytesOf(file: Buffer): AsyncGenerator<Buffer> {
  yield Buffer.alloc(0)
  for (let at = 0; at < file.length; at += 100) yield file.subarray(at, at + 100)
}

test('a library file keeps its videos', async () => {
  const videos = await read(libraryFile({}, { object: 'b.mp4' }))
  expect(videos.map(({ object }) => object)).toEqual(['a.mp4', 'b.mp4'])
  expect(videos[0]).toMatchObject({ ...description, durationSeconds: 4, hasAudio: true })
  expect(await read(libraryFile())).toEqual([])
})

test('a library file that is cut short anywhere is refused', async () => {
  const file = libraryFile({}, {})
  for (let length = 0; length < file.length; length += 131) {
    const part = file.subarray(0, length)
    await expect(read(part), `${length} bytes`).rejects.toThrow(/cut short|not a library file/)
    expect((await inspectLibraryFile(bytesOf(part)))?.isComplete ?? false).toBe(false)
  }
})

test('a library file that lost, swapped or gained a video is refused', async () => {
  const [none, one, two] = [libraryFile(), libraryFile({}), libraryFile({}, { object: 'b.mp4' })]
  const header = none.length - 40
  const size = one.length - none.length
  const [first, second] = [two.subarray(header, header + size), two.subarray(header + size, -40)]
  const end = two.subarray(-40)
  const start = two.subarray(0, header)
  for (const videos of [[second], [second, first], [first, first, second], [first]])
    await expect(read(Buffer.concat([start, ...videos, end]))).rejects.toThrow(/damaged at video/)
  await expect(read(Buffer.concat([two, Buffer.alloc(1)]))).rejects.toThrow(/damaged/)
})

test.each([
  ['videoId', '../../thumbnails'],
  ['videoId', `dv${'0'.repeat(33)}`],
  ['bucket', ''],
  ['etag', 7],
  ['object', 'x'.repeat(851)],
])('a video of a library file whose %s is %j is refused', async (field, value) => {
  await expect(read(libraryFile({ [field]: value }))).rejects.toThrow(`its field ${field}`)
})
