import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openApiDocument } from '@kinoprint/contract'
import { claimJob, createLibrary, enqueueJob, failJob, getJobs, insertDelivery } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ADMIN_TOKEN,
  addLibrary,
  addVideo,
  DEFAULT_BUCKET,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'

let api: RunningTestApi
let maintained = 0
beforeAll(async () => {
  api = await startTestApi(
    {},
    {
      maintenance: {
        check: async () => ({ checked: ++maintained }),
        broken: () => Promise.reject(new Error('x')),
      },
    },
  )
})
afterAll(() => api.close())

function get(target: string) {
  return api.admin({ method: 'GET', target })
}
function send(method: string, target: string, json?: unknown) {
  return api.admin({ method, target, json })
}
function addJob(dnaDbId: string) {
  return enqueueJob(api.db, {
    ruleType: 'GetFingerPrint',
    dnaDbId,
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object: 'a.mp4',
  })
}
function refusal(code: string) {
  return {
    error: { code, message: expect.stringMatching(/\S/), requestId: expect.stringMatching(/\S/) },
  }
}

describe('the admin token', () => {
  test.each([undefined, 'Bearer wrong', `Bearer ${ADMIN_TOKEN}x`, `Basic ${ADMIN_TOKEN}`, ADMIN_TOKEN])(
    'the Authorization header %s gives no access to /admin',
    async (authorization) => {
      for (const target of ['/admin/libraries', '/admin/nothing', '/admin']) {
        const answer = await api.send({
          method: 'GET',
          target,
          headers: authorization ? { authorization } : {},
        })
        expect(answer.status).toBe(401)
        expect(JSON.parse(answer.text)).toEqual(refusal('Unauthorized'))
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
        expect(answer.headers['x-ci-request-id']).toBe(JSON.parse(answer.text).error.requestId)
      }
    },
  )

  test('no API key gives access to /admin', { tags: ['admin-token'] }, async () => {
    const { paths } = openApiDocument({ version: '0' })
    const routes = Object.entries(paths).filter(([path]) => path.startsWith('/admin'))

    expect(routes.length).toBeGreaterThan(15)
    const { secretId, secretKey } = api.key
    for (const [path, verbs] of routes) {
      const target = path.replace(/\{\w+\}/g, 'x1')
      for (const verb of Object.keys(verbs)) {
        // The sign-in page must show how to sign in.
        if (verb === 'get' && path === '/admin/session/methods') continue
        // Signing in is open to anyone, so there the key is sent instead of the token.
        const isSignIn = verb === 'post' && path === '/admin/session'
        const body = isSignIn ? { token: secretKey } : { name: 'made without a token' }
        const sent = { method: verb.toUpperCase(), target, body: JSON.stringify(body) }
        const answers = [
          await api.send(sent),
          await api.send({ ...sent, headers: { authorization: `Bearer ${secretKey}` } }),
          await api.send({ ...sent, headers: { authorization: `Bearer ${secretId}` } }),
          await api.signed(sent),
        ]
        expect(
          answers.map(({ status }) => status),
          `${verb} ${path}`,
        ).toEqual([401, 401, 401, 401])
      }
    }
    expect((await get('/admin/libraries?pageSize=100')).text).not.toContain('made without a token')
  })

  test('the admin token is accepted after "Bearer" in upper or lower case', async () => {
    const headers = { authorization: `bearer ${ADMIN_TOKEN}` }
    expect((await api.send({ method: 'GET', target: '/admin/stats', headers })).status).toBe(200)
  })
})

describe('/admin/libraries', () => {
  test('a library can be created, shown, changed, listed and deleted', async () => {
    const created = await send('POST', '/admin/libraries', { name: 'films', minSimilar: 30 })
    expect(created.status).toBe(201)
    expect(created.json).toEqual({
      dnaDbId: expect.stringMatching(/^Db[0-9a-f]{32}$/),
      name: 'films',
      description: '',
      capacity: 10_000,
      bucket: DEFAULT_BUCKET,
      region: 'local',
      minSimilar: 30,
      detectOnStore: true,
      suppressDismissed: false,
      floodGuard: true,
      store: 'always',
      storeDetail: 'full',
      policy: {
        minSeconds: 0,
        minShare: 0,
        tracks: 'any',
        reportFrom: 0.45,
        reviewFrom: 0.45,
        keepFrom: 0.15,
      },
      videoCount: 0,
      totalSeconds: 0,
      matchesOpen: 0,
      hasCallback: false,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      updatedAt: expect.stringMatching(/Z$/),
    })
    const { dnaDbId } = created.json as { dnaDbId: string }
    const target = `/admin/libraries/${dnaDbId}`
    expect(
      (await send('PATCH', target, { capacity: 5, detectOnStore: false, storeDetail: 'keyframes' })).json,
    ).toMatchObject({
      name: 'films',
      capacity: 5,
      detectOnStore: false,
      storeDetail: 'keyframes',
      minSimilar: 30,
    })
    expect((await get(target)).json).toMatchObject({ dnaDbId, capacity: 5 })
    expect((await get('/admin/libraries?pageSize=1')).json).toMatchObject({
      items: [{ dnaDbId }],
      total: 1,
      page: 1,
      pageSize: 1,
    })
    const deleted = await send('DELETE', target)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect((await get(target)).status).toBe(404)
  })

  test('a library with videos is deleted only with force=true', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'full')
    await addVideo(api.db, { dnaDbId, object: 'a.mp4' })
    const kept = await send('DELETE', `/admin/libraries/${dnaDbId}`)
    expect([kept.status, kept.json]).toEqual([409, refusal('Conflict')])
    expect((await send('DELETE', `/admin/libraries/${dnaDbId}?force=true`)).status).toBe(204)
  })

  test('one message lists every invalid field', async () => {
    const { status, json } = await send('POST', '/admin/libraries', { name: '', capacity: 0, extra: 1 })
    expect(status).toBe(400)
    const { message } = (json as { error: { message: string } }).error
    for (const field of ['name', 'capacity', 'extra']) expect(message).toContain(field)
  })

  test.each([
    ['a body that is not JSON', '{', 400, 'InvalidContent'],
    ['a body that is not an object', '[]', 400, 'InvalidArgument'],
    ['a name with the NUL character', '{"name":"a\\u0000"}', 400, 'InvalidArgument'],
    ['a body of 10 MB', ' '.repeat(10 * 1024 * 1024), 413, 'ContentTooLarge'],
  ])('%s is refused', async (_what, body, status, code) => {
    const answer = await api.admin({ method: 'POST', target: '/admin/libraries', body })
    expect([answer.status, answer.json]).toEqual([status, refusal(code)])
  })

  test('an unknown library, video or route returns 404', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'empty')
    for (const [method, target] of [
      ['GET', '/admin/libraries/Db0'],
      ['PATCH', '/admin/libraries/Db0'],
      ['DELETE', '/admin/libraries/Db0'],
      ['GET', '/admin/libraries/Db0/videos'],
      ['GET', `/admin/libraries/${dnaDbId}/videos/dv0`],
      ['DELETE', `/admin/libraries/${dnaDbId}/videos/dv0`],
      ['GET', '/admin/nothing'],
    ] as const) {
      const { status, json } = await send(method, target)
      expect([status, json]).toEqual([404, refusal('NotFound')])
    }
    const wrongVerb = await send('PUT', '/admin/libraries')
    expect([wrongVerb.status, wrongVerb.headers.allow]).toEqual([404, 'GET, POST'])
    expect((await get('/admin/libraries/%ff')).json).toEqual(refusal('InvalidUrl'))
    expect((await get('/admin/libraries/%00')).json).toEqual(refusal('InvalidArgument'))
    expect((await get('/admin/libraries?page=0')).json).toEqual(refusal('InvalidArgument'))
  })
})

describe('/admin/libraries/:dnaDbId/videos', () => {
  test('videos can be listed, shown and deleted', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'videos')
    const { videoId } = await addVideo(api.db, { dnaDbId, object: 'a/b 1.mp4' })
    await addVideo(api.db, { dnaDbId, object: 'c.mp4' })
    const target = `/admin/libraries/${dnaDbId}/videos`
    const shown = {
      videoId,
      bucket: DEFAULT_BUCKET,
      object: 'a/b 1.mp4',
      etag: '"0123456789abcdef0123456789abcdef"',
      durationSeconds: 10,
      width: 640,
      height: 360,
      hasAudio: true,
      frameCount: 40,
      codec: null,
      fps: null,
      bytes: null,
      matches: { open: 0, all: 0 },
      objectGone: true,
      createdAt: expect.stringMatching(/Z$/),
    }
    expect((await get(`${target}?object=a/b+1.mp4`)).json).toEqual({
      items: [shown],
      total: 1,
      page: 1,
      pageSize: 20,
    })
    expect((await get(target)).json).toMatchObject({ total: 2 })
    expect((await get(`${target}/${videoId}`)).json).toEqual(shown)
    expect((await send('DELETE', `${target}/${videoId}`)).status).toBe(204)
    expect((await get(target)).json).toMatchObject({ total: 1 })
  })

  test('thumbnails are served until their video is deleted', async () => {
    const { dnaDbId } = await addLibrary(api.db, 'thumbnails')
    const { videoId } = await addVideo(api.db, { dnaDbId, object: 'a.mp4' })
    const target = `/admin/libraries/${dnaDbId}/videos/${videoId}`
    expect((await get(`${target}/poster.jpg`)).status).toBe(404)
    await mkdir(join(api.thumbnailsDir, videoId), { recursive: true })
    await writeFile(join(api.thumbnailsDir, videoId, 'poster.jpg'), 'a picture')
    const { status, headers, text } = await get(`${target}/poster.jpg`)
    expect([status, headers['content-type'], text]).toEqual([200, 'image/jpeg', 'a picture'])
    expect((await api.send({ method: 'GET', target: `${target}/poster.jpg` })).status).toBe(401)
    await send('DELETE', target)
    expect((await get(`${target}/poster.jpg`)).status).toBe(404)
    expect(existsSync(join(api.thumbnailsDir, videoId))).toBe(false)
  })

  test('deleting a library removes only the thumbnails of its own videos', {
    tags: ['thumbnails'],
  }, async () => {
    const [doomed, kept] = [await addLibrary(api.db, 'doomed'), await addLibrary(api.db, 'kept')]
    const videos = [
      await addVideo(api.db, { dnaDbId: doomed.dnaDbId, object: 'a.mp4' }),
      await addVideo(api.db, { dnaDbId: doomed.dnaDbId, object: 'b.mp4' }),
      await addVideo(api.db, { dnaDbId: kept.dnaDbId, object: 'a.mp4' }),
    ]
    const folders = videos.map(({ videoId }) => join(api.thumbnailsDir, videoId))
    for (const folder of folders) await mkdir(folder, { recursive: true })
    expect((await send('DELETE', `/admin/libraries/${doomed.dnaDbId}`)).status).toBe(409)
    expect(folders.map((folder) => existsSync(folder))).toEqual([true, true, true])
    expect((await send('DELETE', `/admin/libraries/${doomed.dnaDbId}?force=true`)).status).toBe(204)
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false, true])
  })
})

describe('/admin/jobs', () => {
  test('a job is shown in full, and the job list can be filtered', async () => {
    const { dnaDbId } = await createLibrary(api.db, { name: 'jobs', bucket: DEFAULT_BUCKET, region: 'local' })
    const { jobId } = await addJob(dnaDbId)
    const shown = await get(`/admin/jobs/${jobId}`)
    expect(shown.json).toMatchObject({
      jobId,
      state: 'Submitted',
      progress: 0,
      attempts: 0,
      waitSeconds: null,
      error: null,
      result: null,
      deliveries: [],
    })
    expect(
      (await get(`/admin/jobs?dnaDbId=${dnaDbId}&state=Submitted&ruleType=GetFingerPrint`)).json,
    ).toMatchObject({ items: [{ jobId }], total: 1 })
    expect((await get(`/admin/jobs?dnaDbId=${dnaDbId}&state=Failed`)).json).toMatchObject({ total: 0 })
    expect((await get('/admin/jobs?state=Done')).json).toEqual(refusal('InvalidArgument'))
    expect((await get('/admin/jobs/j0')).json).toEqual(refusal('NotFound'))
  })

  test('a waiting job can be cancelled and retried', async () => {
    const { jobId } = await addJob('Db1')
    const cancelled = await send('POST', `/admin/jobs/${jobId}/cancel`)
    expect([cancelled.status, cancelled.json]).toMatchObject([200, { state: 'Cancel' }])
    expect((await send('POST', `/admin/jobs/${jobId}/cancel`)).status).toBe(409)
    expect(await api.queue.has([jobId])).toEqual(new Set())
    const retried = await send('POST', `/admin/jobs/${jobId}/retry`)
    expect([retried.status, retried.json]).toMatchObject([200, { jobId, state: 'Submitted' }])
    expect(await api.queue.has([jobId])).toEqual(new Set([jobId]))
    expect((await send('POST', `/admin/jobs/${jobId}/retry`)).json).toEqual(refusal('Conflict'))
    expect((await send('POST', '/admin/jobs/j0/retry')).json).toEqual(refusal('NotFound'))
    expect((await send('POST', '/admin/jobs/j0/cancel')).json).toEqual(refusal('NotFound'))
  })

  test('a running job can be cancelled, but not one that has ended', async () => {
    const { jobId } = await addJob('Db1')
    await claimJob(api.db, { jobId, workerId: 'w', leaseMs: 60_000 })
    const cancelled = await send('POST', `/admin/jobs/${jobId}/cancel`)
    expect([cancelled.status, cancelled.json]).toMatchObject([200, { state: 'Cancel', deliveries: [] }])
    expect((await send('POST', `/admin/jobs/${jobId}/cancel`)).json).toEqual(refusal('Conflict'))
  })

  test('a failed job shows its error, and its callback can be sent again', async () => {
    const { jobId } = await addJob('Db1')
    const claim = await claimJob(api.db, { jobId, workerId: 'w', leaseMs: 60_000 })
    if (claim.kind !== 'run') throw new Error(claim.kind)
    await failJob(api.db, claim.fence, { code: 'ResourceNotFound', message: 'Not there.', cause: 'ENOENT' })
    const url = 'http://hooks.test/x'
    const deliveryId = await insertDelivery(api.db.pool, { jobId, type: 'Url', format: 'XML', url })
    const { json } = await get(`/admin/jobs/${jobId}`)
    expect(json).toMatchObject({
      state: 'Failed',
      attempts: 1,
      error: { code: 'ResourceNotFound', message: 'Not there.', cause: 'ENOENT' },
      deliveries: [{ deliveryId, status: 'Pending', url }],
    })
    expect(json).toHaveProperty('runSeconds', expect.any(Number))
    const target = `/admin/jobs/${jobId}/deliveries/${deliveryId}/resend`
    expect((await send('POST', target)).json).toMatchObject({ deliveryId, status: 'Pending' })
    expect((await send('POST', `/admin/jobs/${jobId}/deliveries/0/resend`)).status).toBe(404)
  })

  test('an event stream follows a job until it ends', async () => {
    const { jobId } = await addJob('Db1')
    const response = await fetch(`http://127.0.0.1:${api.port}/admin/jobs/${jobId}/events`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const first = await reader?.read()
    expect(first?.value).toMatch(/^event: job\ndata: \{"jobId":"j[0-9a-f]+","state":"Submitted".*\}\n\n$/)
    await send('POST', `/admin/jobs/${jobId}/cancel`)
    const second = await reader?.read()
    expect(second?.value).toContain('"state":"Cancel"')
    expect(await reader?.read()).toEqual({ done: true, value: undefined })
    expect((await get('/admin/jobs/j0/events')).status).toBe(404)
  })
})

describe('/admin/jobs/cancel', () => {
  test('a bulk cancellation cancels and counts matching jobs, and requires a filter', async () => {
    const cancel = (json: unknown) => send('POST', '/admin/jobs/cancel', json)
    const { jobId } = await addJob('DbFlood')
    await addJob('DbFlood')
    expect((await cancel({ dnaDbId: 'DbFlood', states: ['Pause'] })).json).toEqual({ cancelled: 0 })
    expect((await cancel({ dnaDbId: 'DbFlood', bucket: DEFAULT_BUCKET })).json).toEqual({ cancelled: 2 })
    expect(await getJobs(api.db, [jobId])).toMatchObject([{ state: 'Cancel' }])
    for (const body of [
      {},
      { states: ['Submitted'] },
      { dnaDbId: 'DbFlood', states: ['Success'] },
      { job: 'j' },
    ])
      expect(await cancel(body)).toMatchObject({ status: 400 })
  })
})

describe('/admin/queues', () => {
  test('queues are listed, and an update keeps the fields it omits', async () => {
    await addJob('Db1')
    const listed = await get('/admin/queues')
    const [queue] = (listed.json as { items: { queueId: string; name: string }[] }).items
    expect(queue).toMatchObject({ bucket: DEFAULT_BUCKET, region: 'local' })
    const target = `/admin/queues/${queue?.queueId}`
    const notify = { url: 'https://hooks.test/x', state: 'On' }
    const changed = await send('PATCH', target, { maxConcurrent: 3, notify })
    expect(changed.json).toMatchObject({
      name: queue?.name,
      maxConcurrent: 3,
      notify: { ...notify, type: 'Url', resultFormat: 'XML' },
    })
    await send('PATCH', target, { state: 'Paused' })
    const { jobId } = await addJob('Db1')
    expect(await getJobs(api.db, [jobId])).toMatchObject([{ state: 'Pause' }])
    expect((await send('PATCH', target, { state: 'Active' })).json).toMatchObject({
      maxConcurrent: 3,
      notify,
    })
    expect((await send('PATCH', target, { maxConcurrent: 0 })).status).toBe(400)
    expect((await send('PATCH', target, { notify: { type: 'TDMQ' } })).status).toBe(400)
    expect((await send('PATCH', '/admin/queues/p0', { state: 'Active' })).status).toBe(404)
  })
})

test('GET /admin/stats counts libraries, jobs and processed minutes', async () => {
  expect((await get('/admin/stats')).json).toMatchObject({
    libraries: expect.any(Number),
    jobs: { Submitted: expect.any(Number), Failed: 1 },
    minutesProcessed: expect.any(Array),
  })
})

test('a maintenance task returns its result, and the error for an unknown one lists the known tasks', async () => {
  const done = await send('POST', '/admin/maintenance/check')
  expect([done.status, done.json]).toEqual([200, { task: 'check', result: { checked: 1 } }])
  const unknown = await send('POST', '/admin/maintenance/toString')
  expect([unknown.status, unknown.json]).toEqual([404, refusal('NotFound')])
  expect(unknown.text).toContain('check')
})

test('a bug returns 500, and its message appears only in the log', { tags: ['bug-admin'] }, async () => {
  const { status, json, text } = await send('POST', '/admin/maintenance/broken')
  expect([status, json]).toEqual([500, refusal('InternalError')])
  expect(text).not.toContain('Error: x')
  expect(api.logged.join()).toContain('Error: x')
})
