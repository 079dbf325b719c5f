import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ComparisonResult, claimComparison, endComparison } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
let films: Server
let url: string
beforeAll(async () => {
  api = await startTestApi({ inputUrlAllow: [{ kind: 'host', host: '127.0.0.1' }] })
  await api.admin({ method: 'PUT', target: '/admin/objects/films-125/a.mp4', body: 'bytes of a film' })
  films = createServer(({ url: path }, res) => {
    if (path?.startsWith('/film.mp4')) res.end('bytes of another film')
    else res.writeHead(404).end()
  })
  await new Promise<void>((resolve) => films.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(films.address() as AddressInfo).port}`
})
afterAll(async () => {
  films.close()
  await api.close()
})

const object = { bucket: 'films-125', object: 'a.mp4' }
const reading = { progress: 1, durationSeconds: 12, hasAudio: true }
const result: ComparisonResult = {
  ...{ accepted: true, threshold: 0.45, why: null, score: 0.9, similar: 95, audioSimilar: 90 },
  ...{ queryCoverage: 1, refCoverage: 0.5, segments: [] },
}

function compare(query: unknown, reference: unknown, more: object = {}) {
  return api.admin({
    method: 'POST',
    target: '/admin/compare',
    json: { query, reference, timeoutSeconds: 240, ...more },
  })
}

/** Does the work of a worker for the next comparison. Returns what the API gave it to read. */
async function work(failure?: { code: string; message: string; side: 'query' | null }) {
  const claimed = await vi.waitFor(async () => {
    const next = await claimComparison(api.db, { leaseMs: 60_000 })
    if (next === null) throw new Error('No comparison waits.')
    return next
  })
  const sides = { query: reading, reference: reading }
  const end =
    failure === undefined
      ? ({ ...sides, state: 'Success', result, evidence: null } as const)
      : ({ ...sides, state: 'Failed', error: failure } as const)
  const { query } = claimed.comparison
  const { size } = await api.objects.head(query.bucket, query.object)
  await endComparison(api.db, claimed.fence, end)
  return { name: query.name, size }
}

async function kept(): Promise<unknown> {
  const { json } = await api.admin({ method: 'GET', target: '/admin/comparisons' })
  const uploads = await api.admin({
    method: 'GET',
    target: `/admin/objects/${DEFAULT_BUCKET}?prefix=.comparisons/`,
  })
  return [(json as { total: number }).total, (uploads.json as { total: number }).total]
}

test('a comparison within a request reads an address, answers with the result, and keeps nothing', async () => {
  const answering = compare({ url: `${url}/film.mp4?signature=secret` }, object)
  expect(await work()).toEqual({ name: 'film.mp4', size: 'bytes of another film'.length })
  const { status, json } = await answering
  expect([status, json]).toMatchObject([200, { ...result, queryDuration: 12, refDuration: 12 }])
  expect(await kept()).toEqual([0, 0])
})

test('a side that cannot be read is an error that names it', async () => {
  const answering = compare(object, object)
  await work({ code: 'ResourceNotSupported', message: 'The file is text.', side: 'query' })
  expect(await answering).toMatchObject({
    status: 400,
    json: { error: { code: 'ResourceNotSupported', message: 'The query: The file is text.' } },
  })
  const missing = await compare(object, { url: `${url}/none.mp4` })
  expect([missing.status, missing.json]).toMatchObject([
    404,
    { error: { message: expect.stringContaining('The reference: 127.0.0.1') } },
  ])
  expect((await compare(object, { ...object, object: 'none.mp4' })).status).toBe(404)
  expect(await kept()).toEqual([0, 0])
})

test('a comparison that no worker takes in time is deleted, and the message names the other route', async () => {
  const { status, json } = await compare(object, object, { timeoutSeconds: 1 })
  expect([status, json]).toMatchObject([
    503,
    { error: { message: expect.stringMatching(/No worker was free .* 1 s\. .*POST \/admin\/comparisons/) } },
  ])
  expect(await kept()).toEqual([0, 0])
})

test('an address that is not allowed, and a wrong side, are refused before anything is stored', async () => {
  const inside = await compare({ url: 'http://169.254.169.254/latest' }, object)
  expect([inside.status, inside.json]).toMatchObject([
    400,
    { error: { message: expect.stringContaining('INPUT_URL_ALLOW') } },
  ])
  for (const side of [{ url: 'file:///etc/passwd' }, { url: '' }, { upload: true }, {}, { ...object, url }])
    expect((await compare(side, object)).status).toBe(400)
  for (const timeoutSeconds of [0, 241, 1.5])
    expect((await compare(object, object, { timeoutSeconds })).status).toBe(400)
  expect(await kept()).toEqual([0, 0])
})
