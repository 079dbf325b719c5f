import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addLibrary,
  DEFAULT_BUCKET,
  jobXml,
  type RunningTestApi,
  startTestApi,
} from '../testing/running-api.ts'
import { tag } from '../testing/send-request.ts'

let api: RunningTestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

function ask(method: string, target: string, json?: unknown) {
  return api.admin({ method, target, json })
}
type Described = Record<
  string,
  Record<string, { parameters?: { in: string; name: string }[]; requestBody?: object }>
>
async function adminRoutes() {
  const { paths } = JSON.parse((await api.send({ method: 'GET', target: '/openapi.json' })).text) as {
    paths: Described
  }
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/admin'))
    .flatMap(([path, verbs]) => Object.entries(verbs).map(([verb, route]) => ({ path, verb, ...route })))
}

describe('an unknown parameter', () => {
  test('every route of /admin refuses an unknown parameter by name and lists the known ones', {
    tags: ['unknown-fields'],
  }, async () => {
    const routes = await adminRoutes()
    expect(routes.length).toBeGreaterThan(25)
    for (const { path, verb, parameters = [] } of routes) {
      const target = path.replace(/\{\w+\}/g, 'x1')
      const known = parameters.filter((one) => one.in === 'query').map(({ name }) => name)
      for (const query of ['objct=a.mp4', 'objct=', 'objct']) {
        const { status, text } = await ask(verb.toUpperCase(), `${target}?${query}`)
        expect([status, verb, path]).toEqual([400, verb, path])
        expect(text).toContain('Unknown parameter \\"objct\\"')
        for (const name of known) expect(text).toContain(name)
      }
    }
  })

  test('the job list accepts every documented filter', async () => {
    const { status } = await ask('GET', '/admin/jobs?state=Failed&object=a.mp4&pageSize=1')
    expect(status).toBe(200)
  })
})

describe('an unknown field', () => {
  test('every body of /admin refuses an unknown field by name and lists the known ones', {
    tags: ['unknown-fields'],
  }, async () => {
    const { dnaDbId } = await addLibrary(api.db, 'fields')
    for (const [method, target, known] of [
      ['POST', '/admin/libraries', 'detectOnStore'],
      ['PATCH', `/admin/libraries/${dnaDbId}`, 'minSimilar'],
      ['POST', '/admin/keys', 'buckets'],
      ['PATCH', '/admin/queues/p1', 'maxConcurrent'],
    ] as const) {
      const { status, text } = await ask(method, target, { name: 'x', colour: 'red' })
      expect([status, target]).toEqual([400, target])
      expect(text).toMatch(/unknown field \\"colour\\"/i)
      expect(text).toContain(known)
    }
    const nested = await ask('PATCH', '/admin/queues/p1', { notify: { uri: 'x' } })
    expect(nested.text).toContain('notify: unknown field \\"uri\\"; known fields are url, state')
  })

  test('routes without a body refuse every field', async () => {
    for (const { path, verb, requestBody } of await adminRoutes()) {
      if (verb === 'get' || requestBody !== undefined) continue
      const target = path.replace(/\{\w+\}/g, 'x1')
      const { status, text } = await ask(verb.toUpperCase(), target, { force: true })
      expect([status, verb, path]).toEqual([400, verb, path])
      expect(text).toContain('Unknown field \\"force\\"')
    }
  })
})

test('the filter `object` of the job list matches whole names only', async () => {
  const { dnaDbId } = await addLibrary(api.db, 'filter')
  const made: string[] = []
  for (const object of ['a.mp4', 'b/a.mp4', 'a.mp4']) {
    const body = jobXml({ dnaDbId, object, userData: String(made.length) })
    const { text } = await api.signed({ method: 'POST', target: '/jobs', body })
    made.push(tag('JobId', text) ?? '')
  }
  const found = async (object: string) => {
    const { json } = await ask('GET', `/admin/jobs?object=${encodeURIComponent(object)}`)
    const { items, total } = json as { items: { jobId: string; bucket: string }[]; total: number }
    expect(items.every(({ bucket }) => bucket === DEFAULT_BUCKET)).toBe(true)
    expect(items).toHaveLength(total)
    return items.map(({ jobId }) => jobId)
  }
  expect(await found('a.mp4')).toEqual([made[2], made[0]])
  expect(await found('b/a.mp4')).toEqual([made[1]])
  expect(await found('a')).toEqual([])
})
