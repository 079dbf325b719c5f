import { videoIdOfJob } from '@kinoprint/core'
import { claimJob, createLibrary, enqueueJob, failJob } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addLibrary,
  addVideo,
  DEFAULT_BUCKET,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

function get(target: string) {
  return api.admin({ method: 'GET', target })
}
function post(target: string, json: unknown) {
  return api.admin({ method: 'POST', target, json })
}
function addJob(dnaDbId: string, changes: { object?: string; secretId?: string } = {}) {
  const job = {
    ruleType: 'GetFingerPrint',
    dnaDbId,
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object: 'a.mp4',
  } as const
  return enqueueJob(api.db, { ...job, ...changes })
}
async function addFailedJob(dnaDbId: string, code: string): Promise<string> {
  const { jobId } = await addJob(dnaDbId)
  const claim = await claimJob(api.db, { jobId, workerId: 'w', leaseMs: 60_000 })
  if (claim.kind !== 'run') throw new Error(claim.kind)
  await failJob(api.db, claim.fence, { code, message: `A message about ${code}.` })
  return jobId
}

describe('POST /admin/jobs', () => {
  test('an administrator submits a job of each kind that takes an object', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'for submitted jobs')
    for (const ruleType of ['GetFingerPrint', 'FindSimilarVideo']) {
      const { status, json } = await post('/admin/jobs', {
        ruleType,
        dnaDbId,
        object: 'a/b.mp4',
        userData: 'u',
      })
      expect([status, json]).toMatchObject([
        201,
        { ruleType, dnaDbId, object: 'a/b.mp4', bucket: DEFAULT_BUCKET, region: 'local', state: 'Submitted' },
      ])
      expect(json).toMatchObject({ userData: 'u', jobLevel: 0, secretId: null, deliveries: [], result: null })
      const { jobId } = json as { jobId: string }
      expect(await api.queue.has([jobId])).toEqual(new Set([jobId]))
    }
  })

  test('a store job can name the id of its new video, which no other video or job may have', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'with chosen ids')
    const videoId = `dv${'0123456789abcdef'.repeat(2)}`
    const body = { ruleType: 'GetFingerPrint', dnaDbId, bucket: 'films-125', object: 'chosen.mp4', videoId }
    const { status, json } = await post('/admin/jobs', body)
    expect([status, json]).toMatchObject([201, { jobId: `j${videoId.slice(2)}`, object: 'chosen.mp4' }])
    expect(await post('/admin/jobs', body)).toMatchObject({
      status: 409,
      json: { error: { message: expect.stringContaining('/retry') } },
    })
    const other = await addVideo(api.db, { dnaDbId, object: 'other.mp4', bucket: 'films-125' })
    expect((await post('/admin/jobs', { ...body, videoId: other.videoId })).status).toBe(409)
    const same = { ...body, videoId: other.videoId, object: 'other.mp4' }
    expect((await post('/admin/jobs', same)).status).toBe(201)
    for (const wrong of ['dv0', `DV${'0'.repeat(32)}`, `dv${'0'.repeat(33)}`, "dv'; --"])
      expect((await post('/admin/jobs', { ...body, videoId: wrong })).status).toBe(400)
  })

  test('a submitted delete job names its video and takes the rest from it', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'for a deleted video')
    const { videoId } = await addVideo(api.db, { dnaDbId, object: 'c.mp4', bucket: 'films-125' })
    const body = { ruleType: 'DeleteFingerPrint', dnaDbId }
    expect((await post('/admin/jobs', { ...body, videoId, jobLevel: 2 })).json).toMatchObject({
      videoId,
      bucket: 'films-125',
      object: 'c.mp4',
      jobLevel: 2,
    })
    expect((await post('/admin/jobs', { ...body, videoId: 'dv0' })).status).toBe(404)
  })

  test('a search names a stored video of any library, or the VideoId of an earlier search', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'searched by fingerprint')
    const other = await addLibrary(api.db, 'with the video to search with')
    const { videoId } = await addVideo(api.db, { ...other, object: 'd.mp4', bucket: 'films-125' })
    const body = { ruleType: 'FindSimilarVideo', dnaDbId }
    expect((await post('/admin/jobs', { ...body, videoId })).json).toMatchObject({
      videoId,
      bucket: 'films-125',
      object: 'd.mp4',
    })
    const earlier = (await post('/admin/jobs', { ...body, object: 'e.mp4' })).json as { jobId: string }
    const query = videoIdOfJob(earlier.jobId)
    expect((await post('/admin/jobs', { ...body, videoId: query })).json).toMatchObject({
      videoId: query,
      object: 'e.mp4',
    })
    expect((await post('/admin/jobs', { ...body, videoId: 'dv0' })).status).toBe(404)
  })

  test.each([
    [{ object: 'a.mp4' }, 400, 'dnaDbId: is missing'],
    [{ dnaDbId: 'Db0', object: 'a.mp4' }, 404, 'Library Db0 does not exist'],
    [{ dnaDbId: 'Db1' }, 400, 'object: is missing'],
    [{ dnaDbId: 'Db1', object: '../secret' }, 400, 'is not an object name'],
    [{ dnaDbId: 'Db1', object: 'a.mp4', jobLevel: 3 }, 400, 'jobLevel: must be one of 0, 1, 2'],
    [
      { dnaDbId: 'Db1', object: 'a.mp4', videoId: 'dv1' },
      400,
      'object: must be absent for FindSimilarVideo with a videoId',
    ],
    [{ dnaDbId: 'Db1', object: 7 }, 400, 'object: must be a string'],
    [{ dnaDbId: 'Db1', object: 'a.mp4', userData: 'u'.repeat(1025) }, 400, 'userData: must be at most 1024'],
    [{ dnaDbId: 'Db1', ruleType: 'DeleteFingerPrint' }, 400, 'videoId: is missing'],
    [
      { dnaDbId: 'Db1', ruleType: 'DeleteFingerPrint', videoId: 'dv1', object: 'a.mp4' },
      400,
      'object: must be absent for DeleteFingerPrint with a videoId',
    ],
  ])('the submission %j is refused with %i', async (body, status, message) => {
    await createLibrary(api.db, { dnaDbId: 'Db1', name: 'x', bucket: DEFAULT_BUCKET, region: 'local' }).catch(
      () => null,
    )
    const answer = await post('/admin/jobs', { ruleType: 'FindSimilarVideo', ...body })
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(message)
  })
})

describe('GET /admin/jobs', () => {
  test('a list takes several states, counts every state and names the reasons of failures', async () => {
    const dnaDbId = 'DbCounted'
    await addFailedJob(dnaDbId, 'ResourceNotFound')
    await addFailedJob(dnaDbId, 'ResourceNotSupported')
    await addFailedJob(dnaDbId, 'ResourceNotSupported')
    const { jobId } = await addJob(dnaDbId, { object: 'Trailer_100%.mp4', secretId: 'AKIDone' })
    const list = async (query: string) => (await get(`/admin/jobs?dnaDbId=${dnaDbId}&${query}`)).json
    expect(await list('state=Submitted,Pause')).toMatchObject({
      total: 1,
      items: [{ jobId }],
      counts: { Submitted: 1, Failed: 3, Success: 0, Running: 0, Pause: 0, Cancel: 0 },
      reasons: [
        { code: 'ResourceNotSupported', jobs: 2 },
        { code: 'ResourceNotFound', jobs: 1 },
      ],
      exact: true,
      searchedTo: null,
    })
    expect(await list('code=ResourceNotFound')).toMatchObject({ total: 1 })
    expect(await list('secretId=AKIDone')).toMatchObject({ total: 1 })
    expect(await list('q=trailer_100%25')).toMatchObject({ total: 1, items: [{ jobId }] })
    expect(await list('q=trailer%25100')).toMatchObject({ total: 0 })
    expect(await list(`q=${jobId}`)).toMatchObject({ total: 1 })
    expect(await list('order=oldest')).toMatchObject({ total: 4, items: [{}, {}, {}, { jobId }] })
    expect(await list('from=2999-01-01T00:00:00Z')).toMatchObject({ total: 0, items: [] })
    expect(await list('to=2999-01-01T00:00:00Z')).toMatchObject({ total: 4 })
  })

  test.each([
    'state=Done',
    'state=Failed,Done',
    'order=best',
    'from=yesterday',
    'q=%00',
    `q=${'x'.repeat(300)}`,
  ])('the filter %s is refused', async (query) => {
    expect((await get(`/admin/jobs?${query}`)).status).toBe(400)
  })
})

describe('bulk changes by filter', () => {
  test('a bulk cancellation with another total than expected changes nothing and answers 409', async () => {
    await addJob('DbBulk')
    await addJob('DbBulk')
    const filter = { dnaDbId: 'DbBulk', state: ['Submitted'] }
    const refused = await post('/admin/jobs/cancel', { filter, expected: 1 })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('now matches 2 jobs instead of 1')
    expect((await get('/admin/jobs?dnaDbId=DbBulk&state=Submitted')).json).toMatchObject({ total: 2 })
    expect((await post('/admin/jobs/cancel', { filter, expected: 2 })).json).toEqual({ cancelled: 2 })
    expect((await get('/admin/jobs?dnaDbId=DbBulk&state=Cancel')).json).toMatchObject({ total: 2 })
  })

  test.each([
    { filter: {} },
    { expected: 1 },
    { filter: {}, expected: 1, bucket: 'x-1' },
    { filter: {}, expected: 1, states: ['Pause'] },
    { filter: { colour: 'red' }, expected: 1 },
    { filter: { state: [] }, expected: 1 },
  ])('the bulk cancellation %j is refused', async (body) => {
    expect((await post('/admin/jobs/cancel', body)).status).toBe(400)
  })

  test('a bulk retry says first how many jobs can succeed, then retries those only', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'for retries')
    const promising = await addFailedJob(dnaDbId, 'ResourceNotFound')
    const hopeless = await addFailedJob(dnaDbId, 'ResourceNotSupported')
    const filter = { dnaDbId, state: ['Failed'] }
    const outcome = {
      ended: 2,
      promising: 1,
      hopeless: [{ code: 'ResourceNotSupported', message: 'A message about ResourceNotSupported.', jobs: 1 }],
    }
    const retry = (body: object, query = '') =>
      post(`/admin/jobs/retry${query}`, { filter, expected: 2, ...body })
    expect((await retry({}, '?dryRun=true')).json).toEqual({ ...outcome, retried: 0 })
    expect((await retry({ expected: 3 })).status).toBe(409)
    expect((await get(`/admin/jobs/${promising}`)).json).toMatchObject({ state: 'Failed' })
    expect((await retry({})).json).toEqual({ ...outcome, retried: 1 })
    expect((await get(`/admin/jobs/${promising}`)).json).toMatchObject({
      state: 'Submitted',
      error: null,
      attempts: 0,
    })
    expect((await get(`/admin/jobs/${hopeless}`)).json).toMatchObject({ state: 'Failed' })
    expect((await retry({ expected: 1, all: true })).json).toMatchObject({ promising: 0, retried: 1 })
    expect((await get(`/admin/jobs/${hopeless}`)).json).toMatchObject({ state: 'Submitted' })
  })

  test('jobs of a deleted library cannot succeed', async () => {
    await addFailedJob('DbGone', 'InternalError')
    const answer = await post('/admin/jobs/retry?dryRun=true', { filter: { dnaDbId: 'DbGone' }, expected: 1 })
    expect(answer.json).toMatchObject({ promising: 0, hopeless: [{ code: 'LibraryDeleted', jobs: 1 }] })
  })
})
