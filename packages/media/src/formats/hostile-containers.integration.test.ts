import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Fault, inputFormats } from '@kinoprint/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decode } from '../decode/decode.ts'
import { probe } from '../probe/probe.ts'
import {
  linkedSegment,
  manyOggStreams,
  subtitlePlaylist,
  withAliasReference,
  withLength,
  withoutEssence,
  withRepeatedIndex,
  withUrlReference,
} from '../testing/hostile-containers.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

let media: TestMedia
let tools: Tools
let asked = 0
let address = ''
const listener = createServer((_request, response) => {
  asked += 1
  response.end()
})

const SOURCE = [...pictures(2, 25), ...tone(2)]
/** One file of each format. */
const CONTAINERS = [
  ['mkv', [...H264, ...AAC]],
  ['ts', [...H264, ...AAC]],
  ['mpg', ['-c:v', 'mpeg2video', '-c:a', 'mp2']],
  ['avi', ['-c:v', 'mpeg4', '-c:a', 'mp3']],
  ['flv', [...H264, ...AAC]],
  ['wmv', ['-c:v', 'wmv2', '-c:a', 'wmav2']],
  ['mxf', ['-c:v', 'mpeg2video', '-c:a', 'pcm_s16le', '-ar', '48000']],
  ['ogv', ['-c:v', 'libtheora', '-c:a', 'libvorbis']],
  ['mov', [...H264, ...AAC]],
] as const
const files = new Map<string, Buffer>()

beforeAll(async () => {
  media = await openTestMedia()
  tools = { ...media.system, inputFormats }
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  for (const [ending, codecs] of CONTAINERS)
    files.set(ending, readFileSync(await media.render(`good.${ending}`, [...SOURCE, ...codecs])))
})
afterAll(async () => {
  listener.close()
  await media.close()
})

function fileOf(ending: string): Buffer {
  const bytes = files.get(ending)
  if (bytes === undefined) throw new Error(`There is no file ${ending}.`)
  return Buffer.from(bytes)
}

function write(name: string, bytes: Buffer | string): string {
  const path = join(media.dir, name)
  writeFileSync(path, bytes)
  return path
}

/** Number of sampled frames, or the Fault. */
async function read(path: string, run = tools): Promise<number | Fault> {
  try {
    const info = await probe(run, path)
    return (await decode(run, path, { info, sampling: SAMPLING, onFrame: () => undefined })).frames
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

const TEXTS: readonly (readonly [name: string, text: () => string])[] = [
  ['hls.ts', () => `#EXTM3U\n#EXTINF:5,\n${address}/a.ts\n#EXTINF:5,\n/etc/passwd\n`],
  ['dash.mp4', () => `<?xml version="1.0"?><MPD><BaseURL>${address}/a</BaseURL></MPD>`],
  ['concat.mkv', () => "ffconcat version 1.0\nfile '/etc/passwd'\nfile 'good.mkv'\n"],
  ['list.wmv', () => `[Reference]\nRef1=${address}/a.wmv\n`],
  ['session.flv', () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n'],
  ['script.avi', () => 'AviSource("good.avi")\n'],
  ['script.vpy.avi', () => 'import vapoursynth as vs\nopen("/etc/passwd")\n'],
  ['subtitles.mkv', () => '1\n00:00:01,000 --> 00:00:02,000\nHello\n'],
  ['game-music.mpg', () => 'NESM\x1a\x01\x01\x01'],
  ['tracker.ogv', () => 'Extended Module: a'],
]

test.each(TEXTS)(
  'a playlist, a script or another format is refused before any program opens it: %s',
  {
    tags: ['no-references'],
  },
  async (name, text) => {
    const none = { ...tools, ffprobe: '/no/ffprobe', ffmpeg: '/no/ffmpeg' }
    expect(await read(write(name, text()), none)).toMatchObject({ code: 'ResourceNotSupported' })
  },
)

test.each([
  ['mkv', 40],
  ['ts', 0],
  ['mpg', 14],
  ['avi', 12],
  ['flv', 13],
  ['wmv', 30],
  ['mxf', 64],
  ['ogv', 28],
] as const)(
  'a playlist behind the first bytes of a container is not opened as one: %s',
  {
    tags: ['no-references'],
  },
  async (ending, length) => {
    const head = fileOf(ending).subarray(0, ending === 'ts' ? 8 * 188 : length)
    const playlist = `#EXTM3U\n#EXTINF:5,\n${address}/a.ts\n#EXT-X-ENDLIST\n`
    const path = write(`hidden.${ending}`, Buffer.concat([head, Buffer.from(playlist.repeat(20))]))
    const result = await read(path)
    // The packets of the transport stream hold its first picture.
    if (ending === 'ts') expect(result).toBe(1)
    else expect(result).toMatchObject({ code: 'ResourceNotSupported' })
    expect(asked).toBe(0)
  },
)

test('a container that refers to other files gives none of their pictures, and causes no request', {
  tags: ['no-references'],
}, async () => {
  const target = await media.render('target.mov', [...pictures(2, 25), ...H264])
  const alias = await read(write('alias.mov', withAliasReference(readFileSync(target), target)))
  expect(alias).toMatchObject({ code: 'ResourceNotSupported' })
  // Its own pictures are gone, so that only those of the other file could be read.
  const emptied = readFileSync(target)
  emptied.fill(0, emptied.indexOf('mdat') + 4, emptied.indexOf('moov') - 4)
  for (const url of [`file://${target}`, `${address}/a.mov`])
    expect(await read(write('url.mov', withUrlReference(emptied, url)))).toMatchObject({
      code: 'ResourceNotSupported',
    })
  expect(await read(write('elsewhere.mxf', withoutEssence(fileOf('mxf'))))).toMatchObject({
    code: 'ResourceNotSupported',
  })
  const linked = await read(write('linked.mkv', linkedSegment(fileOf('mkv'), join(media.dir, 'good.mkv'))))
  expect(linked).toBe(8)
  expect(await read(write('subtitle.avi', subtitlePlaylist(`${address}/a.ts`)))).toMatchObject({
    code: 'ResourceNotSupported',
  })
  expect(asked).toBe(0)
})

test('an index that lists one frame a hundred thousand times, and a file of a thousand streams, are bounded', {
  tags: ['hostile-containers'],
}, async () => {
  const repeated = await read(write('repeated.avi', withRepeatedIndex(fileOf('avi'), 100_000)))
  expect(typeof repeated === 'number' ? repeated : 0).toBeLessThanOrEqual(4 * 1804)
  const streams = await read(write('streams.ogv', manyOggStreams(1000)))
  expect(streams).toMatchObject({ code: 'ResourceNotSupported' })
})

test.each([
  ['mkv', true],
  ['avi', true],
  ['wmv', true],
  ['mxf', true],
  ['flv', false],
] as const)(
  'a header that states a day of video is believed where it counts, and costs no more than the file: %s',
  {
    tags: ['hostile-containers'],
  },
  async (ending, isBelieved) => {
    const long = withLength(ending, fileOf(ending), 86_000)
    const result = await read(write(`long.${ending}`, long ?? Buffer.alloc(0)))
    if (isBelieved) expect(result).toMatchObject({ code: 'ResourceNotSupported' })
    else expect(result).toBe(8)
  },
)

test.each(CONTAINERS)(
  'a cut, a hole, false sizes and noise in a container end in pictures or a refusal: %s',
  {
    tags: ['hostile-containers'],
  },
  async (ending) => {
    const good = fileOf(ending)
    const cut = good.subarray(0, good.length / 2)
    const hole = Buffer.concat([good.subarray(0, good.length / 3), good.subarray(good.length / 2)])
    const sizes = Buffer.from(good)
    for (let at = 64; at < 4096 && at < sizes.length; at += 61) sizes[at] = 0xff
    const noise = Buffer.from(good)
    for (let at = 512; at < noise.length; at += 97) noise[at] = (at * 31) & 0xff
    for (const [name, bytes] of Object.entries({ cut, hole, sizes, noise })) {
      const result = await read(write(`${name}.${ending}`, bytes))
      if (typeof result === 'number') expect(result).toBeLessThanOrEqual(9)
      else expect([name, result.code, result.message]).toEqual([name, 'ResourceNotSupported', result.message])
    }
  },
)
