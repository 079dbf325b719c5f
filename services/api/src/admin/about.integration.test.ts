import {
  createComparison,
  deleteLibrary,
  deleteVideo,
  enqueueJob,
  purgeEndedJobs,
  stopJob,
} from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addLibrary,
  addVideo,
  DEFAULT_BUCKET,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  const maintenance = {
    check: async () => ({ faults: [] }),
    broken: () => Promise.reject(new Error('no disk')),
  }
  api = await startTestApi({}, { maintenance })
})
afterAll(() => api.close())

const get = async (target: string) => (await api.admin({ method: 'GET', target })).json
const find = (id: string) => get(`/admin/find?id=${encodeURIComponent(id)}`)

test('about names versions, the schema and the last run of each maintenance task', async () => {
  expect(await get('/admin/about')).toMatchObject({
    version: '0.0.0',
    node: process.versions.node,
    database: { kind: 'embedded', version: expect.stringMatching(/^\d+\.\d+/), schema: expect.any(Number) },
    retention: { jobDays: 90, queryDays: 30 },
    maintenance: [],
  })
  await api.admin({ method: 'POST', target: '/admin/maintenance/check' })
  await api.admin({ method: 'POST', target: '/admin/maintenance/broken' })
  const { maintenance } = (await get('/admin/about')) as { maintenance: object[] }
  expect(maintenance).toMatchObject([
    { task: 'check', ok: true, report: { faults: [] } },
    { task: 'broken', ok: false, report: 'no disk' },
  ])
})

test('an id is found by its prefix, and one that was deleted, expired or never existed says so', async () => {
  const { dnaDbId } = await addLibrary(api.db, 'films')
  const { videoId } = await addVideo(api.db, { dnaDbId, object: 'a.mp4' })
  const job = {
    ruleType: 'GetFingerPrint',
    dnaDbId,
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object: 'b.mp4',
  } as const
  const { jobId } = await enqueueJob(api.db, job)
  expect(await find(dnaDbId)).toMatchObject({ kind: 'library', state: 'exists', name: 'films', dnaDbId })
  expect(await find(videoId)).toMatchObject({ kind: 'video', state: 'exists', name: 'a.mp4', dnaDbId })
  expect(await find(jobId)).toMatchObject({ kind: 'job', state: 'exists', name: 'b.mp4', endedAt: null })

  await deleteVideo(api.db, { dnaDbId, videoId })
  await stopJob(api.db, jobId)
  await purgeEndedJobs(api.db, { olderThanDays: -1 })
  expect(await find(videoId)).toMatchObject({
    kind: 'video',
    state: 'deleted',
    name: null,
    endedAt: expect.any(String),
  })
  expect(await find(jobId)).toMatchObject({ kind: 'job', state: 'expired', retentionDays: 90 })
  const second = await addVideo(api.db, { dnaDbId, object: 'c.mp4' })
  await deleteLibrary(api.db, dnaDbId, { force: true })
  for (const id of [dnaDbId, second.videoId]) expect(await find(id)).toMatchObject({ state: 'deleted' })

  const side = { source: 'object', bucket: 'b', object: 'q.mp4', dnaDbId: null, videoId: null } as const
  const sides = {
    query: { ...side, name: 'q.mp4', isThere: true },
    reference: { ...side, name: 'r.mp4', isThere: true },
  }
  await createComparison(api.db, { comparisonId: 'cp1', ...sides })
  expect(await find('cp1')).toMatchObject({
    kind: 'comparison',
    state: 'exists',
    name: 'q.mp4',
    dnaDbId: null,
  })
  await api.db.pool.query("update comparisons set expires_at = now() - interval '1 s'")
  expect(await find('cp1')).toMatchObject({ kind: 'comparison', state: 'unknown' })

  for (const id of ['j0', 'dv0', 'Db0', 'm0', 'cp0'])
    expect(await find(id)).toMatchObject({ state: 'unknown', name: null })
  for (const id of ['x', "'; drop table jobs; --", 'x'.repeat(128)])
    expect(await find(id)).toMatchObject({ id, kind: null, state: 'unknown' })
  expect(await get('/admin/find')).toMatchObject({ error: { code: 'InvalidArgument' } })
})
