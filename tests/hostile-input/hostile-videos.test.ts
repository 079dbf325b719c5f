import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, type JobView } from '../e2e/client.ts'
import { claimDuration } from '../e2e/mp4-boxes.ts'
import { newFolder, type Product, startEmbedded } from '../e2e/product.ts'
import { renderFootage } from '../footage.ts'
import { childrenOf } from './children-of.ts'
import { claimSamples, fastTrack, giantPicture, withTracks } from './hostile-videos.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-hostile-'))
function clip(name: string): string {
  return join(folder, `${name}.mp4`)
}

/** Each hostile video and the expected Message of its job. */
const hostileVideos: readonly (readonly [name: string, message: RegExp])[] = [
  ['tracks', /1002 streams/],
  ['giant', /16384x16384/],
  ['hidden-giant', /16384x16384/],
  ['fast', /100000 frames per second/],
  ['ten-hours', /36000/],
  // The file contains about a thousandth of what its header claims.
  ['index-alone', /only the video.s index \(moov\)/],
  ['index-bomb', /MP4 header|No picture|memory/],
  ['playlist', /MP4/],
  ['crash', /crashed on the file \(SIGSEGV\)/],
  ['glutton', /exceeded the memory limit/],
]
const NEIGHBOURS = 6
const CANARY = 'canary encryption 5b0e91'

let product: Product
let client: Client
let library: string
let asked = 0
const listener = createServer((_req, res) => {
  asked += 1
  res.end()
})

/** Wraps a program: records its limits and arguments, and misbehaves for some file names. */
async function standIn(name: 'ffmpeg' | 'ffprobe'): Promise<string> {
  const path = join(folder, name)
  const tools = await findFfmpeg()
  const script = [
    '#!/bin/sh',
    `echo "${name} $(ulimit -v) $(ulimit -t) $(ulimit -c) $*" >> "${folder}/runs"`,
    `env >> "${folder}/environment"`,
    name === 'ffmpeg'
      ? 'case "$*" in *crash.mp4*) kill -SEGV $$;; *killed.mp4*) kill -KILL $$;; *glutton.mp4*) exec tail /dev/zero;; esac'
      : '',
    `exec "${tools[name]}" "$@"`,
  ]
  writeFileSync(path, `${script.join('\n')}\n`)
  chmodSync(path, 0o755)
  return path
}

beforeAll(async () => {
  await renderFootage(clip('film'), { seed: 61, seconds: 8, width: 320, height: 180 })
  const film = readFileSync(clip('film'))
  for (const name of ['crash', 'glutton', 'killed']) writeFileSync(clip(name), film)
  claimDuration(clip('film'), clip('ten-hours'), 36_000)
  writeFileSync(clip('tracks'), withTracks(clip('film'), 1000))
  writeFileSync(clip('index-alone'), claimSamples(withTracks(clip('film'), 3), 85_000_000))
  writeFileSync(clip('index-bomb'), claimSamples(withTracks(clip('film'), 3), 40_000_000))
  writeFileSync(clip('giant'), await giantPicture(clip('plain'), { openly: true }))
  writeFileSync(clip('hidden-giant'), await giantPicture(clip('plain'), { openly: false }))
  await fastTrack(clip('fast'))
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  // The first box is that of an MP4, the rest is a playlist. A demuxer that guesses formats would fetch its entries.
  const playlist = `#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:${port}/secret.ts\n#EXT-X-ENDLIST\n`
  writeFileSync(
    clip('playlist'),
    Buffer.concat([film.subarray(0, film.readUInt32BE(0)), Buffer.from(playlist)]),
  )
  const tools = { FFMPEG_PATH: await standIn('ffmpeg'), FFPROBE_PATH: await standIn('ffprobe') }
  const secret = { ENCRYPTION_KEY: CANARY, WORKER_CONCURRENCY: '2' }
  product = await startEmbedded(newFolder(), { ...tools, ...secret })
  client = createClient(product.address)
  library = await client.createLibrary()
})
afterAll(async () => {
  await product.close()
  listener.close()
  rmSync(folder, { recursive: true, force: true })
})

async function submit(object: string, from: string): Promise<string> {
  await client.upload(object, clip(from))
  return client.submit({ rule: 'FindSimilarVideo', library, object })
}

test('every hostile video fails at the first attempt with its own reason, and no other job fails', {
  tags: ['hostile-video'],
}, async () => {
  const neighbours: string[] = []
  const failing: (readonly [RegExp, string])[] = []
  for (const [n, [name, message]] of hostileVideos.entries()) {
    if (n < NEIGHBOURS) neighbours.push(await submit(`neighbour-${n}.mp4`, 'film'))
    failing.push([message, await submit(`${name}.mp4`, name)])
  }
  const ended = new Map<string, JobView>()
  for (const jobId of [...neighbours, ...failing.map(([, id]) => id)])
    ended.set(jobId, await client.ended(jobId))
  for (const [message, jobId] of failing) {
    const job = ended.get(jobId)
    expect(job).toMatchObject({ State: 'Failed', Code: 'ResourceNotSupported' })
    expect(job?.Message).toMatch(message)
    expect(await client.adminJson('GET', `/jobs/${jobId}`)).toMatchObject({ attempts: 1 })
  }
  for (const jobId of neighbours) {
    expect(ended.get(jobId)).toMatchObject({ State: 'Success' })
    expect(await client.adminJson('GET', `/jobs/${jobId}`)).toMatchObject({ attempts: 1 })
  }
  expect(product.processes[0]?.exitCode).toBeNull()
  expect(asked).toBe(0)
})

test('a job whose program the system kills fails after five attempts, and other jobs continue', {
  tags: ['five-attempts'],
}, async () => {
  const jobId = await submit('killed.mp4', 'killed')
  const neighbour = await client.ended(await submit('neighbour-late.mp4', 'film'))
  expect(neighbour).toMatchObject({ State: 'Success' })
  const job = await client.ended(jobId)
  expect(job).toMatchObject({ State: 'Failed', Code: 'ServiceUnavailable' })
  expect(job.Message).toMatch(/SIGKILL/)
  expect(await client.adminJson('GET', `/jobs/${jobId}`)).toMatchObject({ attempts: 5 })
})

test('every program that reads a video has limits, and may use only local files and the MP4 demuxer', {
  tags: ['program-limits'],
}, () => {
  const runs = readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n')
  const reading = runs.filter((run) => !run.includes('-version'))
  expect(reading.length).toBeGreaterThan(2 * NEIGHBOURS)
  for (const run of reading) {
    const [, memoryKib, cpuSeconds, coreBlocks] = run.split(' ')
    // 2 GiB, and 128 MiB for each additional decoder thread when there are fewer jobs than cores.
    expect((Number(memoryKib) - 2_097_152) % 131_072, run).toBe(0)
    expect(Number(memoryKib), run).toBeLessThan(8_388_608)
    expect(coreBlocks, run).toBe('0')
    expect(Number(cpuSeconds), run).toBeGreaterThan(0)
    const [beforeInput = ''] = run.split(' file:')
    expect(beforeInput, run).toMatch(/-f mp4 -format_whitelist mp4 -protocol_whitelist file( |$)/)
    if (run.startsWith('ffmpeg')) expect(beforeInput, run).toContain('-max_pixels 67108864')
    // One input per run, which is a plain file.
    expect(run.match(/ file:/g)).toHaveLength(1)
  }
})

test('no program receives the secrets of the settings', { tags: ['tool-environment'] }, () => {
  const environment = readFileSync(join(folder, 'environment'), 'utf8')
  expect(environment).toContain('PATH=')
  expect(environment.includes(CANARY)).toBe(false)
})

test('no program is left running', { tags: ['no-orphans'] }, async () => {
  const { pid = 0 } = product.processes[0] ?? {}
  await expect.poll(() => childrenOf(pid)).toEqual([])
})
