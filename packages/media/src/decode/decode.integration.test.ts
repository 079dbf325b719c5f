import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { overwriteDurations } from '../testing/overwrite-durations.ts'
import { AAC, H264, openWorkshop, pictures, tone, type Workshop } from '../testing/render-video.ts'
import { type DecodeOptions, type DecodeSummary, decode } from './decode.ts'
import { AUDIO_RATE, FRAME_SIDE } from './decode-arguments.ts'
import { threadsThatPay } from './plan-pieces.ts'

let shop: Workshop
let plain: string
/** 60 s, a keyframe every 2 s, its index in front: what is cut off is content. */
let minute: string
beforeAll(async () => {
  shop = await openWorkshop()
  plain = await shop.render('plain.mp4', [...pictures(4, 25), ...tone(4), ...H264, ...AAC])
  const sized = [...pictures(60, 12), ...tone(60), ...H264, '-g', '24', ...AAC, '-movflags', '+faststart']
  minute = await shop.render('minute.mp4', sized)
})
afterAll(() => shop.close())

type Decoded = DecodeSummary & {
  readonly times: number[]
  readonly frames192: Uint8Array[]
  readonly pcm: Int16Array
}

const decodeAll = async (
  path: string,
  options: Partial<DecodeOptions> = {},
  which: 'tools' | 'packaged' = 'tools',
): Promise<Decoded> => {
  const times: number[] = []
  const frames192: Uint8Array[] = []
  const chunks: Int16Array[] = []
  const info = options.info ?? (await probe(shop[which], path))
  const summary = await decode(shop[which], path, {
    info,
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

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'ResourceNotSupported', message: expect.stringMatching(message) })

const digest = ({ frames192, pcm }: Decoded): string => {
  const hash = createHash('md5').update(new Uint8Array(pcm.buffer))
  for (const frame of frames192) hash.update(frame)
  return hash.digest('hex')
}

describe.each(['tools', 'packaged'] as const)('with the %s', (which) => {
  test('pictures and sound of a plain video come whole', async () => {
    const fractions: number[] = []
    const decoded = await decodeAll(plain, { onProgress: (fraction) => fractions.push(fraction) }, which)
    expect(decoded).toMatchObject({
      frames: 16,
      firstFrameMs: 0,
      lastFrameMs: 3760,
      durationSeconds: 4,
      errors: 0,
    })
    expect(decoded.frames192.every((frame) => frame.length === FRAME_SIDE * FRAME_SIDE)).toBe(true)
    expect(decoded.audioSeconds).toBeCloseTo(4, 1)
    expect(Math.max(...decoded.pcm)).toBeGreaterThan(2000)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(fractions.at(-1)).toBeGreaterThan(0.9)
  })

  test('a video without sound calls for no sound', async () => {
    const path = await shop.render('silent.mp4', [...pictures(2, 25), ...H264])
    const onAudio = () => expect.fail('There is no sound.')
    expect(await decodeAll(path, { onAudio }, which)).toMatchObject({ frames: 8, audioSeconds: 0 })
  })

  test('half of a video is refused with what could be read', async () => {
    const bytes = await readFile(minute)
    const path = join(shop.dir, 'half.mp4')
    await writeFile(path, bytes.subarray(0, bytes.length / 2))
    await expect(decodeAll(path, {}, which)).rejects.toThrow(
      refused(
        /truncated or damaged: (2[5-9]|3[0-5])\.\d of 60\.0 s could be read\. Use a complete copy of the file/,
      ),
    )
  })

  test('a video that lacks its last second is accepted with its true length', async () => {
    const bytes = await readFile(minute)
    const path = join(shop.dir, 'nearly.mp4')
    await writeFile(path, bytes.subarray(0, bytes.length * 0.975))
    const decoded = await decodeAll(path, {}, which)
    expect(decoded.durationSeconds).toBeGreaterThan(57)
    expect(decoded.durationSeconds).toBeLessThan(59.7)
  })

  test('flipped bits are got over and counted', async () => {
    const bytes = await readFile(minute)
    const from = bytes.indexOf('mdat') + 100
    for (let at = from; at < bytes.length; at += 30_011) bytes[at] = (bytes[at] ?? 0) ^ 0x10
    const path = join(shop.dir, 'flipped.mp4')
    await writeFile(path, bytes)
    const decoded = await decodeAll(path, {}, which)
    expect(decoded.errors).toBeGreaterThan(0)
    expect(decoded.frames).toBeGreaterThan(200)
    expect(decoded.durationSeconds).toBeCloseTo(60, 0)
  })

  test('a video whose content is all garbled is refused', async () => {
    const bytes = await readFile(minute)
    bytes.fill(0x55, bytes.indexOf('mdat') + 4)
    const path = join(shop.dir, 'garbled.mp4')
    await writeFile(path, bytes)
    await expect(decodeAll(path, {}, which)).rejects.toThrow(
      refused(/No picture could be decoded|truncated or damaged/),
    )
  })

  test('a video that runs longer than its header says is refused at the limit', async () => {
    const path = join(shop.dir, 'short-lie.mp4')
    await writeFile(path, overwriteDurations(await readFile(minute), 3))
    const info = { ...(await probe(shop[which], path)), durationSeconds: 3, videoDurationSeconds: 3 }
    await expect(decodeAll(path, { info, maxSeconds: 20 }, which)).rejects.toThrow(
      refused(/runs for 20 s or more/),
    )
    expect((await decodeAll(path, { info, maxSeconds: 90 }, which)).durationSeconds).toBeCloseTo(60, 0)
  })

  test('sound that cannot be opened does not lose the pictures', async () => {
    const path = join(shop.dir, 'odd-sound.mp4')
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
  'the same bytes come from both builds and any number of threads: %s',
  async (frames) => {
    const one = digest(await decodeAll(plain, { frames }))
    // As if its pictures were large: for small ones a second thread is not used.
    const info = { ...(await probe(shop.tools, plain)), width: 3840, height: 2160 }
    expect(threadsThatPay(info, { threads: 3, frames })).toBe(3)
    expect(digest(await decodeAll(plain, { frames, info, threads: 2 }))).toBe(one)
    expect(digest(await decodeAll(plain, { frames, info, threads: 3 }))).toBe(one)
    expect(digest(await decodeAll(plain, { frames }, 'packaged'))).toBe(one)
  },
)

test.each(['references', 'keyframes'] as const)('%s alone come at their true times too', async (frames) => {
  const decoded = await decodeAll(minute, { frames })
  const all = await shop.pictureTimes(minute)
  expect(decoded.frames).toBeGreaterThanOrEqual(frames === 'keyframes' ? 30 : 200)
  for (const time of decoded.times) expect(all.some((one) => Math.abs(one - time) < 1)).toBe(true)
})

test('references alone still give four frames a second', async () => {
  const decoded = await decodeAll(plain, { frames: 'references' })
  const all = await shop.pictureTimes(plain)
  expect(decoded.frames).toBeGreaterThanOrEqual(15)
  for (const time of decoded.times) expect(all.some((one) => Math.abs(one - time) < 1)).toBe(true)
})

test('sound that begins 2 s late is delivered from its own start', async () => {
  const late = ['-itsoffset', '2', ...tone(3), '-map', '0', '-map', '1', ...H264, ...AAC]
  const path = await shop.render('late.mp4', [...pictures(5, 25), ...late])
  const decoded = await decodeAll(path)
  expect(decoded.audioStartSeconds).toBeCloseTo(2, 1)
  expect(decoded.audioSeconds).toBeCloseTo(3, 1)
  expect(decoded.times[0]).toBe(0)
})

test('a click and a flash of the same moment come at the same time', async () => {
  // White and loud from 2.0 s to 2.2 s; the sound track itself begins at 1 s.
  const flash =
    "color=black:size=160x120:rate=25:duration=4,geq=lum='255*between(T,1.999,2.199)':cb=128:cr=128"
  const click = "aevalsrc='0.9*between(t,1,1.2)*sin(6283*t)':sample_rate=44100:duration=3"
  const inputs = ['-f', 'lavfi', '-i', flash, '-itsoffset', '1', '-f', 'lavfi', '-i', click]
  const path = await shop.render('flash.mp4', [...inputs, ...H264, ...AAC])
  const decoded = await decodeAll(path)
  const lit = decoded.times[decoded.frames192.findIndex((frame) => (frame[0] ?? 0) > 128)]
  const loud = decoded.pcm.findIndex((sample) => Math.abs(sample) > 3000)
  expect(lit).toBe(2000)
  expect(decoded.audioStartSeconds + loud / AUDIO_RATE).toBeCloseTo(2, 1)
})

test('a slide show whose last picture stands long is whole', async () => {
  const slow = ['-vf', "setpts='N*20/TB'", '-vsync', 'vfr', '-enc_time_base', '1/1000', ...H264]
  const path = await shop.render('slides.mp4', [...pictures(4, 1), ...tone(75), ...slow, ...AAC])
  const decoded = await decodeAll(path)
  expect(decoded.times).toEqual([0, 20_000, 40_000, 60_000])
  expect(decoded.durationSeconds).toBeCloseTo(75, 0)
})

test('a turned video is decoded as it is shown', async () => {
  const path = await shop.render('turned.mp4', ['-i', plain, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
  const [flat, turned] = [await decodeAll(plain), await decodeAll(path)]
  const [a, b] = [flat.frames192[8], turned.frames192[8]]
  if (a === undefined || b === undefined) throw new Error('No frame.')
  let difference = 0
  for (let y = 0; y < FRAME_SIDE; y++) {
    for (let x = 0; x < FRAME_SIDE; x++) {
      // Counter-clockwise: what was the right edge is on top.
      const turnedAt = (FRAME_SIDE - 1 - x) * FRAME_SIDE + y
      difference += Math.abs((a[y * FRAME_SIDE + x] ?? 0) - (b[turnedAt] ?? 0))
    }
  }
  expect(difference / FRAME_SIDE ** 2).toBeLessThan(3)
})
