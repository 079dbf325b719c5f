import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { H264, openWorkshop, pictures, type Workshop } from '../testing/render-video.ts'
import { makeStills, type SpriteIndex } from './make-stills.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop()
})
afterAll(() => shop.close())

const stillsOf = async (path: string, which: 'tools' | 'packaged' = 'tools') => {
  const info = await probe(shop[which], path)
  const outDir = join(shop.dir, `stills-${which}-${path.replaceAll('/', '-')}`)
  const stills = await makeStills(shop[which], path, outDir, { info })
  const index = JSON.parse(await readFile(stills.spriteIndex, 'utf8')) as SpriteIndex
  const [poster, sprite] = await Promise.all([
    sharp(stills.poster).metadata(),
    sharp(stills.sprite).metadata(),
  ])
  expect(await readdir(outDir)).toEqual(['poster.jpg', 'sprite.jpg', 'sprite.json'])
  expect(sprite.width).toBe(index.columns * index.tileWidth)
  expect(sprite.height).toBe(index.rows * index.tileHeight)
  return { index, poster, posterPath: stills.poster }
}

describe.each(['tools', 'packaged'] as const)('with the %s', (which) => {
  test('a tile is taken from each keyframe, with its time', async () => {
    const path = await shop.render('gop.mp4', [...pictures(6.5, 24, '1280x720'), ...H264, '-g', '36'])
    const { index, poster } = await stillsOf(path, which)
    expect(index).toEqual({ tileWidth: 160, tileHeight: 90, columns: 5, rows: 1, times: [0, 1.5, 3, 4.5, 6] })
    expect([poster.width, poster.height]).toEqual([640, 360])
  })

  test('one picture gives one tile', async () => {
    const path = await shop.render('one.mp4', [...pictures(1, 25), ...H264, '-frames:v', '1'])
    const { index, poster } = await stillsOf(path, which)
    expect(index.times).toEqual([0])
    expect([poster.width, poster.height]).toEqual([160, 120])
  })

  test('a rotated video stands upright', async () => {
    const flat = await shop.render('flat.mp4', [...pictures(2, 25, '640x360'), ...H264])
    const path = await shop.render('rotated.mp4', ['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90'])
    const { index, poster } = await stillsOf(path, which)
    expect([index.tileWidth, index.tileHeight]).toEqual([160, 284])
    expect([poster.width, poster.height]).toEqual([360, 640])
  })
})

test('a long video gives at most 100 tiles, in rows of ten', async () => {
  const path = await shop.render('long.mp4', [...pictures(250, 4, '64x36'), ...H264, '-g', '4'])
  const { index } = await stillsOf(path)
  expect(index.times.length).toBeGreaterThan(80)
  expect(index.times.length).toBeLessThanOrEqual(100)
  expect([index.columns, index.rows]).toEqual([10, Math.ceil(index.times.length / 10)])
  expect(index.times.at(-1)).toBeGreaterThan(240)
})

test('the poster is not the black opening', async () => {
  const black = ['-f', 'lavfi', '-i', 'color=black:size=160x120:rate=10:duration=3']
  const joined = ['-filter_complex', '[0][1]concat=n=2:v=1:a=0', ...H264, '-g', '10']
  const path = await shop.render('opening.mp4', [...black, ...pictures(7, 10), ...joined])
  const { posterPath } = await stillsOf(path)
  expect((await sharp(posterPath).stats()).entropy).toBeGreaterThan(2)
})

test('a stop ends it and leaves nothing', async () => {
  const path = await shop.render('stopped.mp4', [...pictures(2, 25), ...H264])
  const info = await probe(shop.tools, path)
  const outDir = join(shop.dir, 'stopped')
  const stopped = makeStills(shop.tools, path, outDir, { info, signal: AbortSignal.timeout(20) })
  await expect(stopped).rejects.toThrow(expect.objectContaining({ code: 'Cancelled' }))
  expect(await readdir(outDir)).toEqual([])
})
