import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import { decode } from './decode.ts'
import { decodeRanges } from './decode-ranges.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

type Frame = readonly [timeMs: number, bytes: string]

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test.each([
    ['plain', []],
    ['with video that starts 1.5 s after the audio', ['-itsoffset', '1.5']],
  ])('a range has the same frames and times as the whole file: %s', async (name, late) => {
    const streams = ['-map', '1:v', '-map', '0:a', ...H264, '-g', '60', ...AAC]
    const inputs = [...tone(20), ...late, ...pictures(20, 24)]
    const path = await media.render(`${which}-${name.slice(0, 5)}.mp4`, [...inputs, ...streams])
    const info = await probe(media[which], path)
    const keep =
      (frames: Frame[]) =>
      (timeMs: number, gray: Uint8Array): void => {
        frames.push([timeMs, Buffer.from(gray).toString('latin1')])
      }
    const whole: Frame[] = []
    await decode(media[which], path, { info, sampling: SAMPLING, frames: 'references', onFrame: keep(whole) })
    const parts: Frame[] = []
    const ranges = [
      { fromMs: 7_100, toMs: 12_000 },
      { fromMs: 13_000, toMs: 14_000 },
      { fromMs: 15_250, toMs: 19_000 },
    ]
    const onFrame = keep(parts)
    await decodeRanges(media[which], path, {
      info,
      sampling: SAMPLING,
      frames: 'references',
      ranges,
      threads: 2,
      onFrame,
    })
    expect(parts.length).toBeGreaterThan(30)
    const isIn = (timeMs: number, { fromMs, toMs }: (typeof ranges)[number]) =>
      timeMs >= fromMs - (fromMs % 250) && timeMs < toMs
    expect(parts).toEqual(whole.filter(([timeMs]) => ranges.some((range) => isIn(timeMs, range))))
  })
})
