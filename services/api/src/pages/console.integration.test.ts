import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningTestApi, startTestApi } from '../testing/running-api.ts'
import { serveConsole } from './console.ts'

const SCRIPT = `console.log('${'x'.repeat(2000)}')`

let folder: string
let api: RunningTestApi
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinoprint-console-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Kinoprint</title>')
  await writeFile(join(folder, 'assets/index-1a2b.js'), SCRIPT)
  await writeFile(join(folder, '..', 'kinoprint-console-secret.txt'), 'secret')
  api = await startTestApi({}, { consoleDir: folder })
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true, force: true })
  await rm(join(folder, '..', 'kinoprint-console-secret.txt'), { force: true })
})

function read(path: string, headers: Record<string, string> = {}) {
  return fetch(`http://127.0.0.1:${api.port}${path}`, { headers })
}

test.each(['/', '/console', '/console/matches/m1', '/console/libraries?page=2'])(
  'the console page is served at %s with a policy that allows no inline script or style',
  async (path) => {
    const response = await read(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>Kinoprint</title>')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(response.headers.get('cache-control')).toBe('no-cache')
  },
)

test('files of the console are compressed, kept for a year, and not sent again unchanged', async () => {
  const response = await read('/console/assets/index-1a2b.js', { 'accept-encoding': 'gzip' })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(response.headers.get('cache-control')).toContain('immutable')
  expect(response.headers.get('content-type')).toContain('text/javascript')
  expect(await response.text()).toBe(SCRIPT)
  const raw = await read('/console/assets/index-1a2b.js', { 'accept-encoding': 'identity' })
  expect(raw.headers.get('content-encoding')).toBeNull()
  expect(await raw.text()).toBe(SCRIPT)
  const again = await read('/console/assets/index-1a2b.js', {
    'if-none-match': response.headers.get('etag') ?? '',
  })
  expect(again.status).toBe(304)
})

test('a file of an older build is not found instead of being the page', async () => {
  expect((await read('/console/assets/index-0000.js')).status).toBe(404)
})

test.each(['/console/../kinoprint-console-secret.txt', '/console/%2e%2e%2fkinoprint-console-secret.txt'])(
  'a path out of the console folder reads nothing: %s',
  async (path) => {
    const { body } = await api.send({ method: 'GET', target: path })
    expect(body.toString()).not.toContain('secret')
  },
)

test('a console that is not built stops the start with the command that builds it', () => {
  expect(() => serveConsole(join(folder, 'assets'))).toThrow('npm run build')
})

test('a console that is not built is named as the reason why the server does not start', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'kinoprint-console-'))
  expect(() => serveConsole(empty)).toThrow(/console is not built: .* has no index.html. Run npm run build/)
  await rm(empty, { recursive: true })
})
