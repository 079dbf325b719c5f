import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openBackend } from '../admin/open-backend.ts'
import { run, said, start } from '../command-line.fixture.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'kinoprint-serve-'))
const settings = { DATA_DIR: dataDir, PORT: '0' }
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

function admin(...args: string[]) {
  return run(['admin', ...args], { settings })
}

test('serve prints its address, serves the admin commands, and exits with 0 on SIGTERM', async () => {
  const server = start(['serve'], { settings })
  const [ready = '', ...rest] = (await said(server, 'first API key')).split('\n')
  expect(ready).toMatch(/^Kinoprint ready on http:\/\/127\.0\.0\.1:\d+$/)
  expect(rest).toEqual([
    `  admin token: ${join(dataDir, 'admin-token')}`,
    `  first API key: ${join(dataDir, 'first-key.json')}`,
    '',
  ])
  const url = ready.replace('Kinoprint ready on ', '')
  expect(JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8'))).toEqual({
    url,
    pid: server.child.pid,
  })
  expect((await fetch(`${url}/readyz`)).status).toBe(200)

  const created = await admin('libraries', 'create', 'films', '--min-similar', '50')
  expect(created.stdout).toMatch(/^Db[0-9a-f]{32}\n$/)
  const listed = await admin('libraries', 'list', '--json')
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { dnaDbId: created.stdout.trim(), name: 'films', minSimilar: 50, videoCount: 0 },
  ])
  expect((await admin('check')).stdout).toBe('No faults found.\n')
  const port = new URL(url).port
  const taken = await run(['serve'], { settings: { DATA_DIR: `${dataDir}-2`, PORT: port } })
  rmSync(`${dataDir}-2`, { recursive: true, force: true })
  expect(taken.code).toBe(1)
  expect(taken.stderr).toContain(`Port ${port} on 127.0.0.1 is in use by another program.`)
  const second = await run(['serve'], { settings })
  expect(second.code).toBe(1)
  expect(second.stderr).toContain(`${server.child.pid}`)

  server.child.kill('SIGTERM')
  const ended = await server.ended
  expect(ended.code).toBe(0)
  expect(existsSync(join(dataDir, 'server.json'))).toBe(false)
})

test('without a server, the admin commands open the data folder directly', async () => {
  const [library] = JSON.parse((await admin('libraries', 'list', '--json')).stdout)
  expect(library).toMatchObject({ name: 'films' })
  const backend = await openBackend({ environment: { ...settings, LOG_LEVEL: 'warn' } })
  try {
    expect(backend.place).toBe(`the database in ${dataDir}`)
    const made = await backend.createKey({
      name: 'uploader',
      actions: ['*'],
      libraries: ['*'],
      buckets: ['films-125'],
    })
    const names = async () => (await backend.listKeys()).map((key) => key.secretId)
    expect(await names()).toContain(made.secretId)
    await backend.revokeKey(made.secretId)
    expect(await names()).not.toContain(made.secretId)
    await expect(backend.revokeKey('AKIDnone')).rejects.toThrow('There is no key AKIDnone.')
    expect(await backend.reindex()).toEqual({ videos: 0 })
    expect(await backend.check({ repair: true })).toEqual({ faults: [], repairs: [], notes: [] })
    const { from, to } = await backend.migrate()
    expect(from).toBe(to)
    await backend.deleteLibrary(library.dnaDbId, { force: false })
    const again = backend.deleteLibrary(library.dnaDbId, { force: false })
    await expect(again).rejects.toThrow(`There is no library ${library.dnaDbId}.`)
  } finally {
    await backend.close()
  }
})

test('api and worker refuse to start without a database server and name the setting', async () => {
  for (const role of ['api', 'worker']) {
    const { code, stderr } = await run([role], { settings })
    expect(code).toBe(1)
    expect(stderr).toContain('DATABASE_URL')
  }
})
