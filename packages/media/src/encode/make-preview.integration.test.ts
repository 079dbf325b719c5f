import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { AAC, openTestMedia, pictures, type TestMedia } from '../testing/test-media.ts'
import { makePreview } from './make-preview.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

test.each([
  ['landscape', '1920x1080', [1280, 720]],
  ['portrait', '1080x1920', [720, 1280]],
  ['small', '320x180', [320, 180]],
])(
  'the preview of a %s video is H.264 of at most 720p and 30 frames per second',
  async (name, size, [width, height]) => {
    const path = await media.render(`${name} in.mp4`, [
      ...pictures(2, 50, size),
      ...['-f', 'lavfi', '-i', 'sine=duration=2', '-c:v', 'mpeg4', ...AAC],
    ])
    const outputPath = join(media.dir, `${name}-out.mp4`)
    const seen: number[] = []
    await makePreview(media.system, { path, outputPath }, { onProgress: (fraction) => seen.push(fraction) })
    const info = await probe(media.system, outputPath)
    expect(info).toMatchObject({ width, height, videoCodec: 'h264', audioCodec: 'aac' })
    expect(info.frameRate).toBeCloseTo(30, 0)
    expect(info.durationSeconds).toBeCloseTo(2, 0)
    expect(seen.at(-1)).toBeGreaterThan(0.8)
  },
)
