import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decode } from '../decode/decode.ts'
import { probe } from '../probe/probe.ts'
import { H264, openWorkshop, pictures, type Workshop } from '../testing/render-video.ts'
import { makeStills, type SpriteIndex } from './make-stills.ts'
import { StillReader } from './still-reader.ts'
import { layTiles } from './tile.ts'
import { planTiles } from './tile-plan.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop()
})
afterAll(() => shop.close())

const stillsOf = async (path: string, which: 'tools' | 'packaged' = 'tools') => {
  const info = await probe(shop[which], path)
  const outDir = join(shop.dir, `stills-${which}-${path.replaceAll('/', '-')}`)
  const plan = planTiles(info)
  const onFrame = () => undefined
  const { stills } = await decode(shop[which], path, { info, frames: 'references', stills: plan, onFrame })
  await makeStills(stills, outDir, { plan })
  const paths = { poster: join(outDir, 'poster.jpg'), sprite: join(outDir, 'sprite.jpg') }
  const index = JSON.parse(await readFile(join(outDir, 'sprite.json'), 'utf8')) as SpriteIndex
  const [poster, sprite] = await Promise.all([sharp(paths.poster).metadata(), sharp(paths.sprite).metadata()])
  expect(await readdir(outDir)).toEqual(['poster.jpg', 'sprite.jpg', 'sprite.json'])
  expect(sprite.width).toBe(index.columns * index.tileWidth)
  expect(sprite.height).toBe(index.rows * index.tileHeight)
  return { index, poster, posterPath: paths.poster }
}

describe.each(['tools', 'packaged'] as const)('with the %s', (which) => {
  test('a tile is taken from each second, with its time', async () => {
    const path = await shop.render('gop.mp4', [...pictures(6.5, 24, '1280x720'), ...H264, '-g', '36'])
    const { index, poster } = await stillsOf(path, which)
    expect(index).toMatchObject({ tileWidth: 160, tileHeight: 90, columns: 7, rows: 1 })
    expect(index.times).toHaveLength(7)
    // Of the frames that others refer to, the first from each second on: at most two frames later here.
    for (const [second, time] of index.times.entries()) {
      expect(time).toBeGreaterThanOrEqual(second)
      expect(time).toBeLessThan(second + 0.1)
    }
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

test('tiles lie side by side in the order of their times', () => {
  const plan = { tileWidth: 4, tileHeight: 2, columns: 2 }
  const tiles = [10, 20, 30].map((shade) => ({
    still: { jpeg: Buffer.alloc(0), timeMs: 1000 * shade },
    rgb: Buffer.alloc(3 * 4 * 2, shade),
  }))
  const { rgb, width, height } = layTiles(tiles, plan)
  expect([width, height]).toEqual([8, 4])
  const shadeAt = (x: number, y: number) => rgb[3 * (y * width + x)]
  expect([shadeAt(0, 0), shadeAt(3, 1), shadeAt(4, 0), shadeAt(7, 1)]).toEqual([10, 10, 20, 20])
  expect([shadeAt(0, 2), shadeAt(3, 3), shadeAt(4, 2), shadeAt(7, 3)]).toEqual([30, 30, 0, 0])
})

test('without any picture nothing is left behind', async () => {
  const outDir = join(shop.dir, 'none')
  const plan = planTiles(
    await probe(shop.tools, await shop.render('some.mp4', [...pictures(1, 25), ...H264])),
  )
  await expect(makeStills([], outDir, { plan })).rejects.toThrow('No picture came.')
  expect(await readdir(outDir)).toEqual([])
})

test('pictures are cut apart however their bytes and times arrive', () => {
  const pictures = [3, 1, 5].map((length, i) => Buffer.alloc(length, i + 1))
  const lines = pictures.map((one, i) => `0, ${i * 40}, ${i * 1000}, 40, ${one.length}, 0xb81975b2\n`)
  const sources = { bytes: Buffer.concat(pictures), times: Buffer.from(`#tb 0: 1/1000\n${lines.join('')}`) }
  const piece = fc.tuple(fc.constantFrom('bytes', 'times'), fc.integer({ min: 1, max: 20 }))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const reader = new StillReader()
      const at = { bytes: 0, times: 0 }
      for (const [source, length] of [...pieces, ['bytes', 99], ['times', 999]] as typeof pieces) {
        const key = source as keyof typeof sources
        const chunk = sources[key].subarray(at[key], at[key] + length)
        at[key] += chunk.length
        if (key === 'bytes') reader.pushBytes(chunk)
        else reader.pushTimes(chunk)
      }
      expect(reader.stills).toEqual(pictures.map((jpeg, i) => ({ jpeg, timeMs: i * 1000 })))
    }),
  )
})
