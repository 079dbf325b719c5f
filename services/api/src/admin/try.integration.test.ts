import { Readable } from 'node:stream'
import { claimJob, completeJob, failJob, listLibraries } from '@kinoprint/store'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { openTestPictures, putTestVideo, type TestPictures } from '../testing/video-file.ts'

/** Time limit for a hanging test. */
const WAIT = { timeout: 240_000, interval: 200 }
let pictures: TestPictures
let api: RunningTestApi
beforeAll(async () => {
  pictures = await openTestPictures()
  api = await startTestApi({}, { pictures })
})
afterAll(async () => {
  await api.close()
  await pictures.close()
})
afterEach(() => send('DELETE'))

type Run = {
  readonly state: string
  readonly dnaDbId: string
  readonly message: string | null
  readonly object: string | null
  readonly copy: string | null
  readonly storeJobId: string | null
  readonly searchJobId: string | null
  readonly steps: readonly { readonly name: string; readonly state: string }[]
}

async function send(method: 'GET' | 'POST' | 'DELETE', json?: object) {
  return api.admin({ method, target: '/admin/try', ...(json !== undefined && { json }) })
}
const shown = async (): Promise<Run> => (await send('GET')).json as Run
const statesOf = ({ steps }: Run): string => steps.map(({ state }) => state).join(' ')
const objects = async () => (await api.objects.list(DEFAULT_BUCKET, { prefix: 'try-it/' })).items

/** Does a worker's part for the job of the run. */
async function claim(which: 'storeJobId' | 'searchJobId') {
  const jobId = await vi.waitFor(async () => {
    const run = await shown()
    expect(run.message).toBeNull()
    expect(run[which]).not.toBeNull()
    return String(run[which])
  }, WAIT)
  const claimed = await claimJob(api.db, { jobId, workerId: 'test', leaseMs: 600_000 })
  if (claimed.kind !== 'run') throw new Error(claimed.kind)
  return claimed.fence
}
async function complete(which: 'storeJobId' | 'searchJobId'): Promise<void> {
  const result = { videoId: 'dv1', durationSeconds: 30, detections: [] }
  await completeJob(api.db, await claim(which), result)
}
async function ended(): Promise<Run> {
  return vi.waitFor(async () => {
    const run = await shown()
    expect(run.state).not.toBe('running')
    return run
  }, WAIT)
}

test('a run makes a video, stores it, alters it and searches, and removing it leaves nothing', async () => {
  expect((await send('GET')).status).toBe(404)
  const started = await send('POST', {})
  expect([started.status, started.json]).toEqual([202, expect.objectContaining({ state: 'running' })])
  expect((await send('POST', {})).status).toBe(409)
  await complete('storeJobId')
  await complete('searchJobId')
  const run = await ended()
  expect([run.state, run.message, statesOf(run)]).toEqual(['done', null, 'done done done done'])
  expect((await objects()).map(({ object }) => object).sort()).toEqual([run.copy, run.object].sort())
  expect((await send('DELETE')).status).toBe(204)
  expect(await objects()).toEqual([])
  expect((await listLibraries(api.db, { libraries: [run.dnaDbId] })).items).toEqual([])
  expect((await send('DELETE')).status).toBe(404)
})

test('deleting the library of a run removes its objects and its record as well', async () => {
  await send('POST', {})
  await complete('storeJobId')
  await complete('searchJobId')
  const { dnaDbId } = await ended()
  expect((await objects()).length).toBe(2)
  await api.admin({ method: 'DELETE', target: `/admin/libraries/${dnaDbId}?force=true` })
  expect(await objects()).toEqual([])
  expect((await send('GET')).status).toBe(404)
})

test('a run with an uploaded object removes it only if it was uploaded for the run', async () => {
  const uploads = ['try-it/mine.mp4', 'films/mine.mp4']
  for (const object of uploads) {
    await putTestVideo(api.objects, pictures, { bucket: DEFAULT_BUCKET, object, seconds: 3 })
    expect((await send('POST', { object })).status).toBe(202)
    await complete('storeJobId')
    await complete('searchJobId')
    expect(await ended()).toMatchObject({ state: 'done', object })
    await send('DELETE')
  }
  const left = await Promise.all(uploads.map((object) => api.objects.exists(DEFAULT_BUCKET, object)))
  expect(left).toEqual([false, true])
})

test('a run that fails says which step failed and why', async () => {
  const object = 'try-it/text.mp4'
  await api.objects.write(DEFAULT_BUCKET, object, Readable.from([Buffer.from('text')]))
  await send('POST', { object })
  await failJob(api.db, await claim('storeJobId'), {
    code: 'ResourceNotSupported',
    message: 'This is not an MP4 file.',
    cause: null,
  })
  const run = await ended()
  expect([run.state, statesOf(run)]).toEqual(['failed', 'done failed waiting waiting'])
  expect(run.message).toBe('This is not an MP4 file. Or start again with the generated video.')
})

test('a run that is removed while it makes its video leaves no object', async () => {
  await send('POST', {})
  expect((await send('DELETE')).status).toBe(204)
  await send('POST', { object: undefined })
  await claim('storeJobId')
  // By now the first run has ended as well, because both videos take equally long.
  const run = await shown()
  await vi.waitFor(
    async () => expect((await objects()).map(({ object }) => object)).toEqual([run.object]),
    WAIT,
  )
})

test('a run of a server that has stopped counts as failed', async () => {
  await send('POST', {})
  await claim('storeJobId')
  await api.db.pool.query(`update sample_runs set heard_at = now() - interval '31 s'`)
  expect(await shown()).toMatchObject({ state: 'failed', message: expect.stringContaining('Start it again') })
})

test.each([
  [{ object: 'none.mp4' }, 404],
  [{ object: '../etc/passwd' }, 400],
  [{ object: '' }, 400],
  [{ bucket: 'UPPER' }, 400],
  [{ video: 'x' }, 400],
])('a run with %j is refused', async (body, status) => {
  expect((await send('POST', body)).status).toBe(status)
  expect((await send('GET')).status).toBe(404)
})
