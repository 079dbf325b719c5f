import { reportWorker } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const get = async (target: string) => api.admin({ method: 'GET', target })

test('the list of workers says when the last one was heard, and none at first', async () => {
  expect((await get('/admin/workers')).json).toEqual({ items: [], lastHeardAt: null, version: '0.0.0' })
  await reportWorker(api.db, { workerId: 'w1', name: 'host', version: '0.9.0', ffmpeg: '5.1.9', slots: 2 })
  const { json } = await get('/admin/workers')
  expect(json).toMatchObject({ items: [{ workerId: 'w1', state: 'alive', version: '0.9.0', running: [] }] })
  const { items, lastHeardAt } = json as { items: { heardAt: string }[]; lastHeardAt: string }
  expect(lastHeardAt).toBe(items[0]?.heardAt)
})

test('a series covers the last 24 hours by half hours unless it is asked otherwise', async () => {
  const { json } = await get('/admin/stats/series')
  const { from, to, points } = json as { from: string; to: string; points: { at: string }[] }
  expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000)
  expect(points).toHaveLength(48)
  expect(points[0]?.at).toBe(from)
  const hour = '/admin/stats/series?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&step=60'
  expect((await get(hour)).json).toMatchObject({
    stepSeconds: 60,
    points: { length: 60 },
    totals: { created: 0 },
  })
})

test.each([
  ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from must be before to'],
  ['from=2020-01-01T00:00:00Z&step=60', 'Use a longer step'],
  ['step=1', 'step: must be at least 60'],
  ['from=yesterday', 'from'],
])('the series %s is refused', async (query, message) => {
  const answer = await get(`/admin/stats/series?${query}`)
  expect(answer.status).toBe(400)
  expect(answer.text).toContain(message)
})

test('pausing a queue in the console names who did it', async () => {
  const { json } = await get('/admin/queues')
  let queueId = (json as { items: { queueId: string }[] }).items[0]?.queueId
  if (queueId === undefined) {
    await api.db.pool.query(`select ensure_queue('films-125', 'local')`)
    queueId = ((await get('/admin/queues')).json as { items: { queueId: string }[] }).items[0]?.queueId
  }
  const target = `/admin/queues/${queueId}`
  const paused = await api.admin({ method: 'PATCH', target, json: { state: 'Paused' } })
  expect(paused.json).toMatchObject({
    state: 'Paused',
    pausedBy: 'admin token',
    pausedAt: expect.any(String),
  })
})
