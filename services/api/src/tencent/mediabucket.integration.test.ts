import { createKey } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const namesIn = (text: string) =>
  [...text.matchAll(/<BucketId>([^<]*)<\/BucketId><Name>/g)].map(([, name]) => name)
const get = (target: string) => api.signed({ method: 'GET', target })
const add = (host?: string) =>
  api.signed({
    method: 'POST',
    target: '/mediabucket',
    body: '',
    headers: host === undefined ? {} : { host },
  })

test('buckets are listed from their first use, page by page, and by name, beginning and region', {
  tags: ['buckets'],
}, async () => {
  const { status, text } = await add('films-125.ci.ap-chongqing.myqcloud.com')
  expect(status).toBe(200)
  expect(text).toMatch(
    /^<Response><RequestId>[^<]+<\/RequestId><MediaBucket><BucketId>films-125<\/BucketId><Name>films-125<\/Name><Region>ap-chongqing<\/Region><CreateTime>[^<]+<\/CreateTime><\/MediaBucket><\/Response>$/,
  )
  await add('music-125.ci.ap-beijing.myqcloud.com')
  await add()
  const all = await get('/mediabucket')
  expect(namesIn(all.text)).toEqual(['films-125', 'music-125', DEFAULT_BUCKET])
  expect(all.text).toMatch(/<TotalCount>3<\/TotalCount><PageNumber>1<\/PageNumber><PageSize>10<\/PageSize>/)
  for (const [query, names] of [
    ['pageSize=1&pageNumber=2', ['music-125']],
    ['bucketNames=films-125,none-1', ['films-125']],
    ['bucketName=mus', ['music-125']],
    ['bucketName=%25', []],
    ['regions=ap-beijing', ['music-125']],
    ['regions=&bucketName=&bucketNames=', ['films-125', 'music-125', DEFAULT_BUCKET]],
  ] as const)
    expect(namesIn((await get(`/mediabucket?${query}`)).text), query).toEqual(names)
  expect((await get('/mediabucket?pageSize=101')).status).toBe(400)
  for (const path of ['/template', '/workflow'])
    expect((await get(path)).text).toMatch(/<TotalCount>0<\/TotalCount><PageNumber>1</)
})

test('a key sees only the buckets of its policy, used or not', async () => {
  const key = await createKey(api.db, {
    encryptionKey: Buffer.alloc(32, 7),
    name: 'limited',
    buckets: ['fresh-125', 'films-125'],
  })
  const listed = await api.signed({ method: 'GET', target: '/mediabucket', key })
  expect([...namesIn(listed.text)].sort()).toEqual(['films-125', 'films-125', 'fresh-125'])
  const outside = await api.signed({
    method: 'POST',
    target: '/mediabucket',
    body: '',
    key,
    headers: { host: 'music-125.ci.local.myqcloud.com' },
  })
  expect(outside.status).toBe(400)
})
