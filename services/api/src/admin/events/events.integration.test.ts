import { enqueueJob } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_TOKEN, DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

type Event = { readonly id: string; readonly name: string; readonly data: Record<string, unknown> }
const bearer = { authorization: `Bearer ${ADMIN_TOKEN}` }

/** Opens a stream and collects its events. */
async function follow(query = '', headers: Record<string, string> = bearer) {
  const abort = new AbortController()
  const url = `http://127.0.0.1:${api.port}/admin/events${query}`
  const response = await fetch(url, { headers, signal: abort.signal })
  const events: Event[] = []
  const ended = collect(response, events).catch(() => undefined)
  const seen = (name: string) => expect.poll(() => events.some((event) => event.name === name)).toBe(true)
  return { response, events, ended, seen, close: () => abort.abort() }
}

async function collect(response: Response, events: Event[]): Promise<void> {
  let text = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
      )
      const [id = '', name] = [fields.get('id'), fields.get('event')]
      if (name !== undefined) events.push({ id, name, data: JSON.parse(fields.get('data') ?? '{}') })
    }
  }
}

function addJob() {
  return enqueueJob(api.db, {
    ruleType: 'GetFingerPrint',
    dnaDbId: 'Db1',
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object: 'a.mp4',
  })
}
function jobStates({ events }: { events: readonly Event[] }, jobId: string) {
  return events
    .filter(({ name, data }) => name === 'job' && data.jobId === jobId)
    .map(({ data }) => data.state)
}

test('a stream tells of a job that is new, cancelled and retried, with counts', async () => {
  await addJob()
  const stream = await follow('?topics=jobs')
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
  await stream.seen('reset')
  const { jobId } = await addJob()
  await expect.poll(() => jobStates(stream, jobId)).toEqual(['Submitted'])
  await api.admin({ method: 'POST', target: `/admin/jobs/${jobId}/cancel` })
  await expect.poll(() => jobStates(stream, jobId)).toEqual(['Submitted', 'Cancel'])
  await api.admin({ method: 'POST', target: `/admin/jobs/${jobId}/retry` })
  await expect.poll(() => jobStates(stream, jobId)).toEqual(['Submitted', 'Cancel', 'Submitted'])
  const counts = stream.events.filter(({ name }) => name === 'jobs').map(({ data }) => data.waiting)
  expect(counts).toEqual([2, 1, 2])
  // Only what changed: the job that was there before is not sent.
  expect(new Set(stream.events.flatMap(({ name, data }) => (name === 'job' ? [data.jobId] : [])))).toEqual(
    new Set([jobId]),
  )
  stream.close()
})

test('a stream that comes back with Last-Event-ID gets what it missed, and others a reset', async () => {
  const first = await follow('?topics=jobs')
  const before = await addJob()
  await expect.poll(() => jobStates(first, before.jobId)).toEqual(['Submitted'])
  first.close()
  const lastId = first.events.at(-1)?.id ?? ''
  const witness = await follow('?topics=jobs')
  const { jobId } = await addJob()
  await expect.poll(() => jobStates(witness, jobId)).toEqual(['Submitted'])
  const again = await follow('?topics=jobs', { ...bearer, 'last-event-id': lastId })
  await expect.poll(() => jobStates(again, jobId)).toEqual(['Submitted'])
  expect(again.events[0]?.name).not.toBe('reset')
  for (const unknown of ['nonsense', lastId.replace(/^./, 'x'), `${lastId}9999`]) {
    const other = await follow('?topics=jobs', { ...bearer, 'last-event-id': unknown })
    await other.seen('reset')
    other.close()
  }
  for (const stream of [witness, again]) stream.close()
})

test('a stream gets only its topics, and changes of a queue as its id', async () => {
  const { queueId } = await addJob()
  const stream = await follow('?topics=queues,matches')
  await stream.seen('reset')
  await addJob()
  await api.admin({ method: 'PATCH', target: `/admin/queues/${queueId}`, json: { maxConcurrent: 7 } })
  await stream.seen('queue')
  expect(stream.events.find(({ name }) => name === 'queue')?.data).toEqual({ queueId })
  expect(stream.events.map(({ name }) => name)).not.toContain('job')
  stream.close()
  expect((await follow('?topics=weather')).response.status).toBe(400)
})

test('a stream of a cookie ends when its session ends, here or in another process', async () => {
  const signIn = async () => {
    const body = JSON.stringify({ token: ADMIN_TOKEN })
    const answered = await api.send({ method: 'POST', target: '/admin/session', body })
    const [written = ''] = answered.headers['set-cookie'] ?? []
    return {
      cookie: written.split(';', 1)[0] ?? '',
      csrf: (JSON.parse(answered.text) as { csrf: string }).csrf,
    }
  }
  const { cookie, csrf } = await signIn()
  const stream = await follow('', { cookie })
  await stream.seen('reset')
  await api.send({
    method: 'DELETE',
    target: '/admin/session',
    headers: { cookie, 'x-kinoprint-csrf': csrf },
  })
  await stream.ended
  expect(stream.events.at(-1)).toMatchObject({ name: 'end', data: { reason: 'signedOut' } })

  const other = await follow('', { cookie: (await signIn()).cookie })
  await other.seen('reset')
  await api.db.pool.query('delete from sessions')
  await other.ended
  expect(other.events.at(-1)).toMatchObject({ name: 'end', data: { reason: 'signedOut' } })
  expect((await follow('', { cookie })).response.status).toBe(401)
})

test('streams end when the server stops', async () => {
  const second = await startTestApi()
  const response = await fetch(`http://127.0.0.1:${second.port}/admin/events`, { headers: bearer })
  const text = response.text()
  await second.close()
  expect(await text).toContain('event: end\ndata: {"reason":"stopping"}')
})
