import { type InputFormat, inputFormats } from '@kinoprint/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DecodeOptions, decode } from '../decode/decode.ts'
import { decodeRanges } from '../decode/decode-ranges.ts'
import { probe } from '../probe/probe.ts'
import { extractStills } from '../stills/extract-stills.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

let media: TestMedia
let tools: Tools
/** The sampled frames of the MP4 that all others are compared with. */
let reference: readonly Frame[]
beforeAll(async () => {
  media = await openTestMedia()
  tools = { ...media.system, inputFormats }
  const path = await media.render('reference.mp4', [...SOURCE, ...SHORT_GOP, ...H264, ...AAC])
  reference = (await framesOf(path)).frames
})
afterAll(() => media.close())

const SECONDS = 4
const SOURCE = [...pictures(SECONDS, 25), ...tone(SECONDS)]
/** Some containers start with the delay of the encoder: two frames. */
const TOLERANCE_MS = 100
const SHORT_GOP = ['-g', '25']
const MPEG2 = ['-c:v', 'mpeg2video', '-bf', '2', '-b:v', '1M', '-c:a', 'mp2']
const MPEG4 = ['-c:v', 'mpeg4', '-bf', '2', '-b:v', '1M', '-c:a', 'mp3']
const VP9 = ['-c:v', 'libvpx', '-b:v', '500k', '-deadline', 'realtime', '-c:a', 'libopus', '-ac', '2']

type Variant = readonly [name: string, format: InputFormat, options: readonly string[]]
const VARIANTS: readonly Variant[] = [
  ['plain.mov', 'mp4', [...H264, ...AAC]],
  ['fragmented.mp4', 'mp4', [...H264, ...AAC, '-movflags', 'frag_keyframe+delay_moov']],
  ['phone.3gp', 'mp4', ['-c:v', 'mpeg4', ...AAC]],
  ['cues.mkv', 'matroska', [...H264, ...AAC]],
  ['live.mkv', 'matroska', [...H264, ...AAC, '-live', '1']],
  ['web.webm', 'matroska', VP9],
  ['broadcast.ts', 'mpegts', [...H264, ...AAC]],
  ['late.ts', 'mpegts', [...MPEG2, '-output_ts_offset', '95437']],
  ['camera.m2ts', 'mpegts', [...H264, '-c:a', 'ac3', '-mpegts_m2ts_mode', '1']],
  ['dvd.vob', 'mpegps', [...MPEG2, '-f', 'vob']],
  ['mpeg1.mpg', 'mpegps', ['-c:v', 'mpeg1video', '-bf', '2', '-b:v', '1M', '-c:a', 'mp2']],
  ['old.avi', 'avi', MPEG4],
  ['modern.avi', 'avi', [...H264, '-c:a', 'mp3']],
  ['plain.flv', 'flv', [...H264, ...AAC]],
  ['indexed.flv', 'flv', ['-c:v', 'flv1', '-c:a', 'mp3', '-ar', '44100', '-flvflags', 'add_keyframe_index']],
  ['no-length.flv', 'flv', [...H264, ...AAC, '-flvflags', 'no_duration_filesize']],
  ['windows.wmv', 'asf', ['-c:v', 'wmv2', '-b:v', '1M', '-c:a', 'wmav2']],
  ['late.wmv', 'asf', ['-c:v', 'wmv2', '-b:v', '1M', '-c:a', 'wmav2', '-output_ts_offset', '3600000']],
  [
    'editor.mxf',
    'mxf',
    ['-c:v', 'mpeg2video', '-bf', '2', '-b:v', '1M', '-c:a', 'pcm_s16le', '-ar', '48000'],
  ],
  ['free.ogv', 'ogg', ['-c:v', 'libtheora', '-q:v', '6', '-c:a', 'libvorbis']],
]

type Frame = { readonly timeMs: number; readonly pixels: Uint8Array }

async function framesOf(path: string, change: Partial<DecodeOptions> = {}) {
  const info = await probe(tools, path)
  const frames: Frame[] = []
  const summary = await decode(tools, path, {
    info,
    sampling: SAMPLING,
    onFrame: (timeMs, gray) => frames.push({ timeMs, pixels: gray.slice() }),
    ...change,
  })
  return { info, frames, summary }
}

function differenceOf(a: Uint8Array, b: Uint8Array | undefined): number {
  return a.reduce((sum, value, n) => sum + Math.abs(value - (b?.[n] ?? 0)), 0) / a.length
}

test.each(VARIANTS)(
  'every container gives the pictures, the sound and the times of the same MP4: %s',
  {
    tags: ['containers'],
  },
  async (name, format, options) => {
    const path = await media.render(name, [...SOURCE, ...SHORT_GOP, ...options])
    const { info, frames, summary } = await framesOf(path)
    expect(info).toMatchObject({ format, width: 160, height: 120, hasAudio: true })
    expect(summary.durationSeconds).toBeCloseTo(SECONDS, 0)
    expect(summary.audioSeconds).toBeCloseTo(SECONDS, 0)
    expect(frames.length).toBeGreaterThanOrEqual(reference.length - 1)
    for (const { timeMs, pixels } of frames.slice(0, -1)) {
      const same = reference.find((one) => Math.abs(one.timeMs - timeMs) <= TOLERANCE_MS)
      expect([timeMs, Math.round(differenceOf(pixels, same?.pixels))]).toEqual([
        timeMs,
        expect.closeTo(4, -1),
      ])
    }

    const ranged: number[] = []
    const ranges = [
      { fromMs: 1500, toMs: 2000 },
      { fromMs: 3000, toMs: 3500 },
    ]
    await decodeRanges(tools, path, {
      info,
      sampling: SAMPLING,
      frames: 'all',
      ranges,
      onFrame: (timeMs, gray) => {
        ranged.push(timeMs)
        const same = frames.find((one) => Math.abs(one.timeMs - timeMs) <= 1)
        expect([timeMs, differenceOf(gray, same?.pixels)]).toEqual([timeMs, 0])
      },
    })
    const whole = frames.filter(({ timeMs }) =>
      ranges.some(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs),
    )
    expect(ranged.length).toBeGreaterThanOrEqual(whole.length)

    const keyframes = await framesOf(path, { frames: 'keyframes' })
    expect(keyframes.frames.length).toBeGreaterThanOrEqual(SECONDS - 1)
    expect(keyframes.summary.errors).toBe(0)
    const [still] = await extractStills(tools, path, { times: [3.1], width: 80 })
    expect(still?.subarray(0, 2).toString('hex')).toBe('ffd8')
  },
)

test('a container that the settings do not list is refused, and the message lists those that they do', async () => {
  const path = await media.render('refused.mkv', [...pictures(1, 10), ...H264])
  await expect(probe(media.system, path)).rejects.toThrow(
    'The file is Matroska or WebM, not an MP4 video. Convert it to MP4: ffmpeg -i in.ext out.mp4',
  )
  await expect(probe({ ...tools, inputFormats: ['mp4', 'avi'] }, path)).rejects.toThrow(
    'not in an accepted format. Accepted formats: MP4, AVI.',
  )
})
