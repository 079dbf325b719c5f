import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ADMIN_TOKEN,
  addLibrary,
  addVideo,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'

let api: RunningTestApi
let dnaDbId: string
let target: string
beforeAll(async () => {
  api = await startTestApi()
  dnaDbId = (await addLibrary(api.db, 'events')).dnaDbId
  target = `/admin/libraries/${dnaDbId}/object-events`
})
afterAll(() => api.close())

type Event = { eventName?: string; bucket?: string; object: Record<string, unknown> }

/** An event with the other fields that MinIO sends. */
function recordOf({ eventName = 's3:ObjectCreated:Put', bucket = 'films-125', object }: Event) {
  return {
    ...{ eventVersion: '2.0', eventSource: 'minio:s3', awsRegion: '', eventTime: '2026-01-02T03:04:05.678Z' },
    eventName,
    userIdentity: { principalId: 'minio' },
    s3: {
      ...{ s3SchemaVersion: '1.0', configurationId: 'Config' },
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: { size: 488, contentType: 'video/mp4', ...object },
    },
  }
}

function send(events: readonly Event[], { query = '', headers = {} } = {}) {
  const Records = events.map(recordOf)
  const json = { EventName: Records[0]?.eventName, Key: 'films-125/a.mp4', Records }
  return api.admin({ method: 'POST', target: `${target}${query}`, json, headers })
}

async function jobsOf(object: string) {
  const { json } = await api.admin({
    method: 'GET',
    target: `/admin/jobs?object=${encodeURIComponent(object)}`,
  })
  return (json as { items: { ruleType: string; bucket: string; region: string }[] }).items
}

test('a created object is stored once, even if its event arrives several times at once', {
  tags: ['object-events'],
}, async () => {
  const event = { object: { key: 'new+films%2Fa%2Bb.mp4', eTag: 'e1', sequencer: '14E11E32397D42C4' } }
  const answers = await Promise.all([1, 2, 3, 4].map(() => send([event, event])))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const bodies = answers.map(({ json }) => json as { jobs: unknown[]; repeated: number })
  expect(bodies.flatMap(({ jobs }) => jobs)).toEqual([
    { jobId: expect.stringMatching(/^j/), bucket: 'films-125', object: 'new films/a+b.mp4' },
  ])
  expect(bodies.reduce((sum, { repeated }) => sum + repeated, 0)).toBe(7)
  expect(await jobsOf('new films/a+b.mp4')).toMatchObject([
    { ruleType: 'GetFingerPrint', bucket: 'films-125', region: 'local' },
  ])
  const changed = { object: { ...event.object, sequencer: '14E11E32397D42C5' } }
  expect(((await send([changed])).json as { jobs: unknown[] }).jobs).toHaveLength(1)
})

test('an event of Ceph is looked up, with its ETag in place of a sequencer and its token as a password', async () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
  const events = [
    { eventName: 'ObjectCreated:CompleteMultipartUpload', object: { key: 'c.mp4', size: '9', eTag: 'e2' } },
  ]
  const query = '?ruleType=FindSimilarVideo&region=eu-1'
  const headers = basic(`events:${ADMIN_TOKEN}`)
  for (const repeated of [0, 1]) {
    const { status, json } = await send(events, { query, headers })
    expect([status, json]).toMatchObject([200, { repeated }])
  }
  expect(await jobsOf('c.mp4')).toMatchObject([{ ruleType: 'FindSimilarVideo', region: 'eu-1' }])
  for (const wrong of [
    basic('events:wrong'),
    basic(ADMIN_TOKEN),
    basic(`${ADMIN_TOKEN}:`),
    { authorization: 'Basic !' },
  ])
    expect((await send(events, { headers: wrong })).status).toBe(401)
  const elsewhere = await api.admin({ method: 'GET', target: '/admin/jobs', headers })
  expect(elsewhere.status).toBe(401)
})

test('events that make no job are named with the reason', async () => {
  const key = (text: string): Event => ({ object: { key: text, sequencer: '1' } })
  const { status, json } = await send([
    { eventName: 's3:ObjectRemoved:Delete', object: { key: 'gone.mp4', sequencer: '1' } },
    key('%E0%A4%A'),
    key('.comparisons/cp1/query.mp4'),
    key('folder%2F'),
    key('..%2F..%2Fetc%2Fpasswd'),
    { bucket: '../etc', object: { key: 'a.mp4', sequencer: '1' } },
    { object: { key: 'unversioned.mp4' } },
  ])
  expect(status).toBe(200)
  const { jobs, ignored } = json as { jobs: unknown[]; ignored: { reason: string }[] }
  expect(jobs).toEqual([])
  expect(ignored.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('videos of removed objects stay'),
    expect.stringContaining('URL-encoded'),
    expect.stringContaining('Kinoprint made'),
    expect.stringContaining('folder'),
    expect.stringContaining('is not an object name'),
    expect.stringContaining('is not a bucket name'),
    expect.stringContaining('neither sequencer nor eTag'),
  ])
})

test('the video of a removed object is deleted if wanted, unless the object exists again', async () => {
  const video = await addVideo(api.db, { dnaDbId, bucket: 'films-125', object: 'removed.mp4' })
  const remove = async (object: string, query = '?removed=delete') => {
    const event = { eventName: 's3:ObjectRemoved:Delete', object: { key: object, sequencer: '77' } }
    const { status, json } = await send([event], { query })
    expect(status).toBe(200)
    return json
  }
  const ignored = (reason: string) => ({ jobs: [], ignored: [{ reason: expect.stringContaining(reason) }] })
  expect(await remove('removed.mp4', '')).toMatchObject(ignored('stay'))
  await api.objects.write('films-125', 'removed.mp4', Readable.from([Buffer.from('again')]))
  expect(await remove('removed.mp4')).toMatchObject(ignored('exists again'))
  await api.objects.remove('films-125', 'removed.mp4')
  expect(await remove('removed.mp4')).toMatchObject({ jobs: [{ object: 'removed.mp4' }] })
  expect(await jobsOf('removed.mp4')).toMatchObject([
    { ruleType: 'DeleteFingerPrint', videoId: video.videoId },
  ])
  expect(await remove('removed.mp4')).toMatchObject({ jobs: [], repeated: 1 })
  expect(await remove('never-stored.mp4')).toMatchObject(ignored('no video'))
})

test('a body that is no list of events, a test event, and an unknown library are answered as such', async () => {
  const post = (json: unknown, path = target) => api.admin({ method: 'POST', target: path, json })
  expect((await post({ Service: 'Amazon S3', Event: 's3:TestEvent' })).json).toEqual({
    jobs: [],
    repeated: 0,
    ignored: [],
  })
  for (const wrong of [
    [],
    { Records: 'x' },
    { Records: [{}] },
    { Records: [recordOf({ object: { key: 1 } })] },
  ])
    expect((await post(wrong)).status).toBe(400)
  expect((await post({ Records: Array(1001).fill(recordOf({ object: { key: 'a' } })) })).status).toBe(400)
  expect((await post({ Records: [] }, '/admin/libraries/Db0/object-events')).status).toBe(404)
})

test('while the queue is full an event is refused, and it makes a job when it is sent again', async () => {
  const { queueId } = (await jobsOf('c.mp4'))[0] as unknown as { queueId: string }
  await api.db.pool.query('update queues set max_size = 0 where queue_id = $1', [queueId])
  const event = { object: { key: 'later.mp4', sequencer: '9' } }
  expect((await send([event], { query: '?region=eu-1' })).status).toBe(403)
  await api.db.pool.query('update queues set max_size = 100 where queue_id = $1', [queueId])
  expect((await send([event], { query: '?region=eu-1' })).json).toMatchObject({
    jobs: [{ object: 'later.mp4' }],
    repeated: 0,
  })
})
