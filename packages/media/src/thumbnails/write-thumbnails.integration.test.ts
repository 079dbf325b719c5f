import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decode } from '../decode/decode.ts'
import { probe } from '../probe/probe.ts'
import { H264, openTestMedia, pictures, SAMPLING, type TestMedia } from '../testing/test-media.ts'
import { composeSprite } from './compose-sprite.ts'
import { planThumbnails } from './plan-thumbnails.ts'
import { resizeToRgb } from './resize.ts'
import { ThumbnailCollector } from './thumbnail-collector.ts'
import { type SpriteIndex, writeThumbnails } from './write-thumbnails.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

async function thumbnailsOf(path: string, which: 'system' | 'bundled' = 'system') {
  const info = await probe(media[which], path)
  const outDir = join(media.dir, `thumbnails-${which}-${path.replaceAll('/', '-')}`)
  const plan = planThumbnails(info)
  const onFrame = () => undefined
  const { thumbnails } = await decode(media[which], path, {
    info,
    sampling: SAMPLING,
    frames: 'references',
    thumbnails: plan,
    onFrame,
  })
  if (thumbnails === null) throw new Error('No thumbnails were taken.')
  await writeThumbnails(thumbnails, outDir, { plan })
  const paths = { poster: join(outDir, 'poster.jpg'), sprite: join(outDir, 'sprite.jpg') }
  const index = JSON.parse(await readFile(join(outDir, 'sprite.json'), 'utf8')) as SpriteIndex
  const [poster, sprite] = await Promise.all([sharp(paths.poster).metadata(), sharp(paths.sprite).metadata()])
  expect(await readdir(outDir)).toEqual(['poster.jpg', 'sprite.jpg', 'sprite.json'])
  expect(sprite.width).toBe(index.columns * index.tileWidth)
  expect(sprite.height).toBe(index.rows * index.tileHeight)
  return { index, poster, posterPath: paths.poster }
}

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test('each second gives a tile with its time', async () => {
    const path = await media.render('gop.mp4', [...pictures(6.5, 24, '1280x720'), ...H264, '-g', '36'])
    const { index, poster } = await thumbnailsOf(path, which)
    expect(index).toMatchObject({ tileWidth: 160, tileHeight: 90, columns: 7, rows: 1 })
    expect(index.times).toHaveLength(7)
    // The first reference frame from each second on: at most two frames later here.
    for (const [second, time] of index.times.entries()) {
      expect(time).toBeGreaterThanOrEqual(second)
      expect(time).toBeLessThan(second + 0.1)
    }
    expect([poster.width, poster.height]).toEqual([640, 360])
  })

  test('a single frame gives one tile', async () => {
    const path = await media.render('one.mp4', [...pictures(1, 25), ...H264, '-frames:v', '1'])
    const { index, poster } = await thumbnailsOf(path, which)
    expect(index.times).toEqual([0])
    expect([poster.width, poster.height]).toEqual([160, 120])
  })

  test('thumbnails of a rotated video are upright', async () => {
    const flat = await media.render('flat.mp4', [...pictures(2, 25, '640x360'), ...H264])
    const path = await media.render('rotated.mp4', ['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
    const { index, poster } = await thumbnailsOf(path, which)
    expect([index.tileWidth, index.tileHeight]).toEqual([160, 284])
    expect([poster.width, poster.height]).toEqual([360, 640])
  })
})

test('a long video gives at most 100 tiles, in rows of ten', async () => {
  const path = await media.render('long.mp4', [...pictures(250, 4, '64x36'), ...H264, '-g', '4'])
  const { index } = await thumbnailsOf(path)
  expect(index.times.length).toBeGreaterThan(80)
  expect(index.times.length).toBeLessThanOrEqual(100)
  expect([index.columns, index.rows]).toEqual([10, Math.ceil(index.times.length / 10)])
  expect(index.times.at(-1)).toBeGreaterThan(240)
})

test('the poster is not taken from a black opening', async () => {
  const black = ['-f', 'lavfi', '-i', 'color=black:size=160x120:rate=10:duration=3']
  const joined = ['-filter_complex', '[0][1]concat=n=2:v=1:a=0', ...H264, '-g', '10']
  const path = await media.render('opening.mp4', [...black, ...pictures(7, 10), ...joined])
  const { posterPath } = await thumbnailsOf(path)
  expect((await sharp(posterPath).stats()).entropy).toBeGreaterThan(2)
})

test('tiles are arranged side by side in order of time', () => {
  const plan = { tileWidth: 4, tileHeight: 2, columns: 2 }
  const tiles = [10, 20, 30].map((shade) => ({
    timeMs: 1000 * shade,
    rgb: Buffer.alloc(3 * 4 * 2, shade),
  }))
  const { rgb, width, height } = composeSprite(tiles, plan)
  expect([width, height]).toEqual([8, 4])
  const shadeAt = (x: number, y: number) => rgb[3 * (y * width + x)]
  expect([shadeAt(0, 0), shadeAt(3, 1), shadeAt(4, 0), shadeAt(7, 1)]).toEqual([10, 10, 20, 20])
  expect([shadeAt(0, 2), shadeAt(3, 3), shadeAt(4, 2), shadeAt(7, 3)]).toEqual([30, 30, 0, 0])
})

test('without frames no file is left behind', async () => {
  const outDir = join(media.dir, 'none')
  const plan = planThumbnails(
    await probe(media.system, await media.render('some.mp4', [...pictures(1, 25), ...H264])),
  )
  await expect(writeThumbnails({ tiles: [], poster: undefined }, outDir, { plan })).rejects.toThrow(
    'No frame was collected for thumbnails.',
  )
  expect(await readdir(outDir)).toEqual([])
})

test('shrinking a picture keeps its colours and mean brightness', () => {
  // The left half red, the right half grey; brightness rises from row to row.
  const [width, height] = [8, 4]
  const bytes = new Uint8Array((width * height * 3) / 2).fill(128)
  for (let at = 0; at < width * height; at++) bytes[at] = 100 + 10 * Math.trunc(at / width)
  for (const row of [0, 1]) bytes.fill(255, 40 + 4 * row, 42 + 4 * row)
  const rgb = resizeToRgb({ width, height, bytes }, { width: 2, height: 2 })
  // Means of 105 and 125; red is 1.402 times 127 more, and the full range ends at 255.
  expect([...rgb]).toEqual([255, 14, 105, 105, 105, 105, 255, 34, 125, 125, 125, 125])
})

test('enlarging a picture repeats its pixels', () => {
  const bytes = Uint8Array.of(10, 20, 30, 40, 128, 128)
  const rgb = resizeToRgb({ width: 2, height: 2, bytes }, { width: 4, height: 2 })
  expect([...rgb].filter((_, at) => at % 3 === 0)).toEqual([10, 10, 20, 20, 30, 30, 40, 40])
})

test('the poster is the frame with the highest entropy in the first half', () => {
  const sizes = { tileWidth: 2, tileHeight: 2, frameWidth: 2, frameHeight: 2 }
  const plan = { ...sizes, columns: 10, maxTiles: 100, stepSeconds: 1 }
  const taker = new ThumbnailCollector(plan)
  const picture = new Uint8Array(6)
  // Shades of a picture's four pixels: one, two, three, two, then four in the second half.
  for (const [n, shades] of ['0000', '0055', '0123', '0055', '0357', '0000'].entries()) {
    picture.set([...shades].map((shade) => 20 * Number(shade)))
    picture.fill(128, 4)
    taker.push(1000 * n, picture)
  }
  const { tiles, poster } = taker.end()
  expect(tiles.map(({ timeMs }) => timeMs)).toEqual([0, 1000, 2000, 3000, 4000, 5000])
  expect([...(poster?.bytes ?? [])]).toEqual([0, 20, 40, 60, 128, 128])
})
