import { inspectLibraryFile } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addLibrary, addVideo, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

const report = { videos: 1, stored: 1, unchanged: 0, replaced: 0, kept: 0 }
const imported: { dnaDbId: string; replace: boolean; bytes: number }[] = []
let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi(
    {},
    {
      importLibrary: async ({ dnaDbId, replace, chunks }) => {
        let bytes = 0
        for await (const chunk of chunks) bytes += chunk.length
        imported.push({ dnaDbId, replace, bytes })
        return report
      },
    },
  )
})
afterAll(() => api.close())

test('an export is a complete library file, and continues after a video', async () => {
  const { dnaDbId } = await addLibrary(api.db, 'films')
  for (const object of ['a.mp4', 'b.mp4']) await addVideo(api.db, { dnaDbId, object })
  const target = `/admin/libraries/${dnaDbId}/export`
  const whole = await api.admin({ method: 'GET', target })
  expect(whole.status).toBe(200)
  const state = await inspect(whole.body)
  expect(state).toMatchObject({ count: 2, isComplete: true, library: { dnaDbId, name: 'films' } })
  const rest = await api.admin({ method: 'GET', target: `${target}?resume=${state?.resume}` })
  // Nothing follows the last video but the end.
  expect(rest.body.equals(whole.body.subarray(-40))).toBe(true)
  expect((await api.admin({ method: 'GET', target: `${target}?resume=x` })).status).toBe(400)
  expect((await api.admin({ method: 'GET', target: '/admin/libraries/Db0/export' })).status).toBe(404)
})

async function inspect(bytes: Buffer) {
  return inspectLibraryFile(
    (async function* () {
      yield bytes
    })(),
  )
}

test('an import streams the body to the importer', async () => {
  const sent = await api.admin({
    method: 'POST',
    target: '/admin/libraries/Db1/import?replace=true',
    body: Buffer.alloc(300_000, 7),
  })
  expect(sent).toMatchObject({ status: 200, json: report })
  expect(imported).toEqual([{ dnaDbId: 'Db1', replace: true, bytes: 300_000 }])
})
