import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../footage.ts'
import { type Client, createClient, detections, matches } from './client.ts'
import { claimDuration, flipBytes } from './mp4-boxes.ts'
import type { Product } from './product.ts'
import { oneWayOfRunning } from './ways.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-bad-'))
function clip(name: string) {
  return join(folder, `${name}.mp4`)
}
function lavfi(source: string) {
  return ['-f', 'lavfi', '-i', source]
}

beforeAll(async () => {
  await renderFootage(clip('film'), { seed: 11, seconds: 16 })
  await renderFootage(clip('mute'), { seed: 12, seconds: 8, sound: 'none' })
  await renderFootage(clip('sound'), { seed: 13, seconds: 8, picture: 'none' })
  await renderFootage(clip('portrait'), { seed: 14, seconds: 8, width: 202, height: 360 })
  await ffmpeg('-i', clip('film'), '-c', 'copy', '-metadata:s:v', 'rotate=90', clip('rotated'))
  await ffmpeg('-i', clip('film'), '-vf', "select='not(mod(n,3))+lt(t,5)'", '-vsync', 'vfr', clip('variable'))
  await ffmpeg(
    '-i',
    clip('film'),
    '-c',
    'copy',
    '-output_ts_offset',
    '7',
    '-avoid_negative_ts',
    'disabled',
    clip('late'),
  )
  await ffmpeg('-i', clip('film'), '-frames:v', '1', '-an', clip('one-frame'))
  const long = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-b:a', '32k']
  const sources = [...lavfi('testsrc2=s=96x54:r=2'), ...lavfi('sine=f=330:r=11025')]
  await ffmpeg(...sources, ...long, '-t', '1800', clip('thirty-minutes'))
  await ffmpeg('-i', clip('thirty-minutes'), '-c', 'copy', '-t', '1798.9', clip('just-under'))
  writeFileSync(clip('empty'), '')
  writeFileSync(clip('text'), 'This is not a video at all.\n'.repeat(200))
  writeFileSync(clip('playlist'), '#EXTM3U\n#EXTINF:10,\n/etc/passwd\n')
  const whole = readFileSync(clip('film'))
  writeFileSync(clip('truncated'), whole.subarray(0, whole.length / 2))
  await ffmpeg('-i', clip('film'), '-c', 'copy', '-movflags', '+faststart', clip('streamable'))
  const streamable = readFileSync(clip('streamable'))
  writeFileSync(clip('broken-off'), streamable.subarray(0, streamable.length / 2))
  flipBytes(clip('streamable'), clip('flipped'), { start: 60_000, every: 9_001 })
  claimDuration(clip('film'), clip('ten-hours'), 36_000)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['an empty file', 'empty', /empty/i],
  ['text with the extension .mp4', 'text', /not .*MP4|MP4/i],
  ['a playlist with the extension .mp4', 'playlist', /not .*MP4|MP4/i],
  ['an MP4 cut off before its index', 'truncated', /truncated|damaged|index|moov/i],
  ['an MP4 without its second half', 'broken-off', /truncated|damaged/i],
  ['sound without a picture', 'sound', /video stream/i],
  ['exactly thirty minutes', 'thirty-minutes', /1800/],
  ['a header that claims ten hours', 'ten-hours', /36000|1800/],
]

// Files are read and refused by the same code on every deployment. jobs.test.ts runs on both.
describe.each(oneWayOfRunning)('invalid and unusual input, $way', ({ start }) => {
  let product: Product
  let client: Client
  let library: string

  beforeAll(async () => {
    product = await start()
    client = createClient(product.address)
    library = await client.createLibrary()
  })
  afterAll(() => product.close(), 40_000)

  const store = async (name: string) => {
    await client.upload(`${name}.mp4`, clip(name))
    return client.run({ rule: 'GetFingerPrint', library, object: `${name}.mp4` })
  }
  const find = async (name: string) =>
    client.run({ rule: 'FindSimilarVideo', library, object: `${name}.mp4` })
  const videoCount = async () =>
    (await client.adminJson<{ videoCount: number }>('GET', `/libraries/${library}`)).videoCount

  test.each(refused)(
    'rejects %s with the reason and stores nothing',
    { tags: ['bad-input'] },
    async (_title, name, reason) => {
      const before = await videoCount()
      const job = await store(name)
      expect(job).toMatchObject({ State: 'Failed', Code: 'ResourceNotSupported' })
      expect(job.Message).toMatch(reason)
      expect(job.Operation.DNAResult).toBeUndefined()
      expect(await videoCount()).toBe(before)
      const full = await client.adminJson<{ attempts: number }>('GET', `/jobs/${job.JobId}`)
      expect(full.attempts).toBe(1)
    },
  )

  test('rejects an object that does not exist', async () => {
    const job = await client.run({ rule: 'FindSimilarVideo', library, object: 'nowhere/at-all.mp4' })
    expect(job).toMatchObject({ State: 'Failed', Code: 'ResourceNotFound' })
    expect(job.Message).toContain('nowhere/at-all.mp4')
  })

  test('accepts a video of 1,799 s', { tags: ['just-under'] }, async () => {
    const job = await store('just-under')
    expect(job).toMatchObject({ State: 'Success' })
    expect(job.Operation.DNAResult?.Duration).toBe('1799')
  })

  test.each([
    ['a video without sound', 'mute', 8],
    ['a portrait', 'portrait', 8],
    ['a variable frame rate', 'variable', 16],
    ['a start time that is not zero', 'late', 16],
  ] as const)('stores %s and finds its whole length again', async (_title, name, seconds) => {
    const stored = await store(name)
    expect(stored).toMatchObject({ State: 'Success' })
    const found = detections(await find(name)).find(
      (item) => item.VideoId === stored.Operation.DNAResult?.VideoId,
    )
    expect(found?.Similar).toBe('100')
    const [match] = matches(found)
    expect(match?.[0]).toBeLessThanOrEqual(1)
    expect(match?.[1]).toBeGreaterThanOrEqual(seconds - 2)
  })

  test('fingerprints a rotated video upright, as players show it', async () => {
    const stored = await store('rotated')
    const video = await client.adminJson<{ width: number; height: number }>(
      'GET',
      `/libraries/${library}/videos/${stored.Operation.DNAResult?.VideoId}`,
    )
    expect([video.width, video.height]).toEqual([360, 640])
  })

  test('stores a video with a single frame', async () => {
    expect(await store('one-frame')).toMatchObject({ State: 'Success' })
  })

  test('stores the readable part of a file with flipped bits', async () => {
    const job = await store('flipped')
    if (job.State === 'Failed') expect(job.Code).toBe('ResourceNotSupported')
    else expect(job.State).toBe('Success')
  })

  test('refuses a request with an unknown library or with a VideoId of another library', async () => {
    const unknown = `Db${'0'.repeat(32)}`
    const asked = { rule: 'GetFingerPrint', library: unknown, object: 'film.mp4' } as const
    await expect(client.submit(asked)).rejects.toMatchObject({ statusCode: 400, code: 'InvalidArgument' })
    await client.upload('film.mp4', clip('film'))
    const elsewhere = await client.createLibrary()
    const stored = await client.run({ rule: 'GetFingerPrint', library: elsewhere, object: 'film.mp4' })
    const videoId = stored.Operation.DNAResult?.VideoId ?? ''
    const wrong = { rule: 'DeleteFingerPrint', library, object: 'film.mp4', videoId } as const
    await expect(client.submit(wrong)).rejects.toMatchObject({ statusCode: 400, code: 'InvalidArgument' })
  })

  test('refuses malformed XML and a body of 10 MB', {
    tags: ['ten-megabytes'],
  }, async () => {
    const broken = client.request('POST', 'jobs', '<Request><Tag>DNA</Request>')
    await expect(broken).rejects.toMatchObject({ statusCode: 400, code: 'InvalidContent' })
    const huge = client.request('POST', 'jobs', `<Request><Tag>${'x'.repeat(10_000_000)}</Tag></Request>`)
    await expect(huge).rejects.toMatchObject({ statusCode: 413, code: 'InvalidContent' })
  })

  test('leaves no temporary file behind', () => {
    if (product.dataDir === '') return
    const left = readdirSync(product.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => {
      return (
        /\.(tmp|part|upload)$|\/tmp-|\.uploads\/./.test(name) &&
        statSync(join(product.dataDir, name)).isFile()
      )
    })
    expect(left).toEqual([])
  })
})
