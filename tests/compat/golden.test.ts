import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml, type Submit } from '../e2e/client.ts'
import { type CompatHarness, openCompatHarness } from './compat-harness.ts'
import { expectGolden, expectHeaders } from './golden.ts'

const FILM = 'input/film 1+(a).mp4'
const LONG = 'input/long.mp4'

let harness: CompatHarness
let library: string
let known: Readonly<Record<string, string>>

beforeAll(async () => {
  harness = await openCompatHarness()
  library = await harness.library({ name: 'golden & old', description: 'for <tests>' })
  known = { dnaDbId: library, object: FILM }
  await harness.put(encodeURI(FILM), { seed: 71, seconds: 10 })
  await harness.put(LONG, { seed: 72, seconds: 40 })
})
afterAll(() => harness.close(), 40_000)

const post = (job: Partial<Submit>) =>
  harness.raw({
    method: 'POST',
    path: '/jobs',
    body: jobXml({ rule: 'GetFingerPrint', library, object: FILM, ...job }),
  })
const get = (path: string, query: readonly (readonly [string, string])[] = []) =>
  harness.raw({ method: 'GET', path, query })

/** Submits a job, waits for its end and returns its id. */
async function ended(job: Partial<Submit>): Promise<string> {
  const jobId = /<JobId>(\w+)</.exec((await post(job)).text)?.[1] ?? ''
  await harness.admin.ended(jobId)
  return jobId
}

describe('the golden bytes of responses about jobs', () => {
  let videoId: string

  test('match for POST /jobs and GET /jobs/{id} of a stored video', { tags: ['bytes-stored'] }, async () => {
    const { jobId = '' } = expectGolden(await post({}), 'post-jobs', { known })
    await harness.admin.ended(jobId)
    const stored = expectGolden(await get(`/jobs/${jobId}`), 'get-jobs-stored', {
      known: { ...known, jobId },
    })
    videoId = stored.videoId ?? ''
  })

  test('match for a search that found a complete copy of 10 s, under both result names', {
    tags: ['bytes-found'],
  }, async () => {
    const jobId = await ended({ rule: 'FindSimilarVideo', level: 1, userData: 'x' })
    expectGolden(await get(`/jobs/${jobId}`), 'get-jobs-found', { known: { ...known, jobId, videoId } })
  })

  test('match for GET /dnadb_files after storing, under both names of the route', {
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

  test('match for a delete', { tags: ['bytes-deleted'] }, async () => {
    const jobId = await ended({ rule: 'DeleteFingerPrint', videoId })
    expectGolden(await get(`/jobs/${jobId}`), 'get-jobs-deleted', { known: { ...known, jobId, videoId } })
  })

  test('match for a job that failed because its object does not exist', {
    tags: ['bytes-failed'],
  }, async () => {
    const jobId = await ended({ object: 'input/none.mp4' })
    expectGolden(await get(`/jobs/${jobId}`), 'get-jobs-failed', {
      known: { ...known, jobId, object: 'input/none.mp4' },
    })
  })

  test('match for a running job', { tags: ['bytes-running'] }, async () => {
    const jobId = /<JobId>(\w+)</.exec((await post({ object: LONG })).text)?.[1] ?? ''
    let running = await get(`/jobs/${jobId}`)
    while (running.text.includes('<State>Submitted</State>')) running = await get(`/jobs/${jobId}`)
    expectGolden(running, 'get-jobs-running', { known: { ...known, jobId, object: LONG } })
    await harness.admin.ended(jobId)
  })

  test('match for jobs in a paused queue, for their list and for their cancellation', {
    tags: ['bytes-waiting'],
  }, async () => {
    await harness.queue('Paused')
    const cancelled = expectGolden(await post({}), 'post-jobs-paused-plain', { known }).jobId ?? ''
    const cancel = await harness.raw({
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
    await harness.raw({ method: 'PUT', path: `/jobs/${jobId}` })
    await harness.queue('Active')
  })

  test('match for unknown ids', { tags: ['bytes-unknown'] }, async () => {
    expectGolden(await get(`/jobs/j${'0'.repeat(32)}`), 'get-jobs-unknown')
    expectGolden(await get('/jobs', [['inputObject', 'none']]), 'list-jobs-empty')
  })
})

describe('the golden bytes of responses about libraries and queues', () => {
  test('match for GET /dnadb', { tags: ['bytes-libraries'] }, async () => {
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

  test('match for GET /queue and PUT /queue/{queueId}', { tags: ['bytes-queues'] }, async () => {
    const { queueId = '' } = expectGolden(await get('/queue'), 'queue')
    const query = [
      ['queueIds', `${queueId},p0,x`],
      ['pageSize', '5'],
    ] as const
    expectGolden(await get('/queue', query), 'queue-paged', { known: { queueId } })
    const notify =
      '<NotifyConfig><Url>http://example.test/hook?a=1&amp;b=2</Url><State>On</State><Type>Url</Type>' +
      '<Event>TaskFinish,WorkflowFinish</Event><ResultFormat>JSON</ResultFormat></NotifyConfig>'
    const put = (body: string) => harness.raw({ method: 'PUT', path: `/queue/${queueId}`, body })
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
