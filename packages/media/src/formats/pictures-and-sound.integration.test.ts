import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, inputFormats } from '@kinoprint/core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decode } from '../decode/decode.ts'
import { probe } from '../probe/probe.ts'
import { extractStills } from '../stills/extract-stills.ts'
import { withStatedSize } from '../testing/hostile-pictures.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

let media: TestMedia
let tools: Tools
/** A frame of a video as a picture without loss. */
let png = ''
beforeAll(async () => {
  media = await openTestMedia()
  tools = { ...media.system, inputFormats }
  png = await media.render('frame.png', [...pictures(2, 25), '-ss', '1', '-frames:v', '1'])
})
afterAll(() => media.close())

async function framesOf(path: string, frames: 'still' | 'all' | 'none' = 'still') {
  const info = await probe(tools, path)
  const pixels: Uint8Array[] = []
  let samples = 0
  const summary = await decode(tools, path, {
    info,
    sampling: SAMPLING,
    frames,
    onFrame: (_, gray) => pixels.push(gray.slice()),
    onAudio: (pcm) => {
      samples += pcm.length
    },
  })
  return { info, pixels, samples, summary }
}

function write(name: string, bytes: Buffer | string): string {
  const path = join(media.dir, name)
  writeFileSync(path, bytes)
  return path
}

test.each(['jpeg', 'png', 'webp', 'avif'] as const)(
  'a still picture is one frame without length, even if its name is that of a video: %s',
  { tags: ['pictures-and-sound'] },
  async (format) => {
    const path = write(`picture-${format}.mp4`, await sharp(png).toFormat(format).toBuffer())
    const { info, pixels } = await framesOf(path)
    expect(info).toMatchObject({ format, kind: 'picture', width: 160, height: 120, durationSeconds: 0 })
    expect(info.hasAudio).toBe(false)
    const [reference] = (await framesOf(png)).pixels
    expect(pixels).toHaveLength(1)
    const off = pixels[0]?.reduce((sum, value, n) => sum + Math.abs(value - (reference?.[n] ?? 0)), 0) ?? 1e9
    expect(off / SAMPLING.frameSide ** 2).toBeLessThan(8)
    expect((await extractStills(tools, path, { times: [0], width: 80 }))[0]?.length).toBeGreaterThan(100)
  },
)

test('an AVIF picture that is cut, damaged or too large is refused with a reason', {
  tags: ['hostile-pictures'],
}, async () => {
  const avif = await sharp(png).avif().toBuffer()
  const damaged = Buffer.from(avif)
  damaged.fill(0xff, damaged.length >> 1)
  const huge = Buffer.from(avif)
  const size = huge.indexOf('ispe') + 8
  huge.writeUInt32BE(30_000, size)
  huge.writeUInt32BE(30_000, size + 4)
  const files = { cut: avif.subarray(0, avif.length >> 1), damaged, huge, header: avif.subarray(0, 40) }
  for (const [name, bytes] of Object.entries(files))
    await expect(framesOf(write(`${name}.avif`, bytes)), name).rejects.toMatchObject({
      code: 'ResourceNotSupported',
      message: expect.stringMatching(
        name === 'huge'
          ? /30000|pixel limit/
          : /^The AVIF picture cannot be read\. Convert it to PNG or JPEG\./,
      ),
    })
  const whole = write('whole.avif', avif)
  await expect(probe(tools, whole, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'Cancelled',
  })
})

test('only the first of many pictures in one file is decoded', { tags: ['hostile-pictures'] }, async () => {
  const jpeg = await sharp(png).jpeg().toBuffer()
  const { pixels } = await framesOf(write('many.jpg', Buffer.concat(Array.from({ length: 500 }, () => jpeg))))
  expect(pixels).toHaveLength(1)
})

test('a GIF has its frames and its length: one, or an animation', {
  tags: ['pictures-and-sound'],
}, async () => {
  const still = await framesOf(write('still.gif', await sharp(png).gif().toBuffer()), 'all')
  expect(still.pixels).toHaveLength(1)
  const moving = await framesOf(await media.render('moving.gif', [...pictures(2, 10)]), 'all')
  expect(moving.info).toMatchObject({ format: 'gif', kind: 'video' })
  expect(moving.pixels).toHaveLength(8)
  expect(moving.summary.durationSeconds).toBeCloseTo(2, 0)
})

const SOUND: readonly (readonly [name: string, format: string, options: readonly string[]])[] = [
  ['song.mp3', 'mp3', ['-c:a', 'libmp3lame']],
  ['untagged.mp3', 'mp3', ['-c:a', 'libmp3lame', '-id3v2_version', '0', '-write_xing', '0']],
  ['song.m4a', 'mp4', AAC],
  ['song.flac', 'flac', []],
  ['song.wav', 'wav', []],
  ['song.ogg', 'ogg', ['-c:a', 'libvorbis', '-ac', '2']],
  ['song.mka', 'matroska', AAC],
]

test.each(SOUND)(
  'sound alone has all of its samples and no picture: %s',
  { tags: ['pictures-and-sound'] },
  async (name, format, options) => {
    const { info, samples, summary } = await framesOf(
      await media.render(name, [...tone(3), ...options]),
      'none',
    )
    expect(info).toMatchObject({ format, kind: 'sound', width: 0, height: 0, hasAudio: true })
    expect(samples / SAMPLING.audioSampleRate).toBeCloseTo(3, 0)
    expect(summary).toMatchObject({ frames: 0, durationSeconds: expect.closeTo(3, 0) })
  },
)

test.each([
  ['cover.mp3', ['-c:a', 'libmp3lame']],
  ['cover.m4a', AAC],
  ['cover.flac', ['-c:a', 'flac']],
])('a cover is not taken for a video: %s', { tags: ['pictures-and-sound'] }, async (name, codec) => {
  const attach = ['-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v:0', 'attached_pic']
  const path = await media.render(name, [...tone(2), '-i', png, ...codec, ...attach])
  expect((await framesOf(path, 'none')).info.kind).toBe('sound')
})

test('without sound and pictures in the settings, both are refused', {
  tags: ['pictures-and-sound'],
}, async () => {
  const song = await media.render('refused.m4a', [...tone(1), ...AAC])
  await expect(probe(media.system, song)).rejects.toThrow(/no video stream/)
  await expect(probe(media.system, png)).rejects.toThrow(/a PNG picture, not an MP4 video/)
  const soundOnly: Tools = { ...tools, inputFormats: ['sound'] }
  expect((await probe(soundOnly, song)).kind).toBe('sound')
  const video = await media.render('video.mp4', [...pictures(1, 10), ...H264])
  await expect(probe(soundOnly, video)).rejects.toThrow('Accepted formats: sound (MP3, M4A, FLAC, WAV, Ogg)')
})

const REFUSED: readonly (readonly [name: string, bytes: () => Buffer | Promise<Buffer>])[] = [
  [
    'vector.svg',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>'),
  ],
  ['scan.tiff', () => sharp(png).tiff().toBuffer()],
  ['big-endian.tiff', () => Buffer.from('4d4d002a00000008', 'hex')],
  ['page.pdf', () => Buffer.from('%PDF-1.7\n')],
  ['layers.psd', () => Buffer.from('8BPS\0\x01')],
  ['phone.heic', () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0')],
  ['list.jpg', () => Buffer.from('#EXTM3U\n#EXTINF:5,\n/etc/passwd\n')],
  ['list.mp3', () => Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n")],
  ['moving.webp', () => Buffer.from('RIFF\x60\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0', 'latin1')],
]

test.each(REFUSED)(
  'other pictures, documents and lists are refused before any program opens them: %s',
  { tags: ['hostile-pictures'] },
  async (name, bytes) => {
    const none = { ...tools, ffprobe: '/no/ffprobe', ffmpeg: '/no/ffmpeg' }
    await expect(probe(none, write(name, await bytes()))).rejects.toMatchObject({
      code: 'ResourceNotSupported',
      message: expect.stringMatching(/not in an accepted format/),
    })
  },
)

test('a picture that states more pixels than allowed is refused, and a damaged one names the cure', {
  tags: ['hostile-pictures'],
}, async () => {
  const bytes = readFileSync(png)
  const huge = write('huge.png', withStatedSize(bytes, 30_000, 30_000))
  await expect(framesOf(huge)).rejects.toMatchObject({ code: 'ResourceNotSupported' })
  for (const [name, damaged] of Object.entries({
    'cut.png': bytes.subarray(0, 60),
    'head.jpg': Buffer.from('ffd8ffe0', 'hex'),
    'head.webp': Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'),
    'head.mp3': Buffer.from('ID3'),
    'head.flac': Buffer.from('fLaC'),
    'head.wav': Buffer.from('RIFF\x10\0\0\0WAVE', 'latin1'),
    'head.gif': Buffer.from('GIF89a'),
    'head.avif': Buffer.from('\0\0\0\x1cftypavif\0\0\0\0', 'latin1'),
  })) {
    const result = await framesOf(write(name, damaged)).catch((error: unknown) => error)
    expect([name, result instanceof Fault && result.code]).toEqual([name, 'ResourceNotSupported'])
  }
})
