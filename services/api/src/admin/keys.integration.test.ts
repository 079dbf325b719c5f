import type { RuleType } from '@kinoprint/core'
import { claimJob, completeJob, enqueueJob, failJob } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addLibrary,
  DEFAULT_BUCKET,
  jobXml,
  type Key,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'
import { sendRequest } from '../testing/send-request.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const send = async (method: string, target: string, json?: unknown) => api.admin({ method, target, json })
const everything = { actions: ['*'], libraries: ['*'], buckets: ['*'] }

async function newKey(changes: object = {}): Promise<Key> {
  return (await send('POST', '/admin/keys', { name: 'a key', ...everything, ...changes })).json as Key
}
async function record({ secretId }: Key) {
  const { items } = (await send('GET', '/admin/keys?pageSize=100')).json as { items: { secretId: string }[] }
  return items.find((item) => item.secretId === secretId)
}
async function submit(key: Key, ruleType: string) {
  const { dnaDbId } = await addLibrary(api.db, `for ${ruleType} of ${key.secretId}`)
  return api.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId, ruleType }), key })
}

test('a key for searches submits searches and nothing else', async () => {
  const key = await newKey({ ruleTypes: ['FindSimilarVideo'] })
  expect((await submit(key, 'FindSimilarVideo')).status).toBe(200)
  const refused = await submit(key, 'GetFingerPrint')
  expect(refused.status).toBe(403)
  expect(refused.text).toContain('does not allow jobs of RuleType GetFingerPrint')
  expect((await submit(await newKey(), 'GetFingerPrint')).status).toBe(200)
})

test('a change of a key takes effect, keeps what it does not name, and shows no secret', async () => {
  const key = await newKey({ region: 'far' })
  const target = `/admin/keys/${key.secretId}`
  expect((await submit(key, 'GetFingerPrint')).status).toBe(200)
  const changed = await send('PATCH', target, { ruleTypes: ['FindSimilarVideo'], name: 'renamed' })
  expect(changed.json).toMatchObject({
    name: 'renamed',
    ruleTypes: ['FindSimilarVideo'],
    actions: null,
    region: 'far',
  })
  expect(changed.text).not.toContain(key.secretKey)
  expect((await submit(key, 'GetFingerPrint')).status).toBe(403)
  expect((await send('PATCH', target, { ruleTypes: ['*'], region: null })).json).toMatchObject({
    ruleTypes: null,
    region: null,
  })
  expect((await submit(key, 'GetFingerPrint')).status).toBe(200)
  for (const body of [
    { ruleTypes: [] },
    { ruleTypes: ['Steal'] },
    { secretKey: 'x' },
    { name: '' },
    { actions: null },
  ])
    expect((await send('PATCH', target, body)).status).toBe(400)
  expect((await send('PATCH', '/admin/keys/AKIDnone', { name: 'x' })).status).toBe(404)
  await send('DELETE', target)
  expect((await send('PATCH', target, { name: 'x' })).status).toBe(404)
})

test('a key shows the address of its last request and the minutes of its jobs', async () => {
  const key = await newKey()
  expect(await record(key)).toMatchObject({ lastUsedAt: null, lastUsedAddress: null, minutesLast30Days: 0 })
  await api.signed({ method: 'GET', target: '/dnadb', key })
  await expect
    .poll(() => record(key))
    .toMatchObject({ lastUsedAddress: '127.0.0.1', lastUsedAt: expect.any(String) })
  await endJob(key, 90)
  expect(await record(key)).toMatchObject({ minutesLast30Days: 1.5 })
})

test('a signed request works for 15 minutes as it was signed, and shows no secret', async () => {
  const key = await newKey()
  const sign = (body: object, secretId = key.secretId) => send('POST', `/admin/keys/${secretId}/sign`, body)
  const signed = await sign({ method: 'GET', path: '/dnadb', query: 'pageSize=5' })
  const { authorization, expiresAt, curl } = signed.json as Record<
    'authorization' | 'expiresAt' | 'curl',
    string
  >
  expect(signed.text).not.toContain(key.secretKey)
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(14 * 60_000)
  expect(curl).toContain("/dnadb?pageSize=5'")
  const call = async (target: string) =>
    (
      await sendRequest(api.port, {
        method: 'GET',
        target,
        headers: { host: `127.0.0.1:${api.port}`, authorization },
      })
    ).status
  expect(await call('/dnadb?pageSize=5')).toBe(200)
  expect(await call('/queue')).toBe(403)
  for (const body of [
    { method: 'GET', path: 'dnadb' },
    { method: 'GET', path: '/a b' },
    { method: 'TRACE', path: '/' },
    {},
  ])
    expect((await sign(body)).status).toBe(400)
  expect((await sign({ method: 'GET', path: '/dnadb' }, 'AKIDnone')).status).toBe(404)
})

async function endJob(
  key: Key,
  durationSeconds: number | null,
  { dnaDbId = 'DbUsed', ruleType = 'FindSimilarVideo' }: { dnaDbId?: string; ruleType?: RuleType } = {},
): Promise<void> {
  const job = {
    ruleType,
    dnaDbId,
    bucket: DEFAULT_BUCKET,
    region: 'local',
    object: 'a.mp4',
  } as const
  const { jobId } = await enqueueJob(api.db, { ...job, secretId: key.secretId })
  const claim = await claimJob(api.db, { jobId, workerId: 'w', leaseMs: 60_000 })
  if (claim.kind !== 'run') throw new Error(claim.kind)
  if (durationSeconds === null) await failJob(api.db, claim.fence, { code: 'InternalError', message: 'm' })
  else await completeJob(api.db, claim.fence, { videoId: 'dv1', durationSeconds, detections: [] })
}

test('usage is counted by day, key, library and kind, also as CSV', async () => {
  const [one, two] = [await newKey(), await newKey()]
  const dnaDbId = '=cmd,"x"'
  await endJob(one, 60, { dnaDbId })
  await endJob(one, 30, { dnaDbId })
  await endJob(two, null, { dnaDbId })
  const { json } = await send('GET', '/admin/usage?by=day,key,library')
  const rows = (json as { rows: { dnaDbId: string }[] }).rows.filter(({ dnaDbId }) => dnaDbId === '=cmd,"x"')
  const today = new Date().toISOString().slice(0, 10)
  expect(rows).toHaveLength(2)
  expect(rows).toContainEqual({
    day: today,
    secretId: one.secretId,
    dnaDbId: '=cmd,"x"',
    ruleType: null,
    jobs: 2,
    failed: 0,
    storedMinutes: 0,
    searchedMinutes: 1.5,
    billedMinutes: 1.5,
    matches: 0,
  })
  expect(json).toMatchObject({ to: today, since: today, by: ['day', 'key', 'library'] })
  const csv = await send('GET', '/admin/usage.csv?by=library')
  expect(csv.headers['content-disposition']).toContain(`-${today}.csv"`)
  expect(csv.text).toContain(`,,"'=cmd,""x""",,2,1,0.000,1.500,1.500,0\r\n`)
  expect((await send('GET', '/admin/usage?to=2020-01-31')).json).toMatchObject({
    from: '2020-01-02',
    rows: [],
    totals: { jobs: 0 },
  })
  for (const query of ['by=colour', 'from=2026-13-01', 'from=2026-02-01&to=2026-01-01', 'by='])
    expect((await send('GET', `/admin/usage?${query}`)).status, query).toBe(query === 'by=' ? 200 : 400)
})

test('10 minutes stored and 5 searched are 15 billed, and failed jobs and deletes cost nothing', async () => {
  const key = await newKey()
  const dnaDbId = 'DbBilled'
  await endJob(key, 600, { dnaDbId, ruleType: 'GetFingerPrint' })
  await endJob(key, 300, { dnaDbId })
  await endJob(key, 600, { dnaDbId, ruleType: 'DeleteFingerPrint' })
  await endJob(key, null, { dnaDbId, ruleType: 'GetFingerPrint' })
  const { json } = await send('GET', '/admin/usage?by=library')
  expect(json).toMatchObject({
    rows: expect.arrayContaining([
      expect.objectContaining({
        ...{ dnaDbId, jobs: 3, failed: 1 },
        ...{ storedMinutes: 10, searchedMinutes: 5, billedMinutes: 15 },
      }),
    ]),
  })
  expect(await record(key)).toMatchObject({ minutesLast30Days: 15 })
})

test('a key that has used its quota is refused with the codes of the cloud, and shows what it has used', async () => {
  const key = await newKey({ quota: { openJobs: 2 } })
  const target = `/admin/keys/${key.secretId}`
  expect(await record(key)).toMatchObject({
    quota: { minutesPerDay: null, minutesPerMonth: null, openJobs: 2 },
    used: { minutesToday: 0, minutesThisMonth: 0, reservedMinutes: 0, openJobs: 0 },
  })
  const { dnaDbId } = await addLibrary(api.db, 'for the quota')
  const body = jobXml({ dnaDbId, ruleType: 'FindSimilarVideo' })
  const operation = body.slice(body.indexOf('<Operation>'), body.indexOf('</Request>'))
  const post = (text: string) => api.signed({ method: 'POST', target: '/jobs', body: text, key })
  const three = await post(body.replace(operation, operation.repeat(3)))
  expect([three.status, /<Code>(\w+)</.exec(three.text)?.[1]]).toEqual([403, 'QueueSaturated'])
  expect((await post(body)).status).toBe(200)
  await endJob(key, 90)
  expect(await record(key)).toMatchObject({ used: { minutesToday: 1.5, openJobs: 1 } })

  const changed = await send('PATCH', target, { quota: { minutesPerMonth: 1 } })
  expect(changed.json).toMatchObject({ quota: { minutesPerDay: null, minutesPerMonth: 1, openJobs: 2 } })
  const spent = await post(body)
  expect([spent.status, /<Code>(\w+)</.exec(spent.text)?.[1]]).toEqual([403, 'LimitExceeded'])
  expect(spent.text).toContain('its minutes of video for this month')
  await send('PATCH', target, { quota: { minutesPerMonth: null } })
  expect((await post(body)).status).toBe(200)
  for (const quota of [{ openJobs: -1 }, { openJobs: 1.5 }, { minutesPerDay: '5' }, { minutes: 5 }, 5])
    expect((await send('PATCH', target, { quota })).status, JSON.stringify(quota)).toBe(400)
})
