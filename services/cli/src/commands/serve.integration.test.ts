import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { maintenanceResults } from '@kinoprint/contract'
import { afterAll, expect, test } from 'vitest'
import { run, said, start } from '../command-line.fixture.ts'
import { openAdminBackend } from '../product/open-admin-backend.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'kinoprint-serve-'))
const settings = { DATA_DIR: dataDir, PORT: '0' }
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

function admin(...args: string[]) {
  return run(['admin', ...args], { settings })
}

test('serve prints its address, handles admin commands, and exits with 0 on SIGTERM', async () => {
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
    { dnaDbId: created.stdout.trim(), name: 'films', minSimilar: 50, storeDetail: 'full', videoCount: 0 },
  ])
  const dnaDbId = created.stdout.trim()
  const sparse = await admin('libraries', 'create', 'archive', '--store-detail', 'keyframes')
  const changed = await admin('libraries', 'update', dnaDbId, '--store-detail', 'keyframes')
  expect(changed).toMatchObject({ code: 0, stdout: `Changed library ${dnaDbId}.\n` })
  expect(JSON.parse((await admin('libraries', 'list', '--json')).stdout)).toMatchObject([
    { dnaDbId, name: 'films', minSimilar: 50, storeDetail: 'keyframes' },
    { dnaDbId: sparse.stdout.trim(), storeDetail: 'keyframes' },
  ])
  const misspelt = await admin('libraries', 'update', dnaDbId, '--store-detail', 'keyframe')
  expect([misspelt.code, misspelt.stderr]).toEqual([
    2,
    expect.stringContaining('Allowed choices are full, keyframes'),
  ])
  const cancelled = await admin('jobs', 'cancel', '--library', 'films', '--yes')
  expect(cancelled).toMatchObject({ code: 0, stdout: 'Cancelled 0 jobs.\n' })
  expect(JSON.parse((await admin('jobs', 'list', '--json')).stdout)).toEqual([])
  const unfiltered = await admin('jobs', 'cancel', '--running')
  expect([unfiltered.code, unfiltered.stderr]).toEqual([
    2,
    expect.stringContaining('Name jobs by id, or choose them'),
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
  const backend = await openAdminBackend({ environment: { ...settings, LOG_LEVEL: 'warn' } })
  try {
    const { secretId } = await backend.createKey({
      body: { name: 'uploader', actions: ['*'], libraries: ['*'], buckets: ['films-125'] },
    })
    const ids = async () => (await backend.listKeys()).items.map((key) => key.secretId)
    expect(await ids()).toContain(secretId)
    await backend.revokeKey({ params: { secretId } })
    expect(await ids()).not.toContain(secretId)
    const unknown = backend.revokeKey({ params: { secretId: 'AKIDnone' } })
    await expect(unknown).rejects.toThrow('Key AKIDnone does not exist.')
    const runTask = async (task: string) => (await backend.runMaintenance({ params: { task } })).result
    expect(await runTask('reindex')).toEqual({ videos: 0 })
    expect(await runTask('repair')).toEqual({ faults: [], repairs: [], notes: [] })
    const { from, to } = maintenanceResults.migrate.parse(await runTask('migrate'))
    expect(from).toBe(to)
    expect(await backend.cancelJobs({ body: { bucket: 'films-125' } })).toEqual({ cancelled: 0 })
    await expect(backend.cancelJobs({ body: {} })).rejects.toThrow('Give at least one of bucket')
    const params = { dnaDbId: library.dnaDbId }
    await backend.deleteLibrary({ params })
    await expect(backend.deleteLibrary({ params })).rejects.toThrow(
      `Library ${library.dnaDbId} does not exist.`,
    )
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
