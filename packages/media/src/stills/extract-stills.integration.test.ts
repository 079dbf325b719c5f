import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { H264, openTestMedia, pictures, type TestMedia } from '../testing/test-media.ts'
import { extractStills } from './extract-stills.ts'

let media: TestMedia
/** Brightness rises by 20 levels each second, from 10. */
let stairs = ''
beforeAll(async () => {
  media = await openTestMedia()
  const rising = 'color=black:size=320x180:rate=10:duration=10,format=gray,geq=lum=10+20*floor(N/10)'
  stairs = await media.render('stairs.mp4', ['-f', 'lavfi', '-i', rising, ...H264, '-g', '40'])
})
afterAll(() => media.close())

async function brightness(jpeg: Buffer | undefined): Promise<number> {
  return (await sharp(jpeg).greyscale().stats()).channels[0]?.mean ?? Number.NaN
}

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test('stills show the frame that a player shows, and the last one after the end', async () => {
    const times = [0, 0.95, 1, 4.5, 6.999, 9.99, 10, 500]
    const stills = await extractStills(media[which], stairs, { times, width: 160 })
    const seen = await Promise.all(stills.map(brightness))
    const steps = [0, 0, 1, 4, 6, 9, 9, 9]
    expect(seen.map((level) => Math.round((level - 10) / 20))).toEqual(steps)
    expect(await sharp(stills[0]).metadata()).toMatchObject({ format: 'jpeg', width: 160, height: 90 })
  })
})

test('stills are upright, and no wider than the video', async () => {
  const flat = await media.render('flat.mp4', [...pictures(1, 25, '640x360'), ...H264])
  const path = await media.render('rotated.mp4', ['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
  const sizeOf = async (width: number) => {
    const [still] = await extractStills(media.bundled, path, { times: [0.5], width })
    const { width: wide, height } = await sharp(still).metadata()
    return [wide, height]
  }
  expect(await sizeOf(180)).toEqual([180, 320])
  expect(await sizeOf(1280)).toEqual([360, 640])
})

test('stills of files that are no videos are refused', async () => {
  const text = join(media.dir, 'text.mp4')
  await writeFile(text, 'not a video')
  const empty = join(media.dir, 'empty.mp4')
  await writeFile(empty, '')
  const options = { times: [0], width: 160 }
  for (const path of [text, empty])
    await expect(extractStills(media.system, path, options)).rejects.toMatchObject({
      code: 'ResourceNotSupported',
    })
  const stopped = { ...options, signal: AbortSignal.abort() }
  await expect(extractStills(media.system, stairs, stopped)).rejects.toMatchObject({ code: 'Cancelled' })
})
