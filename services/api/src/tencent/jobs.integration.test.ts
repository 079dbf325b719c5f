import { createHash } from 'node:crypto'
import { signRequest } from '@kinoprint/contract'
import { claimJob, createKey, enqueueJob, getJobs } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleSegment } from '../../../../packages/dna/testing/sample-segment.ts'
import {
  addLibrary,
  addVideo,
  DEFAULT_BUCKET,
  jobXml,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'
import { tag, tags } from '../testing/send-request.ts'

let api: RunningTestApi
let dnaDbId: string
beforeAll(async () => {
  api = await startTestApi()
  dnaDbId = (await addLibrary(api.db, 'films')).dnaDbId
})
afterAll(() => api.close())

function post(body: string, headers: Record<string, string> = {}) {
  return api.signed({ method: 'POST', target: '/jobs', body, headers })
}
let objects = 0
function newObject(): string {
  return `input/${++objects}.mp4`
}
async function submit(object = newObject()): Promise<string> {
  return tag('JobId', (await post(jobXml({ dnaDbId, object }))).text) ?? ''
}

describe('POST /jobs', () => {
  test('POST /jobs stores and queues a job, and returns its elements in canonical order', async () => {
    const answer = await post(jobXml({ dnaDbId, object: 'input/a &amp; b.mp4', userData: 'x&lt;y' }))
    expect(answer.status).toBe(200)
    const jobId = tag('JobId', answer.text) ?? ''
    expect(jobId).toMatch(/^j[0-9a-f]{32}$/)
    expect(answer.text).toMatch(
      new RegExp(
        `^<Response><JobsDetail><Code>Success</Code><Message/><JobId>${jobId}</JobId><State>Submitted</State><Progress>0</Progress>` +
          '<CreationTime>[^<]+</CreationTime><StartTime>-</StartTime><EndTime>-</EndTime><QueueId>p[0-9a-f]{32}</QueueId><Tag>DNA</Tag>' +
          `<Input><BucketId>${DEFAULT_BUCKET}</BucketId><Region>local</Region><Object>input/a &amp; b.mp4</Object></Input>` +
          `<Operation><DnaConfig><DnaDbId>${dnaDbId}</DnaDbId><RuleType>FindSimilarVideo</RuleType></DnaConfig>` +
          '<JobLevel>0</JobLevel><UserData>x&lt;y</UserData></Operation></JobsDetail></Response>$',
      ),
    )
    expect(await api.queue.has([jobId])).toEqual(new Set([jobId]))
    const [row] = await getJobs(api.db, [jobId])
    expect(row).toMatchObject({ secretId: api.key.secretId, object: 'input/a & b.mp4' })
  })

  test('a response has every header that clients read', async () => {
    const { headers, text } = await post(jobXml({ dnaDbId, object: newObject() }))
    expect(headers).toMatchObject({
      server: 'tencent-ci',
      'content-type': 'application/xml',
      'content-length': String(Buffer.byteLength(text)),
    })
    expect(headers.date).toMatch(/GMT$/)
    expect(headers['x-ci-request-id']).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(headers['x-cos-request-id']).toBe(headers['x-ci-request-id'])
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('etag')
  })

  test('the virtual host decides bucket and region, and the path can name the bucket', async () => {
    const virtual = await post(jobXml({ dnaDbId, object: newObject() }), {
      host: 'films-125.ci.ap-chongqing.myqcloud.com',
    })
    expect([tag('BucketId', virtual.text), tag('Region', virtual.text)]).toEqual([
      'films-125',
      'ap-chongqing',
    ])
    const inPath = await api.signed({
      method: 'POST',
      target: '/films-126/jobs',
      body: jobXml({ dnaDbId, object: newObject() }),
    })
    expect(tag('BucketId', inPath.text)).toBe('films-126')
  })

  test('several operations are submitted all or none, and a retry returns the same jobs', {
    tags: ['operations-together'],
  }, async () => {
    const operation = (library: string) =>
      `<Operation><DnaConfig><RuleType>FindSimilarVideo</RuleType><DnaDbId>${library}</DnaDbId></DnaConfig></Operation>`
    const object = newObject()
    const body = (...libraries: string[]) =>
      `<Request><Tag>DNA</Tag><Input><Object>${object}</Object></Input>${libraries.map(operation).join('')}</Request>`
    const listed = async () =>
      (await api.signed({ method: 'GET', target: `/jobs?inputObject=${encodeURIComponent(object)}` })).text
    const refused = await post(body(dnaDbId, 'Db0', dnaDbId))
    expect([refused.status, tag('Code', refused.text)]).toEqual([400, 'InvalidArgument'])
    expect(await listed()).not.toContain('<JobId>')
    const idsOf = (text: string) => [...text.matchAll(/<JobId>(j[0-9a-f]{32})</g)].map(([, id]) => id)
    const made = idsOf((await post(body(dnaDbId, dnaDbId, dnaDbId))).text)
    expect(new Set(made).size).toBe(3)
    expect(await api.queue.has(made.map(String))).toEqual(new Set(made))
    const retried = await post(body(dnaDbId, dnaDbId, dnaDbId), { 'x-cos-sdk-retry': 'true' })
    expect(idsOf(retried.text)).toEqual(made)
    expect(idsOf(await listed())).toHaveLength(3)
  })

  test('a request marked as a retry returns the first job until that job ends', {
    tags: ['retry-marked'],
  }, async () => {
    const object = newObject()
    const body = jobXml({ dnaDbId, object })
    const retry = { 'x-cos-sdk-retry': 'true' }
    const [first, second] = [await post(body), await post(body, retry)]
    expect(tag('JobId', second.text)).toBe(tag('JobId', first.text))
    const listed = await api.signed({ method: 'GET', target: `/jobs?inputObject=${object}` })
    expect(tags('JobId', listed.text)).toEqual([tag('JobId', first.text)])
    const elsewhere = await post(body, { ...retry, host: 'films-125.ci.x.test' })
    expect(tag('JobId', elsewhere.text)).not.toBe(tag('JobId', first.text))
  })

  test('equal requests that are not marked as retries each create a job', {
    tags: ['retry-unmarked'],
  }, async () => {
    const body = jobXml({ dnaDbId, object: newObject() })
    const answers = [await post(body), await post(body, { 'x-cos-sdk-retry': 'false' })]
    answers.push(...(await Promise.all([post(body), post(body)])))
    expect(new Set(answers.map(({ text }) => tag('JobId', text))).size).toBe(4)
  })

  test('a chunked body needs no Content-Length, and an empty body is rejected', async () => {
    const body = jobXml({ dnaDbId, object: newObject() })
    const chunked = await api.signed({ method: 'POST', target: '/jobs', body, chunked: true })
    expect(chunked.status).toBe(200)
    const none = await api.signed({ method: 'POST', target: '/jobs', headers: { 'content-length': 0 } })
    expect([none.status, tag('Code', none.text)]).toEqual([400, 'MissingContent'])
  })

  test('Content-MD5 is checked when present', async () => {
    const body = jobXml({ dnaDbId, object: newObject() })
    const md5 = createHash('md5').update(body).digest('base64')
    expect((await post(body, { 'content-md5': md5 })).status).toBe(200)
    const wrong = await post(`${body} `, { 'content-md5': md5 })
    expect([wrong.status, tag('Code', wrong.text)]).toEqual([400, 'InvalidContent'])
  })

  test.each([
    ['an unknown library', () => jobXml({ dnaDbId: 'Db0' })],
    ['an unknown queue', () => jobXml({ dnaDbId, more: '<QueueId>p0</QueueId>' })],
    ['an unknown video', () => jobXml({ dnaDbId, ruleType: 'DeleteFingerPrint', videoId: 'dv0' })],
    ['a delete without a video', () => jobXml({ dnaDbId, ruleType: 'DeleteFingerPrint' })],
    ['an unknown rule', () => jobXml({ dnaDbId, ruleType: 'Other' })],
    ['an object outside its bucket', () => jobXml({ dnaDbId, object: '../x-1/a.mp4' })],
    [
      'a message queue without a broker',
      () =>
        jobXml({
          dnaDbId,
          more: '<CallBackType>TDMQ</CallBackType><CallBackMqConfig><MqRegion>r</MqRegion><MqMode>Queue</MqMode><MqName>n</MqName></CallBackMqConfig>',
        }),
    ],
  ])('%s is rejected with InvalidArgument', async (_what, body) => {
    const { status, text } = await post(body())
    expect([status, tag('Code', text)]).toEqual([400, 'InvalidArgument'])
    expect(tag('Message', text)).not.toBe('')
  })

  test('a delete accepts only a video of its own library', async () => {
    const other = await addLibrary(api.db, 'other')
    const { videoId } = await addVideo(api.db, { dnaDbId, object: newObject() })
    const rule = { ruleType: 'DeleteVideoPrint', videoId }
    const accepted = await post(jobXml({ dnaDbId, ...rule }))
    expect(accepted.text).toContain(
      `<RuleType>DeleteFingerPrint</RuleType><VideoId>${videoId}</VideoId></DnaConfig>`,
    )
    const foreign = await post(jobXml({ dnaDbId: other.dnaDbId, ...rule }))
    expect(tag('Code', foreign.text)).toBe('InvalidArgument')
  })

  test('a body that is not XML is rejected with InvalidContent', async () => {
    for (const body of [
      '{}',
      '<Request>',
      '<a/><b/>',
      '<Request><CallBackFormat>JSON<CallBackFormat></Request>',
    ]) {
      const { status, text } = await post(body)
      expect([status, tag('Code', text)]).toEqual([400, 'InvalidContent'])
    }
  })

  test('a body of 10 MB gets 413 instead of a reset connection, with and without Content-Length', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024, ' ')
    for (const chunked of [false, true]) {
      const { status, text } = await api.signed({ method: 'POST', target: '/jobs', body, chunked })
      expect([status, tag('Code', text)]).toEqual([413, 'InvalidContent'])
    }
    const unsigned = await api.send({ method: 'POST', target: '/jobs', body })
    expect([unsigned.status, tag('Code', unsigned.text)]).toEqual([401, 'MissingAuthorization'])
  })

  test('a full queue returns QueueSaturated', async () => {
    await api.db.pool.query('update queues set max_size = 0')
    const { status, text } = await post(jobXml({ dnaDbId, object: newObject() }))
    await api.db.pool.query('update queues set max_size = 10000')
    expect([status, tag('Code', text)]).toEqual([403, 'QueueSaturated'])
  })
})

describe('GET /jobs/{ids}', () => {
  test('jobs are returned in the requested order, with a raw or encoded comma, and unknown ids are listed', async () => {
    const [a, b] = [await submit(), await submit()]
    for (const comma of [',', '%2C', '%2c']) {
      const target = `/jobs/${[b, 'j0', a].join(comma)}?size=10`
      const { status, text } = await api.signed({ method: 'GET', target })
      expect(status).toBe(200)
      expect(tags('JobId', text)).toEqual([b, a])
      expect(tags('NonExistJobIds', text)).toEqual(['j0'])
    }
  })

  test('more than 20 ids, or none, are rejected', async () => {
    const ids = Array.from({ length: 21 }, (_, index) => `j${index}`).join(',')
    for (const target of [`/jobs/${ids}`, '/jobs/,']) {
      const { status, text } = await api.signed({ method: 'GET', target })
      expect([status, tag('Code', text)]).toEqual([400, 'InvalidArgument'])
    }
  })

  test('broken escapes and NUL in the path are rejected', async () => {
    const broken = await api.signed({ method: 'GET', target: '/jobs/%ff' })
    expect([broken.status, tag('Code', broken.text)]).toEqual([404, 'InvalidUrl'])
    const nul = await api.signed({ method: 'GET', target: '/jobs/j%00' })
    expect([nul.status, tag('Code', nul.text)]).toEqual([400, 'InvalidArgument'])
  })
})

describe('GET /jobs', () => {
  const list = async (query: string) => {
    const answer = await api.signed({ method: 'GET', target: `/jobs?${query}` })
    return { ...answer, ids: tags('JobId', answer.text), next: tag('NextToken', answer.text) ?? '' }
  }

  test('paging returns every job once, even while new jobs arrive', async () => {
    const made = [await submit(), await submit(), await submit()]
    const first = await list('size=2')
    expect(first.ids).toEqual([made[2], made[1]])
    await submit()
    const second = await list(`size=2&nextToken=${encodeURIComponent(first.next)}`)
    expect(second.ids[0]).toBe(made[0])
    expect((await list('orderByTime=Asc&size=100')).next).toBe('')
  })

  test('every filter works, and empty parameters count as absent', async () => {
    const object = newObject()
    const jobId = await submit(object)
    const hit = await list(
      `inputObject=${encodeURIComponent(object)}&states=Submitted,Running&tag=DNA&queueId=&nextToken=&size=` +
        '&startCreationTime=2001-01-01T00:00:00%2B0800&endCreationTime=2099-01-01T00:00:00%2B0800',
    )
    expect(hit.ids).toEqual([jobId])
    const filter = `inputObject=${encodeURIComponent(object)}`
    for (const miss of [
      'states=Success',
      'queueId=p0',
      'workflowId=w1',
      'endCreationTime=2001-01-01T00:00:00Z',
    ]) {
      const answer = await list(`${filter}&${miss}`)
      expect(answer.text).toBe('<Response><NextToken/></Response>')
    }
  })

  test('the host of a bucket shows only its jobs', async () => {
    const host = 'films-777.ci.ap-x.test'
    const { text } = await post(jobXml({ dnaDbId, object: newObject() }), { host })
    const answer = await api.signed({ method: 'GET', target: '/jobs', headers: { host } })
    expect(tags('JobId', answer.text)).toEqual([tag('JobId', text)])
  })

  test('values outside the allowed lists are rejected', async () => {
    for (const query of ['size=0', 'size=101', 'states=Done', 'orderByTime=Up', 'nextToken=x', 'tag=Other']) {
      const { status, text } = await list(query)
      expect([status, tag('Code', text)]).toEqual([400, 'InvalidArgument'])
    }
  })
})

describe('PUT /jobs/{id}', () => {
  test.each(['', '?cancel', '?cancel='])(
    'cancelling a waiting job (%j) returns an empty body',
    async (query) => {
      const jobId = await submit()
      const { status, headers, text } = await api.signed({ method: 'PUT', target: `/jobs/${jobId}${query}` })
      expect([status, headers['content-length'], text]).toEqual([200, '0', ''])
      const shown = await api.signed({ method: 'GET', target: `/jobs/${jobId}` })
      expect(tag('State', shown.text)).toBe('Cancel')
      expect(await api.queue.has([jobId])).toEqual(new Set())
    },
  )

  test('an unsigned cancel parameter is accepted, as the Python SDK sends it', async () => {
    const jobId = await submit()
    const headers = pythonHeaders({ method: 'PUT', target: `/jobs/${jobId}` })
    const { status } = await api.send({ method: 'PUT', target: `/jobs/${jobId}?cancel`, headers })
    expect(status).toBe(200)
  })

  test('a running, finished or unknown job cannot be cancelled', { tags: ['cancel-refused'] }, async () => {
    const running = await submit()
    await claimJob(api.db, { jobId: running, workerId: 'w', leaseMs: 60_000 })
    const cancelled = await submit()
    await api.signed({ method: 'PUT', target: `/jobs/${cancelled}` })
    for (const jobId of [running, cancelled, 'j0']) {
      const { status, text } = await api.signed({ method: 'PUT', target: `/jobs/${jobId}` })
      expect([status, tag('Code', text)]).toEqual([400, 'InvalidArgument'])
    }
  })
})

describe('a key with a policy', () => {
  test('a key sees and changes only the jobs of its libraries and buckets', async () => {
    const own = await addLibrary(api.db, 'own')
    const key = await createKey(api.db, {
      encryptionKey: Buffer.alloc(32, 7),
      name: 'narrow',
      libraries: [own.dnaDbId],
      buckets: ['own-1', 'own-2'],
      region: 'ap-own',
    })
    const foreign = await submit()
    const allowed = await api.signed({
      method: 'POST',
      target: '/jobs',
      body: jobXml({ dnaDbId: own.dnaDbId }),
      key,
    })
    expect([tag('BucketId', allowed.text), tag('Region', allowed.text)]).toEqual(['own-1', 'ap-own'])
    const listed = await api.signed({ method: 'GET', target: '/jobs', key })
    expect(tags('JobId', listed.text)).toEqual(tags('JobId', allowed.text))
    const shown = await api.signed({ method: 'GET', target: `/jobs/${foreign}`, key })
    expect(tags('NonExistJobIds', shown.text)).toEqual([foreign])
    const cancelled = await api.signed({ method: 'PUT', target: `/jobs/${foreign}`, key })
    expect(tag('Code', cancelled.text)).toBe('InvalidArgument')
    const stored = await api.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId }), key })
    expect(tag('Code', stored.text)).toBe('InvalidArgument')
    const elsewhere = await api.signed({
      method: 'GET',
      target: '/jobs',
      headers: { host: 'films-125.ci.x.test' },
      key,
    })
    expect([elsewhere.status, tag('Code', elsewhere.text)]).toEqual([400, 'InvalidHost'])
  })
})

test('a finished search shows its result under both element names', async () => {
  const job = await enqueueJob(api.db, {
    ruleType: 'FindSimilarVideo',
    dnaDbId,
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object: 'q.mp4',
  })
  const result = {
    videoId: 'dv1',
    durationSeconds: 10,
    detections: [
      {
        videoId: 'dv2',
        object: 'r.mp4',
        durationSeconds: 10,
        score: 1,
        similar: 100,
        audioSimilar: 100,
        queryCoverage: 1,
        refCoverage: 1,
        segments: [
          sampleSegment({ score: 1, pictureScore: 0.7, soundScore: 0.5 }),
          // A weak reading is only in the administrator's view.
          {
            queryStart: 2,
            queryEnd: 4,
            refStart: 7,
            refEnd: 9,
            score: 0.2,
            kind: 'video',
            speed: 1,
            weak: true,
          },
        ],
      },
    ],
  }
  await api.db.pool.query(
    `update jobs set state = 'Success', result = $2, started_at = now(), ended_at = now(), progress = 1 where job_id = $1`,
    [job.jobId, JSON.stringify(result)],
  )
  const { text } = await api.signed({ method: 'GET', target: `/jobs/${job.jobId}` })
  const content =
    '<Detection><Audio><Similar>100</Similar></Audio><Duration>10</Duration><MatchDetail><MatchEndTime>9</MatchEndTime>' +
    '<MatchStartTime>0</MatchStartTime><SrcEndTime>9</SrcEndTime><SrcStartTime>0</SrcStartTime></MatchDetail><Similar>100</Similar>' +
    '<SimilarDuration>10</SimilarDuration><VideoId>dv2</VideoId></Detection><Duration>10</Duration><VideoId>dv1</VideoId>'
  expect(text).toContain(
    `<Operation><DNAResult>${content}</DNAResult><DnaResult>${content}</DnaResult><DnaConfig>`,
  )
  expect(tag('Progress', text)).toBe('100')
})

/** Signs as the Python SDK does: the host without its port, and no query parameters. */
function pythonHeaders({ method, target }: { method: string; target: string }) {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const authorization = signRequest({
    method,
    target,
    headers: [['host', '127.0.0.1']],
    ...api.key,
    startSeconds: nowSeconds - 1,
    endSeconds: nowSeconds + 10_000,
  })
  return { host: `127.0.0.1:${api.port}`, authorization }
}
