import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { H264, openTestMedia, pictures, type TestMedia } from '../testing/test-media.ts'
import { encodeVideo } from './encode-video.ts'
import { makeAlteredCopy, makeSampleVideo } from './sample-video.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test('the generated video lasts 30 s, and its copy is smaller and faster', async () => {
    const path = join(media.dir, `sample ${which}.mp4`)
    const outputPath = join(media.dir, `copy ${which}.mp4`)
    const seen: number[] = []
    await makeSampleVideo(media[which], path, { onProgress: (fraction) => seen.push(fraction) })
    expect(await probe(media[which], path)).toMatchObject({ width: 640, height: 360, hasAudio: true })
    expect(seen.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true)
    expect(seen.at(-1)).toBeGreaterThan(0.9)
    await makeAlteredCopy(media[which], { path, outputPath }, {})
    const copy = await probe(media[which], outputPath)
    expect(copy).toMatchObject({ width: 480, height: 270, hasAudio: true, videoCodec: 'h264' })
    expect(copy.durationSeconds).toBeCloseTo(30 / 1.1, 0)
    // The index comes first, and no one else can write to the file.
    expect((await readFile(outputPath)).subarray(0, 400).includes('moov')).toBe(true)
    expect((await stat(outputPath)).mode & 0o777).toBe(0o600)
  })
})

test('a copy of a long silent portrait video takes a minute of it', async () => {
  const path = await media.render('long.mp4', [...pictures(100, 10, '180x320'), ...H264])
  const outputPath = join(media.dir, 'long-copy.mp4')
  await makeAlteredCopy(media.system, { path, outputPath }, {})
  const copy = await probe(media.system, outputPath)
  expect(copy).toMatchObject({ width: 136, height: 242, hasAudio: false })
  expect(copy.durationSeconds).toBeCloseTo(60 / 1.1, 0)
})

test('what is no video cannot be copied, and encoding can be stopped and bounded', async () => {
  const text = join(media.dir, 'text.mp4')
  await writeFile(text, 'not a video')
  const outputPath = join(media.dir, 'out.mp4')
  await expect(makeAlteredCopy(media.system, { path: text, outputPath }, {})).rejects.toMatchObject({
    code: 'ResourceNotSupported',
  })
  const encoding = {
    input: { generators: ['testsrc2=size=640x360:rate=25:duration=20'] },
    outputOptions: [],
    seconds: 20,
    maxBytes: 100_000_000,
    timeoutMs: 60_000,
  }
  const signal = AbortSignal.abort()
  await expect(encodeVideo(media.system, outputPath, { ...encoding, signal })).rejects.toMatchObject({
    code: 'Cancelled',
  })
  const small = encodeVideo(media.system, outputPath, { ...encoding, maxBytes: 20_000 })
  await expect(small).rejects.toThrow(/too large|could not be encoded/)
  expect((await stat(outputPath)).size).toBeLessThanOrEqual(20_480)
  expect(await readdir(media.dir)).not.toContain('core')
})
