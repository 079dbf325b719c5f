import type { RouteAnswer } from '@kinoprint/contract'
import { purgeAudit } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMatch } from '../../testing/add-match.ts'
import { addLibrary, addVideo, type RunningTestApi, startTestApi } from '../../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

async function listAudit(query = ''): Promise<RouteAnswer<'listAudit'>> {
  const answered = await api.admin({ method: 'GET', target: `/admin/audit${query}` })
  return answered.json as RouteAnswer<'listAudit'>
}

async function entries(query = ''): Promise<RouteAnswer<'listAudit'>['items']> {
  return (await listAudit(query)).items
}

test('changes are recorded with who made them, from where, and the fields that changed', async () => {
  const created = await api.admin({ method: 'POST', target: '/admin/libraries', json: { name: 'audited' } })
  const { dnaDbId } = created.json as { dnaDbId: string }
  const target = `/admin/libraries/${dnaDbId}`
  await api.admin({ method: 'PATCH', target, json: { capacity: 7, name: 'audited' } })
  await api.admin({ method: 'DELETE', target })
  const [removed, changed, added] = await entries(`?subject=${dnaDbId}`)
  expect(added).toMatchObject({ action: 'createLibrary', before: null, after: { name: 'audited' } })
  expect(changed).toMatchObject({
    action: 'updateLibrary',
    actor: { kind: 'token', id: null, name: null, role: 'admin' },
    address: '127.0.0.1',
    requestId: expect.stringMatching(/^[\w+/=]{44}$/),
    before: { capacity: expect.any(Number) },
    after: { capacity: 7 },
  })
  expect(Object.keys(changed?.after ?? {})).toEqual(['capacity'])
  expect(removed).toMatchObject({ action: 'deleteLibrary', before: { name: 'audited', videoCount: 0 } })
})

test('what fails, only reads or only tries is not recorded', async () => {
  const { dnaDbId } = await addLibrary(api.db, 'untouched')
  const before = (await entries()).length
  const target = `/admin/libraries/${dnaDbId}`
  expect((await api.admin({ method: 'PATCH', target, json: { capacity: -1 } })).status).toBe(400)
  expect((await api.admin({ method: 'DELETE', target: '/admin/libraries/Db0' })).status).toBe(404)
  await api.admin({ method: 'GET', target })
  await api.admin({ method: 'POST', target: `${target}/policy/preview`, json: { minSeconds: 5 } })
  const retry = { filter: { dnaDbId }, expected: 0 }
  await api.admin({ method: 'POST', target: '/admin/jobs/retry?dryRun=true', json: retry })
  expect((await entries()).length).toBe(before)
})

test('a change whose entry cannot be written does not happen', {
  tags: ['audit-append-only'],
}, async () => {
  await api.db.pool.query('alter table audit_log add constraint none check (action <> $$deleteVideo$$)')
  const { dnaDbId } = await addLibrary(api.db, 'kept')
  const { videoId } = await addVideo(api.db, { dnaDbId, object: 'a.mp4' })
  const target = `/admin/libraries/${dnaDbId}/videos/${videoId}`
  expect((await api.admin({ method: 'DELETE', target })).status).toBe(500)
  expect((await api.admin({ method: 'GET', target })).status).toBe(200)
  await api.db.pool.query('alter table audit_log drop constraint none')
  expect((await api.admin({ method: 'DELETE', target })).status).toBe(204)
  expect(await entries(`?subject=${videoId}`)).toMatchObject([{ before: { dnaDbId, object: 'a.mp4' } }])
})

test('decisions and keys are recorded, and no secret is', async () => {
  const { dnaDbId } = await addLibrary(api.db, 'decided')
  const { matchId } = await addMatch(api.db, { dnaDbId })
  const decision = { state: 'confirmed', note: 'A copy' }
  await api.admin({ method: 'POST', target: `/admin/matches/${matchId}/decision`, json: decision })
  expect(await entries(`?subject=${matchId}`)).toMatchObject([
    { action: 'decideMatch', before: { state: 'open' }, after: decision },
  ])
  const json = { name: 'uploader', actions: ['*'], libraries: ['*'], buckets: ['*'] }
  const created = await api.admin({ method: 'POST', target: '/admin/keys', json })
  const key = created.json as { secretId: string; secretKey: string }
  const rename = { name: 'renamed' }
  await api.admin({ method: 'PATCH', target: `/admin/keys/${key.secretId}`, json: rename })
  await api.admin({ method: 'DELETE', target: `/admin/keys/${key.secretId}` })
  const recorded = await entries(`?subject=${key.secretId}`)
  expect(recorded).toMatchObject([
    { action: 'revokeKey', before: rename },
    { action: 'updateKey', before: { name: 'uploader' }, after: rename },
    { action: 'createKey', after: { name: 'uploader' } },
  ])
  expect(JSON.stringify(recorded)).not.toContain(key.secretKey)
})

test('no statement can change or delete an entry of the audit log', {
  tags: ['audit-append-only'],
}, async () => {
  await api.admin({ method: 'POST', target: '/admin/libraries', json: { name: 'permanent' } })
  for (const sql of [
    `update audit_log set action = 'nothing'`,
    'delete from audit_log',
    'truncate audit_log',
    'delete from audit_log where false',
  ])
    await expect(api.db.pool.query(sql)).rejects.toThrow('append-only')
  expect((await entries()).length).toBeGreaterThan(0)
})

test('only entries past their retention go, in a transaction that states it, and their number is recorded', async () => {
  await api.admin({ method: 'POST', target: '/admin/libraries', json: { name: 'kept' } })
  const { pool } = api.db
  const insert = `insert into audit_log (at, actor_kind, action) values (now() - interval '40 days', 'token', 'old')`
  await pool.query(insert)
  expect(await purgeAudit(api.db, { olderThanDays: 0 })).toBe(0)
  expect(await purgeAudit(api.db, { olderThanDays: 41 })).toBe(0)
  const before = (await listAudit()).total
  expect(await purgeAudit(api.db, { olderThanDays: 39 })).toBe(1)
  const { items, total } = await listAudit()
  expect(total).toBe(before)
  expect(items[0]).toMatchObject({
    action: 'purgeAudit',
    actor: { kind: 'worker', role: null },
    after: { entries: 1, olderThanDays: 39 },
  })
  const stated = `set local kinoprint.audit_retention_days = '39'`
  for (const change of ['delete from audit_log', `update audit_log set action = 'x'`, 'truncate audit_log'])
    await expect(pool.query(`begin; ${stated}; ${change}; commit`)).rejects.toThrow('append-only')
  await pool.query('rollback')
})

test('the log is filtered, paged and exported as JSON Lines and CSV', async () => {
  for (const name of ['one', 'two', '=three'])
    await api.admin({ method: 'POST', target: '/admin/libraries', json: { name } })
  const filter = 'action=createLibrary'
  const page = await listAudit(`?${filter}&pageSize=2`)
  expect(page.items).toHaveLength(2)
  expect(page.total).toBeGreaterThanOrEqual(3)
  expect(page.items[0]?.after).toMatchObject({ name: '=three' })
  const at = page.items[1]?.at
  expect(await entries(`?${filter}&from=${at}`)).toHaveLength(2)
  expect(await entries(`?${filter}&from=${at}&to=${at}`)).toEqual([])
  expect(await entries('?who=Li')).toEqual([])
  const lines = await api.admin({ method: 'GET', target: `/admin/audit/export?${filter}` })
  expect(lines.headers['content-type']).toContain('application/jsonl')
  const parsed = lines.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(parsed).toHaveLength(page.total)
  expect(parsed.at(-1)).toEqual(page.items[0])
  const csv = await api.admin({ method: 'GET', target: `/admin/audit/export?${filter}&format=csv` })
  expect(csv.text.split('\r\n')[0]).toMatch(/^auditId,at,actorKind,.*,before,after$/)
  expect(csv.text.split('\r\n')).toHaveLength(page.total + 2)
  for (const bad of ['from=yesterday', 'format=xml', 'color=red'])
    expect((await api.admin({ method: 'GET', target: `/admin/audit/export?${bad}` })).status, bad).toBe(400)
})
