import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../footage.ts'
import { type Client, createClient, detections } from './client.ts'
import { newFolder, type Product, startEmbedded } from './product.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-stills-'))
const at = (name: string): string => join(folder, name)
/** The second of the film that the still shows, and the part of the film that is heard in the song. */
const STILL_AT = 7.3
const SONG = { from: 2, seconds: 8 }
let product: Product
let client: Client
let library: string

beforeAll(async () => {
  await renderFootage(at('film.mp4'), { seed: 33, seconds: 12 })
  const still = ['-frames:v', '1', '-vf', 'scale=480:-2']
  await ffmpeg('-ss', String(STILL_AT), '-i', at('film.mp4'), ...still, at('still.jpg'))
  await ffmpeg(
    '-ss',
    String(SONG.from),
    '-t',
    String(SONG.seconds),
    '-i',
    at('film.mp4'),
    '-vn',
    at('song.mp3'),
  )
  product = await startEmbedded(newFolder(), { INPUT_FORMATS: 'all' })
  client = createClient(product.address)
  library = await client.createLibrary({ detectOnStore: false })
  for (const name of ['film.mp4', 'still.jpg', 'song.mp3']) await client.upload(name, at(name))
})
afterAll(async () => {
  await product.close()
  rmSync(folder, { recursive: true, force: true })
})

type Match = {
  readonly matchId: string
  readonly query: { readonly object: string; readonly durationSeconds: number; readonly fps: number | null }
  readonly passages: readonly { readonly kind: string; readonly refStart: number; readonly refEnd: number }[]
}

/** The match that a search for an object found. */
async function matchOf(object: string): Promise<Match> {
  const job = await client.run({ rule: 'FindSimilarVideo', library, object })
  expect(detections(job), object).toHaveLength(1)
  const { items } = await client.adminJson<{ items: Match[] }>('GET', '/matches?state=open')
  const matchId = items.find((match) => match.query.object === object)?.matchId
  expect(matchId, object).toBeDefined()
  return client.adminJson<Match>('GET', `/matches/${matchId}`)
}

test('a server that takes stills names the film and the second that one shows', async () => {
  await client.run({ rule: 'GetFingerPrint', library, object: 'film.mp4' })
  const match = await matchOf('still.jpg')
  expect(match.query).toMatchObject({ durationSeconds: 0, fps: null })
  expect(match.passages).toHaveLength(1)
  const [passage] = match.passages
  expect(passage?.kind).toBe('video')
  expect(passage?.refStart).toBeLessThanOrEqual(STILL_AT)
  expect(passage?.refEnd).toBeGreaterThanOrEqual(STILL_AT - 0.25)
  expect((await client.admin('GET', `/matches/${match.matchId}/evidence`)).status).toBe(200)
})

test('a server that takes sound alone says where in which film it is heard', async () => {
  const match = await matchOf('song.mp3')
  expect(match.query.fps).toBeNull()
  const [passage] = match.passages
  expect(passage?.kind).toBe('audio')
  expect(passage?.refStart).toBeCloseTo(SONG.from, 0)
  expect(passage?.refEnd).toBeCloseTo(SONG.from + SONG.seconds, 0)
  expect((await client.admin('GET', `/matches/${match.matchId}/evidence`)).status).toBe(200)
})

test('stills and sound are stored, listed, found by a film, and deleted', async () => {
  const other = await client.createLibrary({ detectOnStore: false })
  for (const object of ['still.jpg', 'song.mp3'])
    expect(await client.run({ rule: 'GetFingerPrint', library: other, object })).toMatchObject({
      State: 'Success',
    })
  const { items } = await client.adminJson<{
    items: { videoId: string; durationSeconds: number; fps: unknown }[]
  }>('GET', `/libraries/${other}/videos?order=oldest`)
  expect(items).toMatchObject([
    { durationSeconds: 0, fps: null },
    { fps: null, hasAudio: true, width: 0 },
  ])
  expect(items[1]?.durationSeconds).toBeCloseTo(SONG.seconds, 0)
  const found = detections(await client.run({ rule: 'FindSimilarVideo', library: other, object: 'film.mp4' }))
  expect(found.map(({ VideoId }) => VideoId).sort()).toEqual(items.map(({ videoId }) => videoId).sort())
  for (const { videoId } of items) {
    const job = { rule: 'DeleteFingerPrint', library: other, object: 'film.mp4', videoId } as const
    expect(await client.run(job)).toMatchObject({ State: 'Success' })
  }
  expect(
    detections(await client.run({ rule: 'FindSimilarVideo', library: other, object: 'film.mp4' })),
  ).toEqual([])
})

test('POST /admin/compare answers for a still and a film', async () => {
  const side = (object: string) => ({ bucket: 'kinoprint-1250000000', object })
  const answer = await client.adminJson('POST', '/compare', {
    timeoutSeconds: 240,
    query: side('still.jpg'),
    reference: side('film.mp4'),
  })
  expect(answer).toMatchObject({ accepted: true, queryDuration: 0 })
})

type Compared = {
  readonly framesCompared: string | null
  readonly segments: readonly { readonly refStart: number; readonly refEnd: number }[]
}

test('POST /admin/compare finds a still of a fast movement to the frame while the file is there', {
  tags: ['still-sources'],
}, async () => {
  await renderFootage(at('poster.mp4'), { seed: 1, seconds: 13, sound: 'none' })
  await ffmpeg('-ss', '12', '-i', at('poster.mp4'), '-frames:v', '1', at('poster.png'))
  const scroll = ['-loop', '1', '-i', at('poster.png'), '-t', '4', '-r', '25', '-vf', 'scroll=h=0.043']
  await ffmpeg(...scroll, '-g', '100', '-pix_fmt', 'yuv420p', at('scroll.mp4'))
  // Between the stored frames at 1 s and 1.25 s.
  await ffmpeg(
    '-ss',
    '1.12',
    '-i',
    at('scroll.mp4'),
    '-frames:v',
    '1',
    '-vf',
    'scale=320:-2',
    at('quick.jpg'),
  )
  for (const name of ['scroll.mp4', 'quick.jpg']) await client.upload(name, at(name))
  const dnaDbId = await client.createLibrary({ detectOnStore: false })
  const stored = await client.run({ rule: 'GetFingerPrint', library: dnaDbId, object: 'scroll.mp4' })
  const videoId = stored.Operation.DNAResult?.VideoId

  const side = (object: string) => ({ bucket: 'kinoprint-1250000000', object })
  const compare = async (reference: object, query: object = side('quick.jpg')) => {
    const found = await client.adminJson<Compared>('POST', '/compare', {
      query,
      reference,
      timeoutSeconds: 240,
    })
    const exact = found.segments.filter(({ refStart, refEnd }) => refStart <= 1.12 && refEnd >= 1.12)
    return { ...found, exact }
  }
  for (const reference of [side('scroll.mp4'), { dnaDbId, videoId }]) {
    const { framesCompared, exact } = await compare(reference)
    expect(framesCompared).toBe('all')
    expect(exact.some(({ refStart, refEnd }) => refEnd - refStart < 0.1)).toBe(true)
  }
  expect(await compare(side('scroll.mp4'), side('film.mp4'))).toMatchObject({ framesCompared: null })

  // Another file of the same name is not the file that was stored.
  await client.upload('scroll.mp4', at('film.mp4'))
  expect((await compare({ dnaDbId, videoId })).framesCompared).toBe('stored')
  await client.adminJson('DELETE', '/objects/kinoprint-1250000000/scroll.mp4')
  expect((await compare({ dnaDbId, videoId })).framesCompared).toBe('stored')
})
