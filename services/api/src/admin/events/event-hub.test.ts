import type { Database } from '@kinoprint/store'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEventHub, type Subscriber } from './event-hub.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const log = { debug: () => {}, info: () => {}, warn: vi.fn(), error: () => {} }

function fakeDatabase() {
  const query = vi.fn(async (_text: string) => ({ rows: [] as object[] }))
  return { query, db: { pool: { query } } as unknown as Database }
}

function newSubscriber(sessionId: string | null = null) {
  return { sessionId, send: vi.fn(), reset: vi.fn(), end: vi.fn() } satisfies Subscriber
}

/** How often the database is asked in ten seconds. */
async function queriesInTenSeconds(query: { mock: { calls: readonly unknown[] } }): Promise<number> {
  const before = query.mock.calls.length
  await vi.advanceTimersByTimeAsync(10_000)
  return query.mock.calls.length - before
}

test('many event streams cost the database no more than one', async () => {
  const { query, db } = fakeDatabase()
  const hub = createEventHub({ db, log })
  expect(await queriesInTenSeconds(query)).toBe(0)
  hub.add(newSubscriber(), null)
  await vi.advanceTimersByTimeAsync(0)
  const withOne = await queriesInTenSeconds(query)
  expect(withOne).toBeGreaterThanOrEqual(10)
  for (let n = 0; n < 50; n++) hub.add(newSubscriber(), null)
  expect(await queriesInTenSeconds(query)).toBe(withOne)
})

test('the database is no longer queried when the last event stream ended long ago', async () => {
  const { query, db } = fakeDatabase()
  const hub = createEventHub({ db, log })
  const subscriber = newSubscriber()
  hub.add(subscriber, null)
  await vi.advanceTimersByTimeAsync(0)
  const [[lastId = null] = []] = subscriber.reset.mock.calls
  hub.remove(subscriber)
  await vi.advanceTimersByTimeAsync(20_000)
  // A stream that comes back soon continues.
  hub.add(subscriber, lastId)
  await vi.advanceTimersByTimeAsync(0)
  expect(subscriber.reset).toHaveBeenCalledTimes(1)
  hub.remove(subscriber)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await queriesInTenSeconds(query)).toBe(0)
  hub.add(subscriber, lastId)
  await vi.advanceTimersByTimeAsync(0)
  expect(subscriber.reset).toHaveBeenCalledTimes(2)
})

test('the streams of a session end with it, and others go on', async () => {
  const { query, db } = fakeDatabase()
  const hub = createEventHub({ db, log })
  const [mine, other, token] = [newSubscriber('s1'), newSubscriber('s2'), newSubscriber()]
  for (const subscriber of [mine, other, token]) hub.add(subscriber, null)
  hub.endSession('s1')
  expect([mine, other, token].map(({ end }) => end.mock.calls.length)).toEqual([1, 0, 0])
  // Another process ended the second session: the database no longer has it.
  query.mockImplementation(async (text) => ({
    rows: text.includes('from sessions') ? [{ sessionId: 's1' }] : [],
  }))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(other.end).toHaveBeenCalled()
  expect(token.end).not.toHaveBeenCalled()
})

test('a stream that starts while the database looks for ended sessions goes on', async () => {
  const { query, db } = fakeDatabase()
  const hub = createEventHub({ db, log })
  hub.add(newSubscriber('s1'), null)
  const newcomer = newSubscriber('s2')
  query.mockImplementation(async (text) => {
    if (!text.includes('from sessions')) return { rows: [] }
    // Signed in after the database had looked.
    hub.add(newcomer, null)
    return { rows: [{ sessionId: 's1' }] }
  })
  await vi.advanceTimersByTimeAsync(6_000)
  expect(query.mock.calls.filter(([text]) => text.includes('from sessions'))).toHaveLength(1)
  expect(newcomer.reset).toHaveBeenCalledTimes(1)
  expect(newcomer.end).not.toHaveBeenCalled()
})

test('event streams survive a database that is away, which is logged once', async () => {
  const { query, db } = fakeDatabase()
  log.warn.mockClear()
  query.mockRejectedValue(new Error('connect ECONNREFUSED'))
  const hub = createEventHub({ db, log })
  const subscriber = newSubscriber()
  hub.add(subscriber, null)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(log.warn).toHaveBeenCalledTimes(1)
  query.mockImplementation(async (text) => ({
    rows: text.includes('from queues')
      ? [{ queueId: 'p1', updatedAt: new Date(query.mock.calls.length) }]
      : [],
  }))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(subscriber.send).toHaveBeenCalledWith(
    expect.objectContaining({ name: 'queue', data: { queueId: 'p1' } }),
  )
})

test('a stream with events of another process is reset only when later changes are noticed', async () => {
  const { query, db } = fakeDatabase()
  query.mockRejectedValue(new Error('connect ECONNREFUSED'))
  const hub = createEventHub({ db, log })
  const subscriber = newSubscriber()
  hub.add(subscriber, 'another-7')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(subscriber.reset).not.toHaveBeenCalled()
  query.mockResolvedValue({ rows: [] })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(subscriber.reset).toHaveBeenCalledTimes(1)
})

test('changes that could not be read whole are sent after the next read', async () => {
  const { query, db } = fakeDatabase()
  const hub = createEventHub({ db, log })
  const subscriber = newSubscriber()
  hub.add(subscriber, null)
  await vi.advanceTimersByTimeAsync(0)
  const mark = { jobId: 'j1', seq: 1, state: 'Running', stage: '', progress: 0, attempts: 1 }
  let failures = 1
  query.mockImplementation(async (text) => {
    if (text.includes('union (select')) return { rows: [mark] }
    // The counts of jobs are read after the jobs that changed.
    if (text.includes("state = 'Pause'") && failures-- > 0) throw new Error('the connection is gone')
    return { rows: [] }
  })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(subscriber.send).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(subscriber.send).toHaveBeenCalledTimes(1)
  expect(subscriber.send).toHaveBeenCalledWith(expect.objectContaining({ name: 'jobs' }))
})
