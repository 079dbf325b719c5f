import { createKey } from '@kinoprint/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addLibrary, DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

let api: RunningTestApi
let dnaDbId: string
beforeAll(async () => {
  api = await startTestApi()
  dnaDbId = (await addLibrary(api.db, 'films')).dnaDbId
})
afterAll(() => api.close())

function body({
  input = '<Prefix>in/</Prefix>',
  rule = 'FindSimilarVideo',
  library = dnaDbId,
  more = '',
} = {}) {
  const config = `<DnaConfig><RuleType>${rule}</RuleType><DnaDbId>${library}</DnaDbId></DnaConfig>`
  return `<Request><Name>all films</Name><Type>Job</Type><Input>${input}</Input><Operation><Tag>DNA</Tag><JobParam>${config}</JobParam>${more}</Operation></Request>`
}
const post = (text: string, headers = {}) =>
  api.signed({ method: 'POST', target: '/inventorytriggerjob', body: text, headers })
const get = (target: string) => api.signed({ method: 'GET', target: `/inventorytriggerjob${target}` })
const idsIn = (text: string) => [...text.matchAll(/<JobId>(b[0-9a-f]{32})</g)].map(([, id]) => id)

describe('/inventorytriggerjob', () => {
  test('an inventory job is submitted, shown, listed page by page and cancelled', {
    tags: ['inventory-routes'],
  }, async () => {
    const made = await post(body({ more: '<UserData>mine</UserData><JobLevel>2</JobLevel>' }))
    const id = String(tag('JobId', made.text))
    expect(made.text).toMatch(
      new RegExp(
        `^<Response><RequestId>[^<]+</RequestId><JobsDetail><Code>Success</Code><Message/><Name>all films</Name><Type>Job</Type><JobId>b[0-9a-f]{32}</JobId><State>Submitted</State>.*<SubmittedCount>0</SubmittedCount><SuccessCount>0</SuccessCount><FailedCount>0</FailedCount><Input><BucketId>${DEFAULT_BUCKET}</BucketId><Region>local</Region><Prefix>in/</Prefix></Input><Operation><Tag>DNA</Tag><JobParam><DnaConfig><DnaDbId>${dnaDbId}</DnaDbId><RuleType>FindSimilarVideo</RuleType></DnaConfig></JobParam><JobLevel>2</JobLevel><UserData>mine</UserData></Operation></JobsDetail></Response>$`,
      ),
    )
    expect(idsIn((await get(`/${id}`)).text)).toEqual([id])
    expect((await get('/b0')).text).toContain('<NonExistJobId>b0</NonExistJobId>')
    const second = String(tag('JobId', (await post(body())).text))
    const first = await get('?size=1')
    expect(idsIn(first.text)).toEqual([second])
    const next = await get(`?size=1&nextToken=${tag('NextToken', first.text)}`)
    expect([idsIn(next.text), tag('NextToken', next.text) ?? '']).toEqual([[id], ''])
    for (const [query, ids] of [
      [`jobId=${id}`, [id]],
      ['name=all%20films&orderByTime=Asc', [id, second]],
      ['name=none', []],
      ['states=Success', []],
      ['type=Workflow', []],
      ['states=All&startCreationTime=2001-01-01T00:00:00%2B0800', [second, id]],
    ] as const)
      expect(idsIn((await get(`?${query}`)).text), query).toEqual(ids)
    const cancel = () => api.signed({ method: 'PUT', target: `/inventorytriggerjob/${id}?cancel` })
    expect((await cancel()).text).toMatch(/^<Response><RequestId>/)
    expect(tag('State', (await get(`/${id}`)).text)).toBe('Cancel')
    expect((await cancel()).status).toBe(400)
  })

  test('a wrong inventory job is refused with the path of the element', {
    tags: ['inventory-errors'],
  }, async () => {
    for (const [text, message] of [
      [body({ rule: 'DeleteFingerPrint' }), 'VideoId is missing'],
      [body({ library: 'Db0' }), 'Db0'],
      [body({ input: '' }), 'exactly one of Prefix, Object, UrlFile and Manifest'],
      [body({ input: '<Prefix>a</Prefix><Object>b</Object>' }), 'exactly one of'],
      [body({ input: '<Prefix>a</Prefix><Manifest>m.json</Manifest>' }), 'exactly one of'],
      [body({ more: '<QueueId>p0</QueueId>' }), 'p0'],
      [body({ more: '<CallBack>http://127.0.0.1/</CallBack>' }), '127.0.0.1'],
      [body({ more: '<TimeInterval><Start>soon</Start></TimeInterval>' }), 'Start'],
      [body({ input: `<Prefix>${'x'.repeat(5000)}</Prefix>` }), 'more than 2048 bytes'],
      ['<Request/>', 'Request.Operation is missing'],
    ] as const) {
      const refused = await post(text)
      expect([refused.status, tag('Code', refused.text)], text).toEqual([400, 'InvalidArgument'])
      expect(tag('Message', refused.text)).toContain(message)
    }
  })

  test('inventory jobs of other buckets and libraries do not exist', {
    tags: ['inventory-scope'],
  }, async () => {
    const host = 'films-125.ci.local.myqcloud.com'
    const id = tag('JobId', (await post(body(), { host })).text)
    const encryptionKey = Buffer.alloc(32, 7)
    for (const policy of [{ buckets: ['music-125'] }, { libraries: ['Db1'] }]) {
      const key = await createKey(api.db, { encryptionKey, name: 'other', ...policy })
      const as = (method: string, target: string) =>
        api.signed({ method, target: `/inventorytriggerjob${target}`, key })
      expect(idsIn((await as('GET', '')).text)).toEqual([])
      expect((await as('GET', `/${id}`)).text).toContain('NonExistJobId')
      expect((await as('PUT', `/${id}?cancel`)).status).toBe(400)
    }
    expect(
      idsIn((await api.signed({ method: 'GET', target: '/inventorytriggerjob', headers: { host } })).text),
    ).toEqual([id])
  })

  test('an inventory job names its manifest', { tags: ['inventory-manifest-route'] }, async () => {
    const made = await post(body({ input: '<Manifest>https://x.example/i/manifest.json</Manifest>' }))
    expect(made.text).toContain('<Manifest>https://x.example/i/manifest.json</Manifest></Input>')
  })
})
