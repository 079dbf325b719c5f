import { Fault } from '@kinoprint/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJobRequests, withoutLeadingSlash } from './job-request.ts'
import { parseQueueUpdate } from './queue-update.ts'
import { writeXml, type XmlNode } from './xml-writer.ts'

function parseJobRequest(...request: Parameters<typeof parseJobRequests>) {
  const [job] = parseJobRequests(...request)
  if (job === undefined) throw new Error('The request has no job.')
  return job
}

function faultOf(read: () => unknown): { code: string; message: string } {
  try {
    read()
  } catch (error) {
    if (error instanceof Fault) return { code: error.code, message: error.message }
    throw error
  }
  return { code: 'none', message: '' }
}

function request(parts: {
  tag?: string
  input?: string
  config?: string
  operation?: string
  rest?: string
}) {
  return `<Request>${parts.tag ?? '<Tag>DNA</Tag>'}${parts.input ?? '<Input><Object>a.mp4</Object></Input>'}<Operation>${
    parts.config ?? '<DnaConfig><RuleType>FindSimilarVideo</RuleType><DnaDbId>Db1</DnaDbId></DnaConfig>'
  }${parts.operation ?? ''}</Operation>${parts.rest ?? ''}</Request>`
}

describe('a job request', () => {
  test('a minimal job request is parsed', { tags: ['request-least'] }, () => {
    expect(parseJobRequest(request({}))).toEqual({
      tag: 'DNA',
      object: 'a.mp4',
      ruleType: 'FindSimilarVideo',
      dnaDbId: 'Db1',
      jobLevel: 0,
    })
  })

  test('a request with several operations has one job for each, in order', { tags: ['operations'] }, () => {
    const of = (dnaDbId: string, more = '') =>
      `<Operation><DnaConfig><RuleType>FindSimilarVideo</RuleType><DnaDbId>${dnaDbId}</DnaDbId></DnaConfig>${more}</Operation>`
    const body = (operations: string) =>
      `<Request><Tag>DNA</Tag>${operations}<Input><Object>a.mp4</Object></Input><QueueId>p1</QueueId></Request>`
    const six = ['Db1', 'Db2', 'Db3', 'Db4', 'Db5', 'Db6']
    const jobs = parseJobRequests(body(six.map((id) => of(id, `<UserData>${id}!</UserData>`)).join('')))
    expect(jobs.map(({ dnaDbId, userData }) => [dnaDbId, userData])).toEqual(six.map((id) => [id, `${id}!`]))
    expect(jobs.every(({ object, queueId }) => object === 'a.mp4' && queueId === 'p1')).toBe(true)
    expect(faultOf(() => parseJobRequests(body(of('Db1').repeat(7))))).toEqual({
      code: 'InvalidArgument',
      message: 'Request.Operation appears 7 times. Send it at most 6 times.',
    })
    const wrong = of('Db1') + of('Db2', '<JobLevel>3</JobLevel>')
    expect(faultOf(() => parseJobRequests(body(wrong))).message).toBe(
      'Request.Operation[2].JobLevel must be one of 0, 1, 2.',
    )
  })

  test('a Kafka callback names region, instance and topic', { tags: ['request-kafka'] }, () => {
    const config = '<Region>bj</Region><InstanceId>ckafka-1</InstanceId><Topic>kinoprint.results</Topic>'
    const of = (inner: string) =>
      request({
        rest: `<CallBackType>kafka</CallBackType><CallBackKafkaConfig>${inner}</CallBackKafkaConfig>`,
      })
    expect(parseJobRequest(of(config)).callback).toEqual({
      silent: false,
      type: 'Kafka',
      format: 'XML',
      mqRegion: 'bj',
      mqName: 'kinoprint.results',
    })
    for (const name of ['Region', 'InstanceId', 'Topic'])
      expect(faultOf(() => parseJobRequest(of(config.replaceAll(name, 'Other')))).message).toBe(
        `Request.CallBackKafkaConfig.${name} is missing.`,
      )
    const queue = parseQueueUpdate(
      `<Request><NotifyConfig><State>On</State><Type>Kafka</Type><KafkaConfig>${config}</KafkaConfig></NotifyConfig></Request>`,
    )
    expect(queue.notify).toMatchObject({
      type: 'Kafka',
      mqRegion: 'bj',
      mqName: 'kinoprint.results',
      kafkaInstanceId: 'ckafka-1',
    })
  })

  test('a full job request is parsed in any order, pretty-printed, with unknown elements', {
    tags: ['request-all'],
  }, () => {
    const body = `\uFEFF<?xml version="1.0" encoding="utf-8"?>
<!-- by hand -->
<Request>
  <CallBackMqConfig><MqName>jobs</MqName><MqRegion>bj</MqRegion></CallBackMqConfig>
  <CallBackType>TDMQ</CallBackType>
  <CallBackFormat>JSON</CallBackFormat>
  <QueueId>p1</QueueId>
  <Operation>
    <JobLevel>2</JobLevel>
    <UserData> a &amp; &#x6d4b; </UserData>
    <Future><Tag>no</Tag></Future>
    <DnaConfig>
      <VideoId>dv1</VideoId>
      <DnaDbId>
        Db1
      </DnaDbId>
      <RuleType>DeleteFingerPrint</RuleType>
    </DnaConfig>
  </Operation>
  <Input>
    <Object>
      dir/ 测试 a.mp4
    </Object>
  </Input>
  <Tag>DNA</Tag>
</Request>`
    expect(parseJobRequest(Buffer.from(body))).toEqual({
      tag: 'DNA',
      object: 'dir/ 测试 a.mp4',
      ruleType: 'DeleteFingerPrint',
      dnaDbId: 'Db1',
      videoId: 'dv1',
      userData: ' a & 测 ',
      jobLevel: 2,
      queueId: 'p1',
      callback: {
        silent: false,
        type: 'TDMQ',
        format: 'JSON',
        mqMode: 'Queue',
        mqRegion: 'bj',
        mqName: 'jobs',
      },
    })
  })

  test('the alias of DeleteFingerPrint is accepted, and VideoId is ignored for other rules', {
    tags: ['alias'],
  }, () => {
    const config = (rule: string) =>
      `<DnaConfig><RuleType>${rule}</RuleType><DnaDbId>Db1</DnaDbId><VideoId>dv1</VideoId></DnaConfig>`
    expect(parseJobRequest(request({ config: config('DeleteVideoPrint') }))).toMatchObject({
      ruleType: 'DeleteFingerPrint',
      videoId: 'dv1',
    })
    expect(parseJobRequest(request({ config: config('GetFingerPrint') }))).not.toHaveProperty('videoId')
  })

  test('empty elements count as absent', () => {
    const parsed = parseJobRequest(
      request({ operation: '<UserData/><JobLevel></JobLevel>', rest: '<QueueId/><CallBack></CallBack>' }),
    )
    expect(parsed).toEqual(parseJobRequest(request({})))
  })

  test.each([
    ['<CallBack>http://h/x</CallBack>', { silent: false, type: 'Url', format: 'XML', url: 'http://h/x' }],
    ['<CallBack>no</CallBack>', { silent: true, type: 'Url', format: 'XML' }],
    ['<CallBackFormat>JSON</CallBackFormat>', { silent: false, type: 'Url', format: 'JSON' }],
    [
      '<CallBack>https://h</CallBack><CallBackType>URL</CallBackType><CallBackFormat>JSON</CallBackFormat>',
      { silent: false, type: 'Url', format: 'JSON', url: 'https://h' },
    ],
    ['<CallBackType>Url</CallBackType>', undefined],
  ])('the callback settings of %s are parsed', { tags: ['request-callback'] }, (rest, callback) => {
    expect(parseJobRequest(request({ rest })).callback).toEqual(callback)
  })

  const tooLong = 'x'.repeat(1025)
  test.each([
    [request({ tag: '' }), 'Request.Tag'],
    [request({ tag: '<Tag/>' }), 'Request.Tag'],
    [request({ tag: '<Tag>Transcode</Tag>' }), 'Request.Tag'],
    [request({ tag: '<Tag>DNA</Tag><Tag>DNA</Tag>' }), 'Request.Tag'],
    [request({ input: '' }), 'Request.Input'],
    [request({ input: '<Input/>' }), 'Request.Input.Object'],
    [request({ input: '<Input><Object><b/></Object></Input>' }), 'Request.Input.Object'],
    [request({ input: `<Input><Object>${tooLong}</Object></Input>` }), 'Request.Input.Object'],
    [request({ config: '' }), 'Request.Operation.DnaConfig'],
    [
      request({ config: '<DnaConfig><DnaDbId>Db1</DnaDbId></DnaConfig>' }),
      'Request.Operation.DnaConfig.RuleType',
    ],
    [
      request({ config: '<DnaConfig><RuleType>Find</RuleType><DnaDbId>Db1</DnaDbId></DnaConfig>' }),
      'Request.Operation.DnaConfig.RuleType',
    ],
    [
      request({ config: '<DnaConfig><RuleType>GetFingerPrint</RuleType></DnaConfig>' }),
      'Request.Operation.DnaConfig.DnaDbId',
    ],
    [
      request({
        config: '<DnaConfig><RuleType>DeleteFingerPrint</RuleType><DnaDbId>Db1</DnaDbId></DnaConfig>',
      }),
      'Request.Operation.DnaConfig.VideoId',
    ],
    [request({ operation: '<JobLevel>3</JobLevel>' }), 'Request.Operation.JobLevel'],
    [request({ operation: `<UserData>${tooLong}</UserData>` }), 'Request.Operation.UserData'],
    [request({ rest: '<CallBackType>TDMQ</CallBackType>' }), 'Request.CallBackMqConfig'],
    [request({ rest: '<CallBackType>SMS</CallBackType>' }), 'Request.CallBackType'],
    [request({ rest: '<CallBackFormat>YAML</CallBackFormat>' }), 'Request.CallBackFormat'],
    [request({ rest: '<CallBack>ftp://h/x</CallBack>' }), 'Request.CallBack'],
  ])('the error for %s names the element', { tags: ['names-at-fault'] }, (body, element) => {
    const { code, message } = faultOf(() => parseJobRequest(body))
    expect(code).toBe('InvalidArgument')
    expect(message.split(' ')[0]).toBe(element)
  })

  test('an empty body, another root and the malformed public sample get different codes', () => {
    expect(faultOf(() => parseJobRequest('')).code).toBe('MissingContent')
    expect(faultOf(() => parseJobRequest('<Job/>')).code).toBe('InvalidContent')
    const malformed = request({ rest: '<CallBackFormat>JSON<CallBackFormat>' })
    expect(faultOf(() => parseJobRequest(malformed)).code).toBe('InvalidContent')
  })

  test.each([
    ['\n  a.mp4\n', 'a.mp4'],
    [' a.mp4 ', ' a.mp4 '],
    [' \r\n a.mp4 ', 'a.mp4 '],
    ['a\n b.mp4 \n', 'a\n b.mp4'],
    ['  ', '  '],
  ])('%j around an object is trimmed only if it contains a line break', (written, object) => {
    expect(parseJobRequest(request({ input: `<Input><Object>${written}</Object></Input>` })).object).toBe(
      object,
    )
  })

  test.each([
    ['/Images/demo.mp4', 'Images/demo.mp4'],
    ['\n  /a.mp4\n', 'a.mp4'],
    ['a//b.mp4', 'a//b.mp4'],
    ['/a//b/', 'a//b/'],
    ['//a', '/a'],
  ])('the object %j loses its leading slash and no other', { tags: ['leading-slash'] }, (written, object) => {
    const input = `<Input><Object>${written}</Object></Input>`
    expect(parseJobRequest(request({ input })).object).toBe(object)
  })

  test('an object that is only a slash is missing', () => {
    const input = '<Input><Object>/</Object></Input>'
    expect(faultOf(() => parseJobRequest(request({ input }))).message).toBe(
      'Request.Input.Object is missing.',
    )
  })

  test('any object and user data are read unchanged', () => {
    // Outer line breaks count as pretty-printing, so names here have none.
    const printable = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((text) => text !== '/')
    fc.assert(
      fc.property(printable, printable, (object, userData) => {
        const body = writeXml([
          'Request',
          [
            ['Tag', 'DNA'],
            ['Input', [['Object', object]]],
            [
              'Operation',
              [
                [
                  'DnaConfig',
                  [
                    ['RuleType', 'GetFingerPrint'],
                    ['DnaDbId', 'Db1'],
                  ],
                ],
                ['UserData', userData],
              ],
            ],
          ],
        ])
        expect(parseJobRequest(body)).toMatchObject({ object: withoutLeadingSlash(object), userData })
      }),
    )
  })

  test('a mangled request yields a request or a Fault', () => {
    const names = [
      'Tag',
      'Input',
      'Object',
      'Operation',
      'DnaConfig',
      'RuleType',
      'DnaDbId',
      'JobLevel',
      'CallBack',
      'X',
    ]
    const values = ['DNA', 'GetFingerPrint', '1', 'no', '', 'http://', ' \n']
    const { node } = fc.letrec<{ node: XmlNode }>((tie) => ({
      node: fc.tuple(
        fc.constantFrom(...names),
        fc.oneof({ depthSize: 'small' }, fc.constantFrom(...values), fc.array(tie('node'), { maxLength: 6 })),
      ),
    }))
    fc.assert(
      fc.property(fc.array(node, { maxLength: 6 }), (children) => {
        const body = writeXml(['Request', children])
        expect(faultOf(() => parseJobRequest(body)).code).toMatch(/^(none|InvalidArgument)$/)
        expect(faultOf(() => parseQueueUpdate(body)).code).toMatch(/^(none|InvalidArgument)$/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a queue update', () => {
  test('absent fields stay absent', () => {
    expect(parseQueueUpdate('<Request/>')).toEqual({})
    expect(parseQueueUpdate('<Request><State>Paused</State></Request>')).toEqual({ state: 'Paused' })
  })

  test('a callback URL is parsed', { tags: ['notify-config'] }, () => {
    const body =
      '<Request><Name>My-Queue</Name><State>Active</State><NotifyConfig><State>On</State><Url>http://callback.demo.com</Url><Type>Url</Type><Event>TaskFinish,WorkflowFinish</Event><ResultFormat>JSON</ResultFormat></NotifyConfig></Request>'
    expect(parseQueueUpdate(body)).toEqual({
      name: 'My-Queue',
      state: 'Active',
      notify: {
        url: 'http://callback.demo.com',
        state: 'On',
        type: 'Url',
        event: 'TaskFinish,WorkflowFinish',
        resultFormat: 'JSON',
        mqMode: '',
        mqRegion: '',
        mqName: '',
      },
    })
  })

  const notify = (inner: string) => `<Request><NotifyConfig>${inner}</NotifyConfig></Request>`
  test.each([
    ['<Request><State>All</State></Request>', 'Request.State'],
    [`<Request><Name>${'测'.repeat(43)}</Name></Request>`, 'Request.Name'],
    [notify('<State>On</State>'), 'Request.NotifyConfig.Url'],
    [notify('<State>On</State><Type>TDMQ</Type><MqRegion>bj</MqRegion>'), 'Request.NotifyConfig.MqName'],
    [notify('<Event>JobStart</Event>'), 'Request.NotifyConfig.Event'],
  ])('the error for %s names the element', (body, element) => {
    const { code, message } = faultOf(() => parseQueueUpdate(body))
    expect(code).toBe('InvalidArgument')
    expect(message.split(' ')[0]).toBe(element)
  })
})
