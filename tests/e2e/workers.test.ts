import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { type Client, createClient, detections } from './client.ts'
import { type Product, startOnServers, stop } from './product.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-workers-'))
const FILMS = 6
function clip(n: number) {
  return join(folder, `${n}.mp4`)
}

beforeAll(async () => {
  for (let n = 0; n < FILMS; n++) await renderFootage(clip(n), { seed: 31 + n, seconds: 10 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('several workers on servers', () => {
  let product: Product
  let client: Client
  let library: string

  beforeAll(async () => {
    product = await startOnServers({ workers: 0 })
    client = createClient(product.address)
    library = await client.createLibrary()
    for (let n = 0; n < FILMS; n++) await client.upload(`${n}.mp4`, clip(n))
  })
  afterAll(() => product.close(), 40_000)

  test('run jobs with a higher level first', { tags: ['levels'] }, async () => {
    const levels = [0, 1, 2, 0, 1, 2] as const
    const jobs: string[] = []
    for (const level of levels) {
      jobs.push(
        await client.submit({
          rule: 'FindSimilarVideo',
          library,
          object: '0.mp4',
          level,
          userData: String(jobs.length),
        }),
      )
    }
    await product.addWorker()
    await Promise.all(jobs.map((jobId) => client.ended(jobId)))
    const started = await Promise.all(
      jobs.map(async (jobId, n) => {
        const job = await client.adminJson<{ startedAt: string }>('GET', `/jobs/${jobId}`)
        return { level: levels[n], startedAt: job.startedAt }
      }),
    )
    started.sort((a, b) => a.startedAt.localeCompare(b.startedAt))
    expect(started.map((job) => job.level)).toEqual([2, 2, 1, 1, 0, 0])
  })

  test('complete fifty mixed jobs although one of two workers is killed twice', {
    tags: ['job-ends'],
  }, async () => {
    const doomed = await product.addWorker()
    const stores: string[] = []
    for (let n = 0; n < FILMS; n++)
      stores.push(await client.submit({ rule: 'GetFingerPrint', library, object: `${n}.mp4` }))
    const videoIds: string[] = []
    for (const jobId of stores) videoIds.push((await client.ended(jobId)).Operation.DNAResult?.VideoId ?? '')
    const jobs: string[] = []
    const submit = async (n: number) => {
      const object = `${n % FILMS}.mp4`
      const rule = n % 3 === 0 ? 'GetFingerPrint' : 'FindSimilarVideo'
      jobs.push(
        await client.submit({
          rule,
          library,
          object,
          level: ([0, 1, 2] as const)[n % 3] ?? 0,
          userData: `${n}`,
        }),
      )
    }
    for (let n = 0; n < 25; n++) await submit(n)
    await untilRunning(client, jobs)
    await stop(doomed, 'SIGKILL')
    const second = await product.addWorker()
    for (let n = 25; n < 50 - FILMS; n++) await submit(n)
    await untilRunning(client, jobs)
    await stop(second, 'SIGKILL')
    await product.addWorker()
    for (const jobId of jobs) {
      const job = await client.ended(jobId, 120_000)
      expect(job, `${jobId} ${job.Message}`).toMatchObject({ State: 'Success' })
      const found = detections(job).map((item) => item.VideoId)
      expect(new Set(found).size).toBe(found.length)
    }
    const videos = await client.adminJson<{ items: { videoId: string }[]; total: number }>(
      'GET',
      `/libraries/${library}/videos`,
    )
    expect(videos.items.map((video) => video.videoId).sort()).toEqual([...videoIds].sort())
    await expect.poll(() => orphans(product.dataDir), { timeout: 250_000 }).toEqual([])
  })
})

async function untilRunning(client: Client, jobs: readonly string[]): Promise<void> {
  await expect
    .poll(
      async () => {
        const { items } = await client.adminJson<{ items: { jobId: string }[] }>('GET', '/jobs?state=Running')
        return items.some((job) => jobs.includes(job.jobId))
      },
      { timeout: 250_000, interval: 20 },
    )
    .toBe(true)
}

/** ffmpeg processes that still read from the product's folder when every job has ended. */
function orphans(dataDir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid))
    .filter((command) => command.includes('ffmpeg') && command.includes(dataDir))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
