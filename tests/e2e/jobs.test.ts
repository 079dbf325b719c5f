import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../footage.ts'
import { type Client, createClient, detections, matches } from './client.ts'
import type { Product } from './product.ts'
import { waysOfRunning } from './ways.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-clips-'))
function clip(name: string) {
  return join(folder, `${name}.mp4`)
}

beforeAll(async () => {
  await renderFootage(clip('film'), { seed: 1, seconds: 40 })
  await renderFootage(clip('other'), { seed: 2, seconds: 20 })
  await renderFootage(clip('black'), { seed: 3, seconds: 12, picture: 'black', sound: 'silence' })
  await ffmpeg(
    '-ss',
    '12',
    '-t',
    '20',
    '-i',
    clip('film'),
    '-vf',
    'scale=iw/2:-2',
    '-crf',
    '32',
    clip('excerpt'),
  )
  const parts = '[0:v][0:a][1:v][1:a][2:v][2:a]concat=n=3:v=1:a=1[v][a]'
  const twice = ['-t', '8', '-i', clip('film'), '-t', '6', '-i', clip('other'), '-t', '8', '-i', clip('film')]
  await ffmpeg(...twice, '-filter_complex', parts, '-map', '[v]', '-map', '[a]', clip('twice'))
  await ffmpeg(
    '-i',
    clip('film'),
    '-i',
    clip('other'),
    '-map',
    '1:v',
    '-map',
    '0:a',
    '-t',
    '20',
    clip('sound-only'),
  )
  await ffmpeg('-i', clip('film'), '-an', '-c:v', 'copy', clip('mute'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(waysOfRunning)('jobs, $way', ({ start }) => {
  let product: Product
  let client: Client
  let library: string
  let filmId: string

  beforeAll(async () => {
    product = await start()
    client = createClient(product.address)
    library = await client.createLibrary()
    for (const name of ['film', 'other', 'black', 'excerpt', 'twice', 'sound-only', 'mute']) {
      await client.upload(`in/${name}.mp4`, clip(name))
    }
    const stored = await client.run({
      rule: 'GetFingerPrint',
      library,
      object: 'in/film.mp4',
      userData: 'a & <b>',
      level: 2,
    })
    expect(stored).toMatchObject({ State: 'Success', Code: 'Success', Progress: '100' })
    expect(stored.Operation).toMatchObject({ UserData: 'a & <b>', JobLevel: '2' })
    filmId = stored.Operation.DNAResult?.VideoId ?? ''
    expect(filmId).toMatch(/^dv[0-9a-f]{32}$/)
  })

  afterAll(() => product.close(), 40_000)

  const find = async (name: string, into = library) =>
    client.run({ rule: 'FindSimilarVideo', library: into, object: `in/${name}.mp4` })

  test('finds an identical copy over its whole length, with the highest score', async () => {
    const job = await find('film')
    const [first, ...rest] = detections(job)
    expect(rest).toEqual([])
    expect(first).toMatchObject({ VideoId: filmId, Similar: '100', SimilarDuration: '40', Duration: '40' })
    expect(first?.Audio.Similar).toBe('100')
    expect(matches(first)).toEqual([[0, 39, 0, 39]])
    expect(job.Operation.DNAResult?.VideoId).toBe(filmId)
  })

  test('finds a small, poorly encoded excerpt and its times to within a second', async () => {
    const [first] = detections(await find('excerpt'))
    expect(first?.VideoId).toBe(filmId)
    const [match] = matches(first)
    for (const [index, wanted] of [0, 19, 12, 31].entries()) {
      expect(Math.abs((match?.[index] ?? -99) - wanted)).toBeLessThanOrEqual(1)
    }
  })

  test('finds a passage each time it occurs', async () => {
    const [first] = detections(await find('twice'))
    expect(first?.VideoId).toBe(filmId)
    const found = matches(first).map(([from = -99, , at = -99]) => [from, at])
    expect(found).toHaveLength(2)
    expect(found.every(([, at = -99]) => Math.abs(at) <= 1)).toBe(true)
    expect(found.map(([from = -99]) => Math.round(from / 14)).sort()).toEqual([0, 1])
  })

  test('finds a copy of only the sound and reports that the picture differs', async () => {
    const [first] = detections(await find('sound-only'))
    expect(first).toMatchObject({ VideoId: filmId, Similar: '0' })
    expect(Number(first?.Audio.Similar)).toBeGreaterThan(70)
  })

  test('finds a copy of only the picture and reports that the sound differs', async () => {
    const [first] = detections(await find('mute'))
    expect(first).toMatchObject({ VideoId: filmId, Similar: '100' })
    expect(first?.Audio.Similar).toBe('0')
  })

  test('finds nothing in unrelated footage, or in a black, silent minute even if another one is stored', async () => {
    expect(detections(await find('other'))).toEqual([])
    const dark = await client.createLibrary()
    await client.run({ rule: 'GetFingerPrint', library: dark, object: 'in/black.mp4' })
    expect(detections(await find('black', dark))).toEqual([])
    expect(detections(await find('film', dark))).toEqual([])
  })

  test('does not search other libraries', async () => {
    const elsewhere = await client.createLibrary()
    expect(detections(await find('film', elsewhere))).toEqual([])
  })

  test('changes nothing when the same content is stored again', async () => {
    const videos = `/libraries/${library}/videos`
    const before = await client.adminJson(`GET`, `${videos}/${filmId}`)
    const again = await client.run({ rule: 'GetFingerPrint', library, object: 'in/film.mp4' })
    expect(again.Operation.DNAResult?.VideoId).toBe(filmId)
    expect(await client.adminJson('GET', `${videos}/${filmId}`)).toEqual(before)
  })

  test('replaces the fingerprint under the same VideoId when the object has new content, then deletes it', async () => {
    const library = await client.createLibrary()
    await client.upload('in/changing.mp4', clip('other'))
    const store = { rule: 'GetFingerPrint', library, object: 'in/changing.mp4' } as const
    const first = await client.run(store)
    await client.upload('in/changing.mp4', clip('film'))
    const second = await client.run({ ...store, userData: 'again' })
    const videoId = second.Operation.DNAResult?.VideoId ?? ''
    expect(videoId).toBe(first.Operation.DNAResult?.VideoId)
    expect(detections(await find('other', library))).toEqual([])
    expect(detections(await find('excerpt', library))[0]?.VideoId).toBe(videoId)
    const gone = await client.run({
      rule: 'DeleteFingerPrint',
      library,
      object: 'in/changing.mp4',
      videoId,
    })
    expect(gone).toMatchObject({ State: 'Success' })
    expect(gone.Operation.DNAResult).toMatchObject({ VideoId: videoId, Duration: '40' })
    expect(detections(await find('excerpt', library))).toEqual([])
  })

  test('reports decimals and causes in the admin API', async () => {
    const jobId = await client.submit({ rule: 'FindSimilarVideo', library, object: 'in/excerpt.mp4' })
    await client.ended(jobId)
    const full = await client.adminJson<{
      progress: number
      attempts: number
      result: {
        detections: {
          videoId: string
          score: number
          refCoverage: number
          segments: { kind: string; refStart: number }[]
        }[]
      }
    }>('GET', `/jobs/${jobId}`)
    expect(full).toMatchObject({ progress: 1, attempts: 1 })
    const [detection] = full.result.detections
    expect(detection?.videoId).toBe(filmId)
    expect(detection?.score).toBeGreaterThan(0.9)
    expect(detection?.refCoverage).toBeCloseTo(0.5, 1)
    expect(detection?.segments[0]?.kind).toBe('both')
    expect(Math.abs((detection?.segments[0]?.refStart ?? 0) - 12)).toBeLessThanOrEqual(0.5)
  })
})
