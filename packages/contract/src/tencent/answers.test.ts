import { readFileSync } from 'node:fs'
import { Fault, type QueueNotify, silentNotify } from '@kinoprint/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fillGolden } from '../../../../tests/compat/golden.ts'
import { callbackBody } from './callback.ts'
import { dnaDbFilesXml, dnaDbXml } from './dnadb-xml.ts'
import { errorXml, wireErrorOf } from './error-xml.ts'
import type { JobView } from './job-view.ts'
import { jobListXml, jobsDetailXml, jobsXml, jobXml } from './jobs-xml.ts'
import { encodeNextToken } from './next-token.ts'
import { queueListXml, queueUpdateXml } from './queue-xml.ts'

function golden(name: string): string {
  return readFileSync(new URL(`../../golden/${name}`, import.meta.url), 'utf8')
}

const zoneBefore = process.env.TZ
function restoreZone(): void {
  if (zoneBefore === undefined) delete process.env.TZ
  else process.env.TZ = zoneBefore
}
beforeAll(() => {
  process.env.TZ = 'Asia/Shanghai'
})
afterAll(restoreZone)

const requestId = 'NjJmMzI5MmRfOTBmYTUwNjRfNjcwM18x'
const createdAt = new Date('2022-06-27T07:23:10.900Z')
const endedAt = new Date('2022-06-27T07:23:15Z')

/** Values of the placeholders in the golden files that these tests share with the tests of the running product. */
const values = {
  requestId,
  traceId: 'OGVmYzZiMmQzYjA2OWNh',
  jobId: 'j8d121820f5e411ec926ef19d53ba9c6f',
  videoId: 'dv50fafe624fec211edbdc852540083a8b',
  dnaDbId: 'Db0fafe624fec211edbdc852540083a8ba',
  queueId: 'p2242ab62c7c94486915508540933a2c6',
  object: 'input/demo.mp4',
  etag: '"ee8de918d05640145b18f70f4c3aa602"',
  time1: '2022-06-27T15:23:10+0800',
  time2: '2022-06-27T15:23:15+0800',
  resource: '/jobs',
  message: 'Request.Tag is missing.',
}
const bucket = { bucketId: 'films-1250000000', region: 'ap-chongqing' }

const submitted: JobView = {
  jobId: 'j8d121820f5e411ec926ef19d53ba9c6f',
  state: 'Submitted',
  code: null,
  message: null,
  progress: 0,
  createdAt,
  startedAt: null,
  endedAt: null,
  queueId: 'p2242ab62c7c94486915508540933a2c6',
  input: { bucketId: 'test-123456789', region: 'ap-chongqing', object: 'input/demo.mp4' },
  dnaConfig: { dnaDbId: 'Db0fafe624fec211edbdc852540083a8ba', ruleType: 'FindSimilarVideo', videoId: 'dv1' },
  userData: 'This is my data.',
  jobLevel: 0,
  result: null,
}

const success: JobView = {
  ...submitted,
  state: 'Success',
  progress: 0.7,
  startedAt: new Date('2022-06-27T07:23:12Z'),
  endedAt,
  result: {
    videoId: 'dv8d121820f5e411ec926ef19d53ba9c6f',
    durationSeconds: 10.04,
    detections: [
      {
        videoId: 'dv50fafe624fec211edbdc852540083a8b',
        durationSeconds: 9.96,
        similar: 99.6,
        audioSimilar: 100,
        segments: [{ queryStart: 0, queryEnd: 10.04, refStart: 0, refEnd: 9.96 }],
      },
    ],
  },
}

const failed: JobView = {
  ...success,
  state: 'Failed',
  code: 'ResourceNotFound',
  message: 'Object a&b<1>.mp4 is not in bucket test-123456789.',
  progress: 0.42,
  input: { ...submitted.input, object: 'a&b<1>.mp4' },
  dnaConfig: {
    dnaDbId: 'Db0fafe624fec211edbdc852540083a8ba',
    ruleType: 'DeleteFingerPrint',
    videoId: 'dv50fafe624fec211edbdc852540083a8b',
  },
  userData: null,
  jobLevel: 2,
}

describe('job responses', () => {
  test('a waiting job shows no result and no times', () => {
    const dnaConfig = { ...submitted.dnaConfig, ruleType: 'GetFingerPrint' as const }
    const job = { ...submitted, input: { ...bucket, object: values.object }, dnaConfig, userData: null }
    expect(jobsDetailXml([job])).toBe(fillGolden('post-jobs.xml', values))
  })

  test('a successful job shows its result under both element names, or the configured one', () => {
    expect(jobsDetailXml([success])).toBe(golden('job-success.xml'))
    expect(jobsDetailXml([success], { resultTag: 'DNAResult' })).toBe(golden('job-success-DNAResult.xml'))
    expect(jobsDetailXml([success], { resultTag: 'DnaResult' })).toBe(golden('job-success-DnaResult.xml'))
  })

  test('a search without a shard that was away warns of it, and another answer has no such element', () => {
    const result = success.result && { ...success.result, missingShards: ['s2', 's3'] }
    expect(jobXml({ ...success, result })).toContain(
      '<Tag>DNA</Tag><Warning>The result is partial. These shards could not be searched: s2, s3.</Warning><Input>',
    )
    const complete = success.result && { ...success.result, missingShards: [] }
    expect(jobsDetailXml([{ ...success, result: complete }])).toBe(golden('job-success.xml'))
  })

  test('a failed job shows the reason and no result, and a delete shows its VideoId', () => {
    expect(jobsDetailXml([failed])).toBe(golden('job-failed-delete.xml'))
  })

  test('unknown job ids are listed', () => {
    const nonExistJobIds = ['j00000000000000000000000000000000', 'x']
    const answer = `${jobsXml.start}${jobXml(submitted)}${jobsXml.endOfIds(nonExistJobIds)}`
    expect(answer).toBe(golden('jobs-by-id.xml'))
  })

  test('a list ends with its token, even if it is empty', () => {
    const nextToken = encodeNextToken({ createdAt: new Date(1656314590000), seq: 7 })
    expect(jobListXml({ jobs: [submitted, failed], nextToken })).toBe(golden('jobs-list.xml'))
    expect(jobListXml({ jobs: [], nextToken: '' })).toBe(fillGolden('list-jobs-empty.xml', {}))
  })

  test('a running job never shows 100 percent', () => {
    const running: JobView = { ...submitted, state: 'Running', progress: 1 }
    expect(jobsDetailXml([running])).toContain('<Progress>99</Progress>')
  })
})

const head = { requestId, totalCount: 1, pageNumber: 1, pageSize: 10 }
const testBucket = { bucketId: 'test-123456789', region: 'ap-chongqing', createdAt, updatedAt: endedAt }
const dnaDbId = 'Db0fafe624fec211edbdc852540083a8ba'

describe('library and queue responses', () => {
  test('a list of libraries has the golden form', () => {
    const library = { ...testBucket, dnaDbId, name: 'films', capacity: 10_000, description: '' }
    const answer = { ...head, libraries: [library], nonExistIds: ['Db1', 'Db2'] }
    expect(dnaDbXml(answer)).toBe(golden('dnadb.xml'))
  })

  test('a list of videos has the golden form', () => {
    const { videoId, object, etag } = values
    const file = { ...bucket, createdAt, updatedAt: endedAt, dnaDbId, videoId, object, etag }
    expect(dnaDbFilesXml({ ...head, files: [file] })).toBe(fillGolden('dnadb-files.xml', values))
  })

  const queue = {
    queueId: 'p2242ab62c7c94486915508540933a2c6',
    name: 'default',
    state: 'Active',
    notify: silentNotify,
    maxSize: 10_000,
    maxConcurrent: 10,
    createdAt,
    updatedAt: endedAt,
    category: 'Transcoding',
  } as const
  const mq: QueueNotify = {
    url: '',
    state: 'On',
    type: 'TDMQ',
    event: 'TaskFinish',
    resultFormat: 'JSON',
    mqMode: 'Topic',
    mqRegion: 'bj',
    mqName: 'all-ends',
  }

  test('a list of queues has the golden form with and without paging', () => {
    const paging = { totalCount: 1, pageNumber: 1, pageSize: 5 }
    const notify = { ...queue.notify, event: 'TaskFinish,WorkflowFinish' as const }
    const queues = [{ ...queue, notify }]
    const paged = queueListXml({ requestId, paging, queues, nonExistPids: ['p0', 'x'] })
    expect(paged).toBe(fillGolden('queue-paged.xml', values))
    const unpaged = queueListXml({ requestId, queues, nonExistPids: [] })
    expect(unpaged).toBe(fillGolden('queue.xml', values))
  })

  test('a changed queue has the golden form', () => {
    const answer = queueUpdateXml({ requestId, queue: { ...queue, notify: mq } })
    expect(answer).toBe(fillGolden('put-queue-tdmq.xml', values))
  })
})

describe('errors', () => {
  test('an error is flat and begins with an XML declaration', () => {
    const error = wireErrorOf(new Fault('InvalidArgument', 'Request.Tag is missing.'))
    const body = errorXml({ error, resource: '/jobs', requestId, traceId: values.traceId })
    expect(body).toBe(fillGolden('error-InvalidArgument.xml', values))
  })

  test('the error of a wrong signature shows the text to sign', () => {
    const details = {
      StringToSign: 'sha1\n1700000000;1700003600\n27a6f77e4c3e4b5edcfba33d9e697defc41408e4\n',
      FormatString: 'post\n/jobs\n\nhost=a&x=b\n',
    }
    const message = 'The signature of the request does not match.'
    const error = wireErrorOf(new Fault('SignatureDoesNotMatch', message, { details }))
    expect(errorXml({ error, resource: '/jobs', requestId, traceId: '' })).toBe(golden('error-signature.xml'))
  })

  test('an unexpected error returns InternalError without its own message', { tags: ['bug'] }, () => {
    const error = wireErrorOf(new TypeError('cannot read secret'))
    expect(error.httpStatus).toBe(500)
    expect(error.code).toBe('InternalError')
    expect(error.message).not.toContain('secret')
  })

  test('internal fault codes are returned as public codes', () => {
    expect(wireErrorOf(new Fault('ContentTooLarge', 'x'))).toMatchObject({
      httpStatus: 413,
      code: 'InvalidContent',
    })
    expect(wireErrorOf(new Fault('NotFound', 'x'))).toMatchObject({
      httpStatus: 400,
      code: 'InvalidArgument',
    })
    expect(wireErrorOf(new Fault('QueueSaturated', 'x'))).toMatchObject({
      httpStatus: 403,
      code: 'QueueSaturated',
    })
  })
})

describe('callbacks', () => {
  test('an XML callback has the golden form', { tags: ['callback-xml'] }, () => {
    expect(callbackBody(success, { format: 'XML' })).toEqual({
      contentType: 'application/xml',
      body: golden('callback.xml'),
    })
  })

  test('a JSON callback has string leaves and omits empty elements', {
    tags: ['callback-json'],
  }, () => {
    expect(callbackBody(success, { format: 'JSON' })).toEqual({
      contentType: 'application/json',
      body: golden('callback.json'),
    })
    const wrapped = callbackBody(success, { format: 'JSON', jsonWrapper: true })
    expect(wrapped.body).toBe(golden('callback-wrapped.json'))
  })

  test('DNAResult lists the strongest Detection first and DnaResult the weakest, in one response', {
    tags: ['result-order'],
  }, () => {
    const [detection] = success.result?.detections ?? []
    const found = ['dv1', 'dv2', 'dv3'].flatMap((videoId) => (detection ? [{ ...detection, videoId }] : []))
    const job: JobView = { ...success, result: { videoId: 'dv0', durationSeconds: 10, detections: found } }
    const videosOf = (xml: string, tag: string): string[] => {
      const [, result = ''] = xml.split(`<${tag}>`)
      const [inside = ''] = result.split(`</${tag}>`)
      return [...inside.matchAll(/<VideoId>(\w+)</g)].map(([, id]) => id ?? '')
    }
    const xml = jobsDetailXml([job])
    expect(videosOf(xml, 'DNAResult')).toEqual(['dv1', 'dv2', 'dv3', 'dv0'])
    expect(videosOf(xml, 'DnaResult')).toEqual(['dv3', 'dv2', 'dv1', 'dv0'])
    expect(videosOf(jobsDetailXml([job], { resultTag: 'DnaResult' }), 'DnaResult')).toEqual(
      videosOf(xml, 'DnaResult'),
    )
  })

  test('in JSON several detections are an array, a single one is an object', () => {
    const detection = success.result?.detections[0]
    const detections = detection === undefined ? [] : [detection, detection]
    const two: JobView = {
      ...success,
      result: { videoId: 'dv1', durationSeconds: 10, detections },
    }
    const parsed: unknown = JSON.parse(callbackBody(two, { format: 'JSON' }).body)
    expect(parsed).toMatchObject({
      JobsDetail: { Operation: { DNAResult: { Detection: [{ Similar: '100' }, { Similar: '100' }] } } },
    })
  })
})
