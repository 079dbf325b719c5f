import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml, type Submit } from '../e2e/client.ts'
import { expectGolden, expectHeaders } from './golden.ts'
import { openStage, type Stage } from './stage.ts'

const FILM = 'input/film 1+(a).mp4'
const LONG = 'input/long.mp4'

let stage: Stage
let library: string
let known: Readonly<Record<string, string>>

beforeAll(async () => {
  stage = await openStage()
  library = await stage.library({ name: 'golden & old', description: 'for <tests>' })
  known = { dnaDbId: library, object: FILM }
  await stage.put(encodeURI(FILM), { seed: 71, seconds: 10 })
  await stage.put(LONG, { seed: 72, seconds: 40 })
})
afterAll(() => stage.close(), 40_000)

const post = (job: Partial<Submit>) =>
  stage.raw({
    method: 'POST',
    path: '/jobs',
    body: jobXml({ rule: 'GetFingerPrint', library, object: FILM, ...job }),
  })
const get = (path: string, query: readonly (readonly [string, string])[] = []) =>
  stage.raw({ method: 'GET', path, query })

/** Submits, waits for the end and gives the job's id. */
async function ended(job: Partial<Submit>): Promise<string> {
  const jobId = /<JobId>(\w+)</.exec((await post(job)).text)?.[1] ?? ''
  await stage.admin.ended(jobId)
  return jobId
}

describe('the bytes of an answer about jobs', () => {
  let videoId: string

  test('to POST /jobs and to GET /jobs/{id} of a stored video', { tags: ['bytes-stored'] }, async () => {
    const { jobId = '' } = expectGolden(await post({}), 'post-jobs', { known })
    await stage.admin.ended(jobId)
    const stored = expectGolden(await get(`/jobs/${jobId}`), 'get-jobs-stored', {
      known: { ...known, jobId },
    })
    videoId = stored.videoId ?? ''
  })

  test('to a search that found a whole copy of ten seconds, under both names of the result', {
    tags: ['bytes-found'],
  }, async () => {
    const jobId = await ended({ rule: 'FindSimilarVideo', level: 1, userData: 'x' })
    expectGolden(await get(`/jobs/${jobId}`), 'get-jobs-found', { known: { ...known, jobId, videoId } })
  })

  test('to GET /dnadb_files of what was stored, under both names of the route', {
    tags: ['bytes-files'],
  }, async () => {
    for (const path of ['/dnadb_files', '/dnadbfiles']) {
      const query = [
        ['dnaDbId', library],
        ['object', FILM],
      ] as const
      expectGolden(await get(path, query), 'dnadb-files', { known: { ...known, videoId } })
      const beyond = [
        ['pageNumber', '3'],
        ['pageSize', '100'],
        ['object', 'none'],
      ] as const
      expectGolden(await get(path, beyond), 'dnadb-files-empty')
    }
  })

  test('to a delete', { tags: ['bytes-deleted'] }, async () => {
    const jobId = await ended({ rule: 'DeleteFingerPrint', videoId })
    expectGolden(await get(`/jobs/${jobId}`), 'get-jobs-deleted', { known: { ...known, jobId, videoId } })
  })

  test('to a job that failed because its object is not there', { tags: ['bytes-failed'] }, async () => {
    const jobId = await ended({ object: 'input/none.mp4' })
    expectGolden(await get(`/jobs/${jobId}`), 'get-jobs-failed', {
      known: { ...known, jobId, object: 'input/none.mp4' },
    })
  })

  test('to a job that runs', { tags: ['bytes-running'] }, async () => {
    const jobId = /<JobId>(\w+)</.exec((await post({ object: LONG })).text)?.[1] ?? ''
    let running = await get(`/jobs/${jobId}`)
    while (running.text.includes('<State>Submitted</State>')) running = await get(`/jobs/${jobId}`)
    expectGolden(running, 'get-jobs-running', { known: { ...known, jobId, object: LONG } })
    await stage.admin.ended(jobId)
  })

  test('to jobs that wait in a paused queue, to their list and to their cancelling', {
    tags: ['bytes-waiting'],
  }, async () => {
    await stage.queue('Paused')
    const cancelled = expectGolden(await post({}), 'post-jobs-paused-plain', { known }).jobId ?? ''
    const cancel = await stage.raw({
      method: 'PUT',
      path: `/jobs/${cancelled}`,
      query: [['cancel', '']],
      body: '',
    })
    expectGolden(cancel, 'put-jobs')
    expect(cancel.headers.get('content-length')).toBe('0')
    expectGolden(await get(`/jobs/${cancelled},j0,x`), 'get-jobs-cancelled', {
      known: { ...known, jobId: cancelled },
    })
    const { jobId = '' } = expectGolden(
      await post({ rule: 'FindSimilarVideo', level: 2, userData: 'a <b> & "c" 测试' }),
      'post-jobs-paused',
      { known },
    )
    const page = await get('/jobs', [['size', '1']])
    const { token = '' } = expectGolden(page, 'list-jobs', { known: { ...known, jobId } })
    expect(token).not.toBe('')
    await stage.raw({ method: 'PUT', path: `/jobs/${jobId}` })
    await stage.queue('Active')
  })

  test('to what is not there', { tags: ['bytes-unknown'] }, async () => {
    expectGolden(await get(`/jobs/j${'0'.repeat(32)}`), 'get-jobs-unknown')
    expectGolden(await get('/jobs', [['inputObject', 'none']]), 'list-jobs-empty')
  })
})

describe('the bytes of an answer about libraries and queues', () => {
  test('to GET /dnadb', { tags: ['bytes-libraries'] }, async () => {
    expectGolden(await get('/dnadb'), 'dnadb', { known })
    expectGolden(
      await get('/dnadb', [
        ['ids', 'Db0,x'],
        ['pageNumber', '2'],
        ['pageSize', '5'],
      ]),
      'dnadb-unknown',
    )
  })

  test('to GET /queue and PUT /queue/{queueId}', { tags: ['bytes-queues'] }, async () => {
    const { queueId = '' } = expectGolden(await get('/queue'), 'queue')
    const query = [
      ['queueIds', `${queueId},p0,x`],
      ['pageSize', '5'],
    ] as const
    expectGolden(await get('/queue', query), 'queue-paged', { known: { queueId } })
    const notify =
      '<NotifyConfig><Url>http://example.test/hook?a=1&amp;b=2</Url><State>On</State><Type>Url</Type>' +
      '<Event>TaskFinish,WorkflowFinish</Event><ResultFormat>JSON</ResultFormat></NotifyConfig>'
    const put = (body: string) => stage.raw({ method: 'PUT', path: `/queue/${queueId}`, body })
    const changed = await put(
      `<Request><Name>gold &amp; films</Name><State>Paused</State>${notify}</Request>`,
    )
    expectGolden(changed, 'put-queue', { known: { queueId } })
    const back =
      '<Request><Name>default</Name><State>Active</State>' +
      '<NotifyConfig><State>Off</State><Event>TaskFinish,WorkflowFinish</Event></NotifyConfig></Request>'
    expectHeaders(await put(back))
    expectGolden(await get('/queue'), 'queue', { known: { queueId } })
  })
})
