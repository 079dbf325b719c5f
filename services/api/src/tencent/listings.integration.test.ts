import { createKey, ensureQueue } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
const libraries: string[] = []
beforeAll(async () => {
  api = await startTestApi()
  for (let index = 0; index < 12; index++) {
    libraries.push((await addLibrary(api.db, `library ${index} <&>`)).dnaDbId)
  }
})
afterAll(() => api.close())

function get(target: string) {
  return api.signed({ method: 'GET', target })
}
function library(index: number): string {
  return libraries[index] ?? ''
}

describe('GET /dnadb', () => {
  test('a page contains ten libraries by default', { tags: ['libraries'] }, async () => {
    const { text } = await get('/dnadb')
    expect(tags('DNADbId', text)).toHaveLength(10)
    expect(text).toContain(
      '<TotalCount>12</TotalCount><PageNumber>1</PageNumber><PageSize>10</PageSize><DNADbConfig>',
    )
    const second = await get('/dnadb?pageNumber=2&pageSize=10')
    expect(new Set([...tags('DNADbId', text), ...tags('DNADbId', second.text)])).toEqual(new Set(libraries))
  })

  test('the elements of a library are in documented order', async () => {
    const { text } = await get(`/dnadb?ids=${library(0)}`)
    expect(text).toMatch(
      /<DNADbConfig><BucketId>[^<]+<\/BucketId><Region>local<\/Region><DNADbId>Db[0-9a-f]{32}<\/DNADbId><DNADbName>library 0 &lt;&amp;&gt;<\/DNADbName><Capacity>10000<\/Capacity><Description\/><CreateTime>[^<]+<\/CreateTime><UpdateTime>[^<]+<\/UpdateTime><\/DNADbConfig><\/Response>$/,
    )
  })

  test('unknown ids are listed, and only those', async () => {
    const { text } = await get(`/dnadb?ids=${['Db0', ...libraries].join(',')}`)
    expect(tags('NonExistIDs', text)).toEqual(['Db0'])
    expect(tags('DNADbId', text)).toHaveLength(10)
    expect(tag('TotalCount', text)).toBe('12')
  })

  test('a key sees only the libraries of its policy', async () => {
    const key = await createKey(api.db, {
      encryptionKey: Buffer.alloc(32, 7),
      name: 'one',
      libraries: [library(3)],
    })
    const { text } = await api.signed({
      method: 'GET',
      target: `/dnadb?ids=${library(2)},${library(3)}`,
      key,
    })
    expect(tags('DNADbId', text)).toEqual([library(3)])
    expect(tags('NonExistIDs', text)).toEqual([library(2)])
  })

  test.each([
    'pageSize=0',
    'pageSize=101',
    'pageNumber=x',
    `ids=${Array(21)
      .fill(0)
      .map((_, i) => i)
      .join(',')}`,
  ])('the query %s is rejected', async (query) => {
    const { status, text } = await get(`/dnadb?${query}`)
    expect([status, tag('Code', text)]).toEqual([400, 'InvalidArgument'])
  })
})

describe.each(['/dnadb_files', '/dnadbfiles'])('GET %s', (path) => {
  beforeAll(async () => {
    for (const object of ['a.mp4', 'b/测试 1+.mp4']) await addVideo(api.db, { dnaDbId: library(0), object })
    await addVideo(api.db, { dnaDbId: library(1), object: 'a.mp4', bucket: 'films-125' })
  })

  test('videos are listed in total, by library and by object', { tags: ['files'] }, async () => {
    expect(tag('TotalCount', (await get(path)).text)).toBe('3')
    const ofLibrary = await get(`${path}?dnaDbId=${library(0)}&object=&pageNumber=`)
    expect(tags('Object', ofLibrary.text).sort()).toEqual(['a.mp4', 'b/测试 1+.mp4'])
    const ofObject = await get(`${path}?object=${encodeURIComponent('b/测试 1+.mp4')}`)
    expect(ofObject.text).toMatch(
      /<DNADbFiles><BucketId>[^<]+<\/BucketId><Region>local<\/Region><DNADbId>Db\w+<\/DNADbId><VideoId>dv[0-9a-f]{32}<\/VideoId><Object>b\/测试 1\+.mp4<\/Object><ETag>"0123456789abcdef0123456789abcdef"<\/ETag><CreateTime>[^<]+<\/CreateTime><UpdateTime>[^<]+<\/UpdateTime><\/DNADbFiles><\/Response>$/,
    )
  })

  test('a key sees only the videos of its buckets', async () => {
    const key = await createKey(api.db, {
      encryptionKey: Buffer.alloc(32, 7),
      name: 'films',
      buckets: ['films-125'],
    })
    const { text } = await api.signed({ method: 'GET', target: path, key })
    expect(tags('BucketId', text)).toEqual(['films-125'])
  })
})

describe('/queue', () => {
  test('queues are listed, with counts only if paging is requested', { tags: ['categories'] }, async () => {
    const { queueId } = await ensureQueue(api.db, { bucket: DEFAULT_BUCKET, region: 'local' })
    const { text } = await get('/queue?queueIds=&state=All&pageNumber=&pageSize=')
    expect(tags('QueueId', text)).toEqual([queueId])
    expect(text).not.toContain('TotalCount')
    expect(text).toContain('<MaxSize>10000</MaxSize><MaxConcurrent>10</MaxConcurrent>')
    const paged = await get(`/queue?pageNumber=1&queueIds=${queueId},p0`)
    expect(tag('TotalCount', paged.text)).toBe('1')
    expect(tags('NonExistPIDs', paged.text)).toEqual(['p0'])
    expect(tags('QueueId', (await get('/queue?state=Paused')).text)).toEqual([])
    expect(tags('QueueId', (await get('/queue?category=Other')).text)).toEqual([])
  })

  test('pausing a queue changes its waiting jobs to Pause, resuming to Submitted', async () => {
    const { queueId } = await ensureQueue(api.db, { bucket: DEFAULT_BUCKET, region: 'local' })
    const body = jobXml({ dnaDbId: library(0) })
    const jobId = tag('JobId', (await api.signed({ method: 'POST', target: '/jobs', body })).text)
    const put = (xml: string) =>
      api.signed({ method: 'PUT', target: `/queue/${queueId}`, body: `<Request>${xml}</Request>` })
    const stateOf = async () => tag('State', (await get(`/jobs/${jobId}`)).text)
    const paused = await put(
      '<Name>films</Name><State>Paused</State><NotifyConfig><Url>http://hooks.test/x</Url><State>On</State><Type>Url</Type><Event>TaskFinish</Event></NotifyConfig>',
    )
    expect(paused.status).toBe(200)
    expect(paused.text).toMatch(/^<Response><RequestId>[^<]+<\/RequestId><Queue><QueueId>/)
    expect(paused.text).toContain(
      '<Name>films</Name><State>Paused</State><NotifyConfig><Url>http://hooks.test/x</Url>',
    )
    expect(await stateOf()).toBe('Pause')
    await put('<State>Active</State>')
    expect(await stateOf()).toBe('Submitted')
  })

  test('an unknown queue, invalid values and TDMQ without a broker are rejected', async () => {
    const { queueId } = await ensureQueue(api.db, { bucket: DEFAULT_BUCKET, region: 'local' })
    const put = (id: string, xml: string) =>
      api.signed({ method: 'PUT', target: `/queue/${id}`, body: `<Request>${xml}</Request>` })
    for (const answer of [
      await put('p0', '<State>Active</State>'),
      await put(queueId, '<State>Asleep</State>'),
      await put(
        queueId,
        '<NotifyConfig><State>On</State><Type>TDMQ</Type><MqMode>Queue</MqMode><MqRegion>r</MqRegion><MqName>n</MqName></NotifyConfig>',
      ),
    ]) {
      expect([answer.status, tag('Code', answer.text)]).toEqual([400, 'InvalidArgument'])
    }
  })
})
