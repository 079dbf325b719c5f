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
  return { sessionId, send: vi.fn(), end: vi.fn() } satisfies Subscriber
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
  const { lastId } = hub.add(subscriber, null)
  hub.remove(subscriber)
  await vi.advanceTimersByTimeAsync(20_000)
  // A stream that comes back soon continues.
  expect(hub.add(subscriber, lastId).missed).toEqual([])
  hub.remove(subscriber)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await queriesInTenSeconds(query)).toBe(0)
  expect(hub.add(subscriber, lastId).missed).toBeNull()
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
