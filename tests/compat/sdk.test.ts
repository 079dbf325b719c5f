import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobXml, type Submit } from '../e2e/client.ts'
import { type CompatHarness, openCompatHarness } from './compat-harness.ts'
import { openLossyProxy } from './lossy-proxy.ts'
import {
  allAt,
  at,
  createSdk,
  type Element,
  everyClient,
  SDK_BUCKET,
  SDK_REGION,
  type Sdk,
  textAt,
} from './sdk.ts'

const FILM = 'input/测试 film+1.mp4'
const DETAIL = ['JobsDetail'] as const
/** The bucket of a client that names none. */
const DEFAULTS = { bucket: 'kinoprint-1250000000', region: 'local' }

let harness: CompatHarness
beforeAll(async () => {
  harness = await openCompatHarness()
  const film = { seed: 81, seconds: 6 }
  for (const bucket of [SDK_BUCKET, DEFAULTS.bucket]) await harness.put(encodeURI(FILM), film, bucket)
})
afterAll(() => harness.close(), 40_000)

describe.each(everyClient)('SDK $release by $way', ({ release, way }) => {
  let sdk: Sdk
  let library: string
  const where = way === 'Ip' ? { bucket: SDK_BUCKET, region: SDK_REGION } : DEFAULTS

  beforeAll(async () => {
    sdk = createSdk({ release, way, address: harness.product.address })
    library = await harness.library()
  })

  const submit = async (job: Partial<Submit> = {}): Promise<Element> => {
    const body = jobXml({ rule: 'FindSimilarVideo', library, object: FILM, ...job })
    return (await sdk.call({ method: 'POST', key: 'jobs', body })).response
  }
  const submitId = async (job: Partial<Submit> = {}) => textAt(await submit(job), ...DETAIL, 'JobId')
  const get = async (key: string, query: Record<string, string> = {}) =>
    (await sdk.call({ method: 'GET', key, query })).response
  const stateOf = async (jobId: string) => textAt(await get(`jobs/${jobId}`), ...DETAIL, 'State')

  async function ended(job: Partial<Submit>): Promise<Element> {
    const jobId = await submitId(job)
    await expect.poll(() => stateOf(jobId), { interval: 40, timeout: 250_000 }).toMatch(/Success|Failed/)
    return at(await get(`jobs/${jobId}`), ...DETAIL)
  }

  async function paused(work: () => Promise<void>): Promise<void> {
    const queueId = textAt(await get('queue'), 'QueueList', 'QueueId')
    const turn = (state: string) =>
      sdk.call({ method: 'PUT', key: `queue/${queueId}`, body: `<Request><State>${state}</State></Request>` })
    expect(textAt((await turn('Paused')).response, 'Queue', 'State')).toBe('Paused')
    await work().finally(async () => {
      expect(textAt((await turn('Active')).response, 'Queue', 'State')).toBe('Active')
    })
  }

  test('stores a video, finds it, lists it and deletes it', { tags: ['flow'] }, async () => {
    const stored = await ended({ rule: 'GetFingerPrint', userData: 'é & <x>', level: 2 })
    expect(stored).toMatchObject({ Code: 'Success', State: 'Success', Progress: '100', Tag: 'DNA' })
    expect(at(stored, 'Input')).toEqual({ BucketId: where.bucket, Region: where.region, Object: FILM })
    expect(at(stored, 'Operation')).toMatchObject({ UserData: 'é & <x>', JobLevel: '2' })
    const videoId = textAt(stored, 'Operation', 'DNAResult', 'VideoId')
    expect(at(stored, 'Operation', 'DnaResult')).toEqual(at(stored, 'Operation', 'DNAResult'))

    const found = at(await ended({}), 'Operation', 'DNAResult')
    const match = { MatchStartTime: '0', MatchEndTime: '5', SrcStartTime: '0', SrcEndTime: '5' }
    expect(at(found, 'Detection')).toEqual({
      VideoId: videoId,
      Similar: '100',
      SimilarDuration: '6',
      Duration: '6',
      Audio: { Similar: '100' },
      MatchDetail: match,
    })

    const files = await get('dnadb_files', {
      dnaDbId: library,
      object: FILM,
      pageNumber: '1',
      pageSize: '10',
    })
    expect(at(files, 'DNADbFiles')).toMatchObject({ DNADbId: library, VideoId: videoId, Object: FILM })
    expect(textAt(files, 'DNADbFiles', 'ETag')).toMatch(/^"[0-9a-f]{32}"$/)

    // The public table lists DeleteVideoPrint, and existing clients use that name.
    const rule = release === '3.0.0' ? 'DeleteFingerPrint' : 'DeleteVideoPrint'
    const gone = at(await ended({ rule: rule as Submit['rule'], videoId }), 'Operation')
    expect(at(gone, 'DNAResult')).toEqual({ Duration: '6', VideoId: videoId })
    expect(at(gone, 'DnaConfig')).toEqual({
      DnaDbId: library,
      RuleType: 'DeleteFingerPrint',
      VideoId: videoId,
    })
    expect(at(await ended({ userData: 'again' }), 'Operation', 'DNAResult', 'Detection')).toBeUndefined()
    expect(textAt(await get('dnadb_files', { dnaDbId: library }), 'TotalCount')).toBe('0')
  })

  test('submits several operations in one request', { tags: ['sdk-operations'] }, async () => {
    const one = jobXml({ rule: 'FindSimilarVideo', library, object: FILM, userData: 'several' })
    const operation = /<Operation>.*<\/Operation>/s.exec(one)?.[0] ?? ''
    const body = one.replace(operation, operation.repeat(3))
    const { response } = await sdk.call({ method: 'POST', key: 'jobs', body })
    const ids = allAt(response, ...DETAIL).map((job) => textAt(job, 'JobId'))
    expect(new Set(ids).size).toBe(3)
  })

  test('gets a failed job with the Code of the public table', { tags: ['failed'] }, async () => {
    const failed = await ended({ object: 'none.mp4', userData: 'fails' })
    expect(failed).toMatchObject({ Code: 'ResourceNotFound', State: 'Failed' })
    expect(textAt(failed, 'Message')).not.toBe('')
    expect(at(failed, 'Operation', 'DNAResult')).toBeUndefined()
  })

  test('pauses and resumes a queue, which changes its waiting jobs to Pause and back', {
    tags: ['pausing'],
  }, async () => {
    let jobId = ''
    await paused(async () => {
      jobId = await submitId({ object: 'none.mp4', userData: 'paused' })
      expect(await stateOf(jobId)).toBe('Pause')
      expect(allAt(await get('queue', { state: 'Paused' }), 'QueueList')).toHaveLength(1)
      expect(allAt(await get('queue', { state: 'Active' }), 'QueueList')).toHaveLength(0)
      expect(allAt(await get('queue', { state: 'All', category: 'CateAll' }), 'QueueList')).toHaveLength(1)
    })
    await expect.poll(() => stateOf(jobId), { interval: 40, timeout: 250_000 }).toBe('Failed')
  })

  test('gets each job once across all pages, in both orders, while others arrive', { tags: ['paging'] }, () =>
    paused(async () => {
      const object = `pages-${library}.mp4`
      const made: string[] = []
      const add = async () => made.push(await submitId({ object, userData: String(made.length) }))
      for (let n = 0; n < 5; n++) await add()
      const filter = { inputObject: object, size: '2', states: 'Pause,Running', tag: 'DNA' }
      const pages = async (orderByTime: string) => {
        const seen: string[] = []
        let nextToken = ''
        do {
          const page = await get('jobs', { ...filter, orderByTime, nextToken })
          seen.push(...allAt(page, 'JobsDetail').map((job) => textAt(job, 'JobId')))
          nextToken = textAt(page, 'NextToken')
          if (made.length < 8) await add()
        } while (nextToken !== '')
        return seen
      }
      const first = [...made]
      expect(await pages('Desc')).toEqual([...first].reverse())
      expect(await pages('Asc')).toEqual(made)
      for (const jobId of made) await sdk.call({ method: 'PUT', key: `jobs/${jobId}` })
    }),
  )

  test('filters jobs by every parameter and treats empty ones as absent', { tags: ['filters'] }, () =>
    paused(async () => {
      const object = `filters-${library}.mp4`
      const view = at(await submit({ object }), ...DETAIL)
      const [jobId, queueId] = [textAt(view, 'JobId'), textAt(view, 'QueueId')]
      const count = async (query: Record<string, string>) =>
        allAt(await get('jobs', { inputObject: object, ...query }), 'JobsDetail').length
      const created = textAt(view, 'CreationTime')
      expect(await count({ startCreationTime: created, endCreationTime: created })).toBe(1)
      const [early, late] = ['2001-01-01T00:00:00+0800', '2099-01-01T00:00:00+0800']
      const empty = { queueId: '', tag: '', orderByTime: '', nextToken: '', size: '', states: '' }
      expect(await count({ ...empty, startCreationTime: '', endCreationTime: '', workflowId: '' })).toBe(1)
      const hits = { queueId, tag: 'DNA', states: 'All', startCreationTime: early, endCreationTime: late }
      expect(await count(hits)).toBe(1)
      for (const miss of [
        { queueId: 'p0' },
        { states: 'Submitted,Running,Success,Failed,Cancel' },
        { startCreationTime: late },
        { endCreationTime: early },
        { inputObject: `${object}x` },
        { workflowId: 'w1' },
        { inventoryTriggerJobId: 'b1' },
      ])
        expect(await count(miss), JSON.stringify(miss)).toBe(0)
      expect(at(await get('jobs', { inputObject: 'none' }))).toEqual({ NextToken: '' })
      await sdk.call({ method: 'PUT', key: `jobs/${jobId}` })
    }),
  )

  test(
    'cancels a waiting job with and without its query, and gets several jobs at once',
    { tags: ['several'] },
    () =>
      paused(async () => {
        const ids: string[] = []
        const cancels = [{}, { action: 'cancel' }, { query: { cancel: '' } }]
        for (const [n, how] of cancels.entries()) {
          const jobId = await submitId({ userData: `cancel ${n}` })
          const { status, headers } = await sdk.call({ method: 'PUT', key: `jobs/${jobId}`, ...how })
          expect([status, headers['content-length']]).toEqual([200, '0'])
          ids.push(jobId)
        }
        const several = await get(`jobs/${[...ids, 'j0', 'j1'].join(',')}`)
        const shown = allAt(several, 'JobsDetail').map((job) => [textAt(job, 'JobId'), textAt(job, 'State')])
        expect(shown).toEqual(ids.map((jobId) => [jobId, 'Cancel']))
        expect(allAt(several, 'NonExistJobIds')).toEqual(['j0', 'j1'])
        expect(at(await get('jobs/j0'))).toEqual({ NonExistJobIds: 'j0' })
      }),
  )

  test('lists libraries and queues by id and by page', { tags: ['lists'] }, async () => {
    const known = await get('dnadb', { ids: `${library},Db0`, pageNumber: '1', pageSize: '5' })
    expect(known).toMatchObject({ TotalCount: '1', PageNumber: '1', PageSize: '5', NonExistIDs: 'Db0' })
    const config = { BucketId: SDK_BUCKET, Region: SDK_REGION, DNADbId: library, Capacity: '10000' }
    expect(at(known, 'DNADbConfig')).toMatchObject(config)
    expect(Number(textAt(await get('dnadb', { pageSize: '1' }), 'TotalCount'))).toBeGreaterThan(0)
    const queues = await get('queue', { queueIds: 'p0,p1', pageNumber: '1', pageSize: '10' })
    expect(queues).toMatchObject({ TotalCount: '0', NonExistPIDs: ['p0', 'p1'] })
    expect(at(await get('queue'), 'TotalCount')).toBeUndefined()
  })

  test('submits a job for each object under a prefix', { tags: ['sdk-inventory'] }, async () => {
    const config = `<DnaConfig><RuleType>FindSimilarVideo</RuleType><DnaDbId>${library}</DnaDbId></DnaConfig>`
    const body = `<Request><Name>all</Name><Input><Prefix>input/</Prefix></Input><Operation><Tag>DNA</Tag><JobParam>${config}</JobParam></Operation></Request>`
    const made = await sdk.call({ method: 'POST', key: 'inventorytriggerjob', body })
    const id = textAt(made.response, ...DETAIL, 'JobId')
    const state = async () => textAt(await get(`inventorytriggerjob/${id}`), ...DETAIL, 'State')
    await expect.poll(state, { interval: 200, timeout: 250_000 }).toBe('Success')
    expect(at(await get('inventorytriggerjob', { jobId: id }), ...DETAIL)).toMatchObject({
      SubmittedCount: '1',
      SuccessCount: '1',
      FailedCount: '0',
    })
    const job = at(await get('jobs', { inventoryTriggerJobId: id }), ...DETAIL)
    expect(job).toMatchObject({ InventoryTriggerJobId: id, Input: { Object: FILM } })
  })

  test('lists and registers buckets, and finds no templates or workflows', {
    tags: ['sdk-buckets'],
  }, async () => {
    const registered = await sdk.call({ method: 'POST', key: 'mediabucket', body: '' })
    expect(at(registered.response, 'MediaBucket')).toMatchObject({
      BucketId: where.bucket,
      Region: where.region,
    })
    const listed = await get('mediabucket', {
      bucketNames: where.bucket,
      regions: where.region,
      bucketName: '',
    })
    expect(listed).toMatchObject({ TotalCount: '1', MediaBucketList: { Name: where.bucket } })
    for (const key of ['template', 'workflow']) expect(await get(key)).toMatchObject({ TotalCount: '0' })
  })

  test('repeats a request whose response was lost and creates one job', {
    tags: ['retry'],
  }, async () => {
    // The host is the proxy's. The bucket comes from the key or from the official host name.
    const proxy = await openLossyProxy(harness.url, 2)
    const object = `repeated-${library}.mp4`
    const retrying = createSdk({ release, way, address: { ...harness.product.address, url: proxy.url } })
    await paused(async () => {
      const body = jobXml({ rule: 'FindSimilarVideo', library, object })
      const { response } = await retrying.call({ method: 'POST', key: 'jobs', body })
      expect([retrying.sent(), proxy.connections()]).toEqual([3, 3])
      const listed = allAt(await get('jobs', { inputObject: object }), 'JobsDetail')
      expect(listed.map((job) => textAt(job, 'JobId'))).toEqual([textAt(response, ...DETAIL, 'JobId')])
      await sdk.call({ method: 'PUT', key: `jobs/${textAt(response, ...DETAIL, 'JobId')}` })
    })
    await proxy.close()
  })
})
