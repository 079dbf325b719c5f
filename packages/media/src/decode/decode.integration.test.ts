import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { overwriteDurations } from '../testing/overwrite-durations.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import { type DecodeOptions, type DecodeSummary, decode } from './decode.ts'
import { threadsThatPay } from './plan-sections.ts'

let media: TestMedia
let plain: string
/** 60 s, a keyframe every 2 s, index at the start: truncating it removes content. */
let minute: string
beforeAll(async () => {
  media = await openTestMedia()
  plain = await media.render('plain.mp4', [...pictures(4, 25), ...tone(4), ...H264, ...AAC])
  const sized = [...pictures(60, 12), ...tone(60), ...H264, '-g', '24', ...AAC, '-movflags', '+faststart']
  minute = await media.render('minute.mp4', sized)
})
afterAll(() => media.close())

type Decoded = DecodeSummary & {
  readonly times: number[]
  readonly frames192: Uint8Array[]
  readonly pcm: Int16Array
}

async function decodeAll(
  path: string,
  options: Partial<DecodeOptions> = {},
  which: 'system' | 'bundled' = 'system',
): Promise<Decoded> {
  const times: number[] = []
  const frames192: Uint8Array[] = []
  const chunks: Int16Array[] = []
  const info = options.info ?? (await probe(media[which], path))
  const summary = await decode(media[which], path, {
    info,
    sampling: SAMPLING,
    onFrame: (timeMs, gray) => {
      times.push(timeMs)
      frames192.push(gray.slice())
    },
    onAudio: (pcm) => chunks.push(pcm),
    ...options,
  })
  const pcm = Int16Array.from(chunks.flatMap((chunk) => [...chunk]))
  return { ...summary, times, frames192, pcm }
}

function refused(message: RegExp) {
  return expect.objectContaining({ code: 'ResourceNotSupported', message: expect.stringMatching(message) })
}

function digest({ frames192, pcm }: Decoded): string {
  const hash = createHash('md5').update(new Uint8Array(pcm.buffer))
  for (const frame of frames192) hash.update(frame)
  return hash.digest('hex')
}

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test('frames and audio of a plain video are delivered completely', async () => {
    const fractions: number[] = []
    const decoded = await decodeAll(plain, { onProgress: (fraction) => fractions.push(fraction) }, which)
    expect(decoded).toMatchObject({
      frames: 16,
      firstFrameMs: 0,
      lastFrameMs: 3760,
      durationSeconds: 4,
      errors: 0,
    })
    expect(decoded.frames192.every((frame) => frame.length === SAMPLING.frameSide * SAMPLING.frameSide)).toBe(
      true,
    )
    expect(decoded.audioSeconds).toBeCloseTo(4, 1)
    expect(Math.max(...decoded.pcm)).toBeGreaterThan(2000)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(fractions.at(-1)).toBeGreaterThan(0.9)
  })

  test('the audio callback is not called for a video without audio', async () => {
    const path = await media.render('silent.mp4', [...pictures(2, 25), ...H264])
    const onAudio = () => expect.fail('There is no audio.')
    expect(await decodeAll(path, { onAudio }, which)).toMatchObject({ frames: 8, audioSeconds: 0 })
  })

  test('half a video is refused with the length that could be read', async () => {
    const bytes = await readFile(minute)
    const path = join(media.dir, 'half.mp4')
    await writeFile(path, bytes.subarray(0, bytes.length / 2))
    await expect(decodeAll(path, {}, which)).rejects.toThrow(
      refused(
        /truncated or damaged: (2[5-9]|3[0-5])\.\d of 60\.0 s could be read\. Use a complete copy of the file/,
      ),
    )
  })

  test('a video that lacks its last second is accepted with its actual length', async () => {
    const bytes = await readFile(minute)
    const path = join(media.dir, 'nearly.mp4')
    await writeFile(path, bytes.subarray(0, bytes.length * 0.975))
    const decoded = await decodeAll(path, {}, which)
    expect(decoded.durationSeconds).toBeGreaterThan(57)
    expect(decoded.durationSeconds).toBeLessThan(59.7)
  })

  test('decoding recovers from flipped bits and counts the errors', async () => {
    const bytes = await readFile(minute)
    const from = bytes.indexOf('mdat') + 100
    for (let at = from; at < bytes.length; at += 30_011) bytes[at] = (bytes[at] ?? 0) ^ 0x10
    const path = join(media.dir, 'flipped.mp4')
    await writeFile(path, bytes)
    const decoded = await decodeAll(path, {}, which)
    expect(decoded.errors).toBeGreaterThan(0)
    expect(decoded.frames).toBeGreaterThan(200)
    expect(decoded.durationSeconds).toBeCloseTo(60, 0)
  })

  test('a video with completely garbled content is refused', async () => {
    const bytes = await readFile(minute)
    bytes.fill(0x55, bytes.indexOf('mdat') + 4)
    const path = join(media.dir, 'garbled.mp4')
    await writeFile(path, bytes)
    await expect(decodeAll(path, {}, which)).rejects.toThrow(
      refused(/No picture could be decoded|truncated or damaged/),
    )
  })

  test('a video that runs longer than its header states is refused at the limit', async () => {
    const path = join(media.dir, 'short-lie.mp4')
    await writeFile(path, overwriteDurations(await readFile(minute), 3))
    const info = { ...(await probe(media[which], path)), durationSeconds: 3, videoDurationSeconds: 3 }
    await expect(decodeAll(path, { info, maxSeconds: 20 }, which)).rejects.toThrow(
      refused(/runs for 20 s or more/),
    )
    expect((await decodeAll(path, { info, maxSeconds: 90 }, which)).durationSeconds).toBeCloseTo(60, 0)
  })

  test('a video is decoded although its audio cannot be opened', async () => {
    const path = join(media.dir, 'odd-sound.mp4')
    const bytes = await readFile(plain)
    bytes.write('xxxx', bytes.indexOf('mp4a'), 'latin1')
    // The decoder's own settings: an object type that does not exist.
    bytes.fill(0xff, bytes.indexOf('esds') + 8, bytes.indexOf('esds') + 45)
    await writeFile(path, bytes)
    const decoded = await decodeAll(path, {}, which)
    expect(decoded).toMatchObject({ frames: 16, audioSeconds: 0 })
  })
})

test.each(['all', 'references'] as const)(
  'both builds and any number of threads give the same bytes: %s',
  async (frames) => {
    const one = digest(await decodeAll(plain, { frames }))
    // Pretends that the frames are large, because small ones do not get a second thread.
    const info = { ...(await probe(media.system, plain)), width: 3840, height: 2160 }
    expect(threadsThatPay(info, { threads: 3, frames })).toBe(3)
    expect(digest(await decodeAll(plain, { frames, info, threads: 2 }))).toBe(one)
    expect(digest(await decodeAll(plain, { frames, info, threads: 3 }))).toBe(one)
    expect(digest(await decodeAll(plain, { frames }, 'bundled'))).toBe(one)
  },
)

test.each(['references', 'keyframes'] as const)('%s keep their actual times', async (frames) => {
  const decoded = await decodeAll(minute, { frames })
  const all = await media.frameTimes(minute)
  expect(decoded.frames).toBeGreaterThanOrEqual(frames === 'keyframes' ? 30 : 200)
  for (const time of decoded.times) expect(all.some((one) => Math.abs(one - time) < 1)).toBe(true)
})

test('reference frames alone give four frames per second', async () => {
  const decoded = await decodeAll(plain, { frames: 'references' })
  const all = await media.frameTimes(plain)
  expect(decoded.frames).toBeGreaterThanOrEqual(15)
  for (const time of decoded.times) expect(all.some((one) => Math.abs(one - time) < 1)).toBe(true)
})

test('audio that starts 2 s late is delivered from its own start', async () => {
  const late = ['-itsoffset', '2', ...tone(3), '-map', '0', '-map', '1', ...H264, ...AAC]
  const path = await media.render('late.mp4', [...pictures(5, 25), ...late])
  const decoded = await decodeAll(path)
  expect(decoded.audioStartSeconds).toBeCloseTo(2, 1)
  expect(decoded.audioSeconds).toBeCloseTo(3, 1)
  expect(decoded.times[0]).toBe(0)
})

test('a click and a flash at the same moment get the same time', async () => {
  // White and loud from 2.0 s to 2.2 s; the audio track starts at 1 s.
  const flash =
    "color=black:size=160x120:rate=25:duration=4,geq=lum='255*between(T,1.999,2.199)':cb=128:cr=128"
  const click = "aevalsrc='0.9*between(t,1,1.2)*sin(6283*t)':sample_rate=44100:duration=3"
  const inputs = ['-f', 'lavfi', '-i', flash, '-itsoffset', '1', '-f', 'lavfi', '-i', click]
  const path = await media.render('flash.mp4', [...inputs, ...H264, ...AAC])
  const decoded = await decodeAll(path)
  const lit = decoded.times[decoded.frames192.findIndex((frame) => (frame[0] ?? 0) > 128)]
  const loud = decoded.pcm.findIndex((sample) => Math.abs(sample) > 3000)
  expect(lit).toBe(2000)
  expect(decoded.audioStartSeconds + loud / SAMPLING.audioSampleRate).toBeCloseTo(2, 1)
})

test('a slide show with a long last picture counts as complete', async () => {
  const slow = ['-vf', "setpts='N*20/TB'", '-vsync', 'vfr', '-enc_time_base', '1/1000', ...H264]
  const path = await media.render('slides.mp4', [...pictures(4, 1), ...tone(75), ...slow, ...AAC])
  const decoded = await decodeAll(path)
  expect(decoded.times).toEqual([0, 20_000, 40_000, 60_000])
  expect(decoded.durationSeconds).toBeCloseTo(75, 0)
})

test('a rotated video is decoded as displayed', async () => {
  const path = await media.render('turned.mp4', ['-i', plain, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
  const [flat, turned] = [await decodeAll(plain), await decodeAll(path)]
  const [a, b] = [flat.frames192[8], turned.frames192[8]]
  if (a === undefined || b === undefined) throw new Error('No frame.')
  let difference = 0
  for (let y = 0; y < SAMPLING.frameSide; y++) {
    for (let x = 0; x < SAMPLING.frameSide; x++) {
      // Counter-clockwise: the right edge becomes the top.
      const turnedAt = (SAMPLING.frameSide - 1 - x) * SAMPLING.frameSide + y
      difference += Math.abs((a[y * SAMPLING.frameSide + x] ?? 0) - (b[turnedAt] ?? 0))
    }
  }
  expect(difference / SAMPLING.frameSide ** 2).toBeLessThan(3)
})
