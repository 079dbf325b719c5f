import { describe, expect, test } from 'vitest'
import { cpuSecondsOf } from '../decode/time-limits.ts'
import type { MediaInfo } from '../media-info.ts'
import { H264, openTestMedia, pictures } from '../testing/test-media.ts'
import { probe } from './probe.ts'
import { refusePixels } from './refuse-pixels.ts'

function video(fields: Partial<Parameters<typeof refusePixels>[0]>) {
  return {
    width: 1920,
    height: 1080,
    frameRate: 30,
    durationSeconds: 1790,
    videoDurationSeconds: 1790,
    frames: undefined,
    ...fields,
  }
}

describe('a video', () => {
  test.each([
    ['1080p at 60 for half an hour', { frameRate: 60 }],
    ['4K at 30 for half an hour', { width: 3840, height: 2160 }],
    ['8K at 30 for seven minutes', { width: 7680, height: 4320, videoDurationSeconds: 420 }],
    [
      'an unknown length',
      { width: 8192, height: 8192, durationSeconds: undefined, videoDurationSeconds: undefined },
    ],
  ])('is accepted: %s', (_, fields) => {
    expect(() => refusePixels(video(fields), 1800)).not.toThrow()
  })

  test.each([
    ['2048x2048 at 100 for half an hour', { width: 2048, height: 2048, frameRate: 100 }],
    ['8192x8192 at 30', { width: 8192, height: 8192 }],
    [
      'more frames in the index than the rate tells',
      { width: 2048, height: 2048, frameRate: 1, frames: 179_000 },
    ],
    [
      'the picture stream longer than the file',
      { width: 3840, height: 2160, durationSeconds: 1, frameRate: 60 },
    ],
  ])('with too many pixels is refused before decoding: %s', { tags: ['pixel-limit'] }, (_, fields) => {
    const fault = { code: 'ResourceNotSupported', message: expect.stringMatching(/At most 448 gigapixels/) }
    expect(() => refusePixels(video(fields), 1800)).toThrow(expect.objectContaining(fault))
  })

  test('with more frames in its index than any camera writes has a wrong header', () => {
    expect(() =>
      refusePixels(video({ width: 320, height: 180, videoDurationSeconds: 8, frames: 85_000_000 }), 1800),
    ).toThrow(
      expect.objectContaining({
        message: 'The MP4 header counts 85000000 frames in 8.0 s. Re-encode the file.',
      }),
    )
  })

  test('may have more pixels when the operator allows longer videos', () => {
    const long = video({ width: 3840, height: 2160, videoDurationSeconds: 7000 })
    expect(() => refusePixels(long, 1800)).toThrow()
    expect(() => refusePixels(long, 7200)).not.toThrow()
  })

  test('has its pixels counted from the real file', async () => {
    const media = await openTestMedia()
    const path = await media.render('a.mp4', [...pictures(2, 30, '640x360'), ...H264])
    await expect(probe(media.system, path, { maxSeconds: 3 })).resolves.toMatchObject({ width: 640 })
    // 60 frames of 640x360 are 14 megapixels; a file of 0.05 s may hold 12.
    const frames = { ...(await probe(media.system, path)), frames: 60 }
    expect(() => refusePixels(frames, 0.05)).toThrow(/60 frames of 640x360/)
    await media.close()
  })
})

test('the CPU time limit follows from the size and frame rate in the header', {
  tags: ['pixel-limit'],
}, () => {
  const info = { width: 640, height: 360, frameRate: 25 } as MediaInfo
  expect(cpuSecondsOf(info, 60)).toBeLessThan(130)
  const largest = { width: 3840, height: 2160, frameRate: 30 } as MediaInfo
  expect(cpuSecondsOf(largest, 1800)).toBeGreaterThan(2 * 2.4e-9 * 3840 * 2160 * 30 * 1800)
  expect(cpuSecondsOf(largest, 1800)).toBeLessThan(3 * 3600)
})
