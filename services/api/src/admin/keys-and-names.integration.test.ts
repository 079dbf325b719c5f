import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningTestApi, startTestApi } from '../testing/running-api.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

function get(target: string) {
  return api.admin({ method: 'GET', target })
}
function send(method: string, target: string, json?: unknown) {
  return api.admin({ method, target, json })
}
function refusal(code: string) {
  return {
    error: { code, message: expect.stringMatching(/\S/), requestId: expect.stringMatching(/\S/) },
  }
}

describe('two libraries with the same name', () => {
  test('a library cannot be created with or renamed to a name in use, and the error names its owner', {
    tags: ['library-name'],
  }, async () => {
    const made = await send('POST', '/admin/libraries', { name: 'one name' })
    const { dnaDbId } = made.json as { dnaDbId: string }
    const again = await send('POST', '/admin/libraries', { name: 'one name' })
    expect([again.status, again.json]).toEqual([409, refusal('Conflict')])
    expect(again.text).toContain(dnaDbId)
    const other = await send('POST', '/admin/libraries', { name: 'another name' })
    const { dnaDbId: otherId } = other.json as { dnaDbId: string }
    const renamed = await send('PATCH', `/admin/libraries/${otherId}`, { name: 'one name' })
    expect([renamed.status, renamed.json]).toEqual([409, refusal('Conflict')])
    const same = await send('PATCH', `/admin/libraries/${dnaDbId}`, { name: 'one name', capacity: 3 })
    expect(same.status).toBe(200)
  })

  test('concurrent requests create only one library of a name', { tags: ['library-name'] }, async () => {
    const asked = Array.from({ length: 8 }, () => send('POST', '/admin/libraries', { name: 'at once' }))
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(7)
  })
})

describe('/admin/keys', () => {
  test('a secret is shown once, keys are listed without it, and a key can be revoked', async () => {
    const created = await send('POST', '/admin/keys', {
      name: 'player',
      actions: ['ci:DescribeMediaJob'],
      libraries: ['*'],
      buckets: ['films-125'],
    })
    expect([created.status, created.json]).toEqual([
      201,
      { secretId: expect.stringMatching(/\S/), secretKey: expect.stringMatching(/\S/) },
    ])
    const { secretId, secretKey } = created.json as { secretId: string; secretKey: string }
    const listed = await get('/admin/keys?pageSize=100')
    expect(listed.text).not.toContain(secretKey)
    const { items } = listed.json as { items: { secretId: string }[] }
    expect(items.find((item) => item.secretId === secretId)).toEqual({
      secretId,
      name: 'player',
      actions: ['ci:DescribeMediaJob'],
      libraries: null,
      buckets: ['films-125'],
      region: null,
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: null,
      ruleTypes: null,
      lastUsedAddress: null,
      minutesLast30Days: 0,
      quota: { minutesPerDay: null, minutesPerMonth: null, openJobs: null },
      used: { minutesToday: 0, minutesThisMonth: 0, reservedMinutes: 0, openJobs: 0 },
    })
    expect((await send('DELETE', `/admin/keys/${secretId}`)).status).toBe(204)
    expect((await send('DELETE', `/admin/keys/${secretId}`)).json).toEqual(refusal('NotFound'))
  })

  const everything = { name: 'x', actions: ['*'], libraries: ['*'], buckets: ['*'] }

  test.each(['actions', 'libraries', 'buckets'] as const)(
    'a key without %s is refused',
    { tags: ['key-grants'] },
    async (name) => {
      const { [name]: _, ...rest } = everything
      for (const body of [rest, { ...rest, [name]: [] }, { ...rest, [name]: ['*', 'ci:CreateMediaJobs'] }]) {
        const answer = await send('POST', '/admin/keys', body)
        expect([answer.status, answer.json]).toEqual([400, refusal('InvalidArgument')])
        expect(answer.text).toContain(`${name}: `)
        expect(answer.text).toContain('*')
      }
    },
  )

  test('a wildcard allows everything; unknown actions and invalid buckets are refused', async () => {
    const { status, json } = await send('POST', '/admin/keys', everything)
    expect(status).toBe(201)
    const { secretId } = json as { secretId: string }
    const { items } = (await get('/admin/keys?pageSize=100')).json as { items: { secretId: string }[] }
    expect(items.find((item) => item.secretId === secretId)).toMatchObject({
      actions: null,
      libraries: null,
      buckets: null,
    })
    const wrong = await send('POST', '/admin/keys', {
      ...everything,
      actions: ['ci:Other'],
      buckets: ['A b'],
    })
    expect(wrong.text).toContain('actions.0: ')
    expect(wrong.text).toContain('buckets.0: must consist of lower-case letters')
  })
})
