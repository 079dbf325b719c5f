import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MediaInfo } from '../media-info.ts'
import { probe } from '../probe/probe.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import { planThumbnails } from '../thumbnails/plan-thumbnails.ts'
import { type DecodeOptions, decode } from './decode.ts'
import { DamagedFile, decodeInParallel } from './decode-in-parallel.ts'
import { planSections } from './plan-sections.ts'

let media: TestMedia
/** 100 s, a keyframe every 4 s: two sections for two threads, four for four. */
let film: string
beforeAll(async () => {
  media = await openTestMedia()
  film = await media.render('film.mp4', [...pictures(100, 30), ...tone(100), ...H264, '-g', '120', ...AAC])
})
afterAll(() => media.close())

/** Pretends that the frames are large, because small ones do not get a second decoder. */
function large(info: MediaInfo): MediaInfo {
  return { ...info, width: 3840, height: 2160 }
}

async function decodeWith(
  decoder: typeof decode,
  path: string,
  { which = 'system', ...options }: Partial<DecodeOptions> & { which?: 'system' | 'bundled' } = {},
) {
  const info = large(await probe(media[which], path))
  const times: number[] = []
  const [frames, sound] = [createHash('md5'), createHash('md5')]
  const { thumbnails, ...summary } = await decoder(media[which], path, {
    info,
    sampling: SAMPLING,
    threads: 2,
    thumbnails: planThumbnails({ ...info, width: 320, height: 180 }),
    onFrame: (timeMs, gray) => {
      times.push(timeMs)
      frames.update(gray)
    },
    onAudio: (pcm) => sound.update(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)),
    ...options,
  })
  const pictures = [...(thumbnails?.tiles ?? []).map(({ rgb }) => rgb), thumbnails?.poster?.bytes ?? '']
  return {
    summary,
    times,
    frames: frames.digest('hex'),
    sound: sound.digest('hex'),
    thumbnailTimes: thumbnails?.tiles.map(({ timeMs }) => timeMs),
    thumbnails: pictures.map((bytes) => createHash('md5').update(bytes).digest('hex')),
  }
}

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test.each([
    { frames: 'references', threads: 2, sections: 2 },
    { frames: 'all', threads: 2, sections: 2 },
    { frames: 'references', threads: 4, sections: 4 },
  ] as const)(
    '$sections sections ($frames) give the same frames, times, audio and thumbnails as one run',
    async ({ sections, ...how }) => {
      const info = large(await probe(media[which], film))
      expect(await planSections(media[which], film, { info, threads: how.threads })).toHaveLength(sections)
      const whole = await decodeWith(decode, film, { which, frames: how.frames, threads: 1 })
      expect(whole.times.length).toBeGreaterThan(390)
      expect(await decodeWith(decodeInParallel, film, { which, ...how })).toEqual(whole)
    },
  )
})

test.each([
  ['with video that starts after the audio', ['-itsoffset', '1.3'], 30, []],
  ['at 29.97 fps with a time base of 1/4999 s', [], '30000/1001', ['-video_track_timescale', '4999']],
  ['without audio', [], 25, ['-an']],
])('a video %s gives the same in sections as in one run', async (name, late, rate, output) => {
  const streams = ['-map', '1:v', '-map', '0:a', ...H264, '-g', '90', ...AAC, ...output]
  const path = await media.render(`${name.slice(0, 9)}.mp4`, [
    ...tone(95),
    ...late,
    ...pictures(95, rate),
    ...streams,
  ])
  const whole = await decodeWith(decode, path, { frames: 'references' })
  expect(await decodeWith(decodeInParallel, path, { frames: 'references' })).toEqual(whole)
})

test('frames are delivered in order, and progress only rises', async () => {
  const fractions: number[] = []
  const { times } = await decodeWith(decodeInParallel, film, {
    onProgress: (fraction) => fractions.push(fraction),
  })
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  expect(fractions.at(-1)).toBeGreaterThan(0.99)
})

test('damage in any section is reported, so that the file can be decoded in one run', async () => {
  const bytes = await readFile(film)
  const end = bytes.indexOf('moov')
  for (let at = Math.trunc(end * 0.8); at < end - 100; at += 997) bytes[at] = (bytes[at] ?? 0) ^ 0x10
  const path = join(media.dir, 'damaged.mp4')
  await writeFile(path, bytes)
  await expect(decodeWith(decodeInParallel, path)).rejects.toThrow(DamagedFile)
  expect((await decodeWith(decode, path)).summary.errors).toBeGreaterThan(0)
})

test('an abort stops all decoders', async () => {
  const stop = new AbortController()
  let frames = 0
  const onFrame = (): void => {
    frames += 1
    stop.abort()
  }
  const decoding = decodeWith(decodeInParallel, film, { onFrame, signal: stop.signal })
  await expect(decoding).rejects.toThrow(expect.objectContaining({ code: 'Cancelled' }))
  expect(frames).toBeLessThan(200)
})

test('an error thrown by the frame callback ends decoding', async () => {
  const onFrame = (timeMs: number): void => {
    if (timeMs > 60_000) throw new RangeError('enough')
  }
  await expect(decodeWith(decodeInParallel, film, { onFrame })).rejects.toThrow(new RangeError('enough'))
})

test('a video over the length limit is refused', async () => {
  await expect(decodeWith(decodeInParallel, film, { maxSeconds: 50 })).rejects.toThrow(
    /runs for 50 s or more/,
  )
})

test('files joined without re-encoding, whose audio overlaps at the joint, do not count as damaged', async () => {
  const path = await media.render('joined.mp4', ['-stream_loop', '1', '-i', film, '-c', 'copy'])
  const seen = await decodeWith(decodeInParallel, path)
  expect(seen.summary.errors).toBe(0)
  expect(seen.summary.audioSeconds).toBeGreaterThan(199)
  expect(seen).toEqual(await decodeWith(decode, path))
})
