import { CURRENT_VERSIONS } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const call = (method: string, json?: object) => api.admin({ method, target: '/admin/reindexing', json })

test('re-indexing is started once, shown and stopped', async () => {
  expect((await call('GET')).json).toEqual({
    ...CURRENT_VERSIONS,
    ...{ outdated: 0, libraries: [], last: null },
  })
  expect((await call('DELETE')).status).toBe(404)
  const started = await call('POST', { videosPerMinute: 30 })
  expect(started).toMatchObject({ status: 201, json: { state: 'Running', scope: 'outdated', total: 0 } })
  expect((await call('POST', {})).status).toBe(409)
  expect((await call('GET')).json).toMatchObject({ last: { state: 'Running', videosPerMinute: 30 } })
  expect((await call('DELETE')).json).toMatchObject({ state: 'Stopped', endedAt: expect.any(String) })
})

test.each([
  [{ dnaDbId: 'Db0' }, 404, 'Library Db0 does not exist.'],
  [{ scope: 'some' }, 400, 'scope'],
  [{ videosPerMinute: 0 }, 400, 'videosPerMinute'],
  [{ per: 1 }, 400, 'per'],
])('re-indexing with %o is refused with %i', async (body, status, message) => {
  const answer = await call('POST', body)
  expect(answer.status).toBe(status)
  expect(answer.text).toContain(message)
})
