import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase } from '@kinoprint/store'
import { afterAll, expect, test } from 'vitest'
import { run } from '../command-line.fixture.ts'
import { migrationsDir } from '../installed-files.ts'
import { checkConsole, checkNode } from './machine-checks.ts'
import { runChecks } from './run-checks.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-doctor-'))
const file = join(folder, 'file')
writeFileSync(file, '')
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

const dataDir = join(folder, 'data')
const sound = { DATA_DIR: dataDir, PORT: '0' }

/** The findings by the name of their check. */
async function findings(settings: Record<string, string>, options = { timeoutMs: 250_000 }) {
  const checks = await runChecks({ ...sound, ...settings }, options)
  return Object.fromEntries(checks.map(({ check, ...finding }) => [check, finding]))
}

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

test('doctor finds nothing missing on a sound machine, and creates nothing', async () => {
  const found = await findings({ INPUT_FORMATS: 'all' })
  // Depends on the build and on the container.
  const { console: _console, isolation: _isolation, ...others } = found
  expect(Object.keys(others)).toEqual([
    ...['node', 'settings', 'ffmpeg', 'formats', 'data folder', 'objects', 'database', 'queue', 'port'],
  ])
  expect(Object.values(others).filter(({ state }) => state !== 'ok')).toEqual([])
  expect(existsSync(dataDir)).toBe(false)
})

test('doctor prints each problem with its cure below, and exits with 1', async () => {
  const { code, stdout } = await run(['doctor'], {
    settings: { ...sound, PATH: '/nowhere', DATABASE_URL: 'postgres://someone:hidden@127.0.0.1:1/films' },
  })
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^missing {2}ffmpeg {7}The bundled ffmpeg .*\n {22}Install a current ffmpeg and restart: .*ffmpeg\n/m,
  )
  expect(stdout).toMatch(
    /^missing {2}database {5}PostgreSQL at 127\.0\.0\.1:1 .*\n {22}Start it, or correct the address\.\n/m,
  )
  expect(stdout).not.toContain('hidden')
})

test('doctor prints JSON, and exits with 0 if nothing is missing', async () => {
  const { code, stdout } = await run(['doctor', '--format', 'json'], { settings: sound })
  const { ok, checks } = JSON.parse(stdout)
  expect(checks).toContainEqual({ check: 'settings', state: 'ok', found: 'valid', cure: null })
  const missing = checks.filter(({ state }: { state: string }) => state === 'missing')
  expect({ code, ok }).toEqual(missing.length === 0 ? { code: 0, ok: true } : { code: 1, ok: false })
})

test('each invalid setting is named, and the checks that need settings wait', async () => {
  const found = await findings({ PORT: '1x', REDIS_URL: 'redis://127.0.0.1:1' })
  expect(found.settings).toMatchObject({
    state: 'missing',
    cure: expect.stringMatching(/^- PORT must be a whole number.*\n- REDIS_URL needs DATABASE_URL/),
  })
  expect(Object.keys(found)).toEqual(['node', 'console', 'settings'])
})

test('a wrong FFMPEG_PATH is reported once, with the setting', async () => {
  const found = await findings({ FFMPEG_PATH: '/nowhere/ffmpeg' })
  expect(found.ffmpeg).toMatchObject({
    state: 'missing',
    found: expect.stringContaining('FFMPEG_PATH is /nowhere/ffmpeg'),
    cure: 'Correct it, or unset it to use the installed ffmpeg.',
  })
  expect(found).not.toHaveProperty('formats')
})

test('a data folder that cannot be written is missing', async () => {
  const found = await findings({ DATA_DIR: join(file, 'data') })
  expect(found['data folder']).toEqual({
    state: 'missing',
    found: `${join(file, 'data')} cannot be written (ENOTDIR)`,
    cure: `Make ${file} a folder that this user can write to, or set DATA_DIR to another folder.`,
  })
  expect(found.objects?.state).toBe('missing')
})

test('doctor says which migrations a database lacks, and applies none', async () => {
  const url = new URL(process.env.TEST_DATABASE_URL ?? '')
  const admin = await openDatabase({ databaseUrl: url.href })
  const name = `doctor_${randomBytes(6).toString('hex')}`
  await admin.pool.query(`create database ${name}`)
  url.pathname = `/${name}`
  const settings = { DATABASE_URL: url.href, REDIS_URL: process.env.TEST_REDIS_URL ?? '' }
  const before = await findings(settings)
  expect(before.database).toMatchObject({
    state: 'warning',
    found: expect.stringMatching(/^PostgreSQL \d+, pgvector [\d.]+, (\d+) of \1 migrations missing$/),
    cure: expect.stringContaining('kinoprint admin migrate'),
  })
  expect(before.queue?.found).toMatch(/^Redis(?:,| has | drops )/)
  const db = await openDatabase({ databaseUrl: url.href })
  const { from } = await migrate(db, { dir: migrationsDir })
  await db.close()
  expect(from).toBe(0)
  expect((await findings(settings)).database).toMatchObject({
    state: 'ok',
    found: expect.stringContaining('migrations complete'),
  })
  await admin.pool.query(`drop database ${name} with (force)`)
  await admin.close()
})

test('servers that cannot be reached are missing, each with its setting', async () => {
  const found = await findings({
    ...{ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c', REDIS_URL: 'redis://127.0.0.1:1' },
    ...{ S3_ENDPOINT: 'http://127.0.0.1:1', S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'b' },
  })
  expect(found.database).toMatchObject({ state: 'missing', found: expect.stringContaining('DATABASE_URL') })
  expect(found.queue).toMatchObject({ state: 'missing', found: expect.stringContaining('REDIS_URL') })
  expect(found.objects).toMatchObject({ state: 'missing', cure: 'Check S3_ENDPOINT.' })
})

test('a server that never answers is missing after the time limit', async () => {
  const port = await listening(createServer())
  const found = await findings(
    { DATABASE_URL: `postgres://a:b@127.0.0.1:${port}/c`, ALLOW_BUNDLED_FFMPEG: 'true' },
    { timeoutMs: 2_000 },
  )
  expect(found.database).toMatchObject({ state: 'missing', found: 'No response within 2 s.' })
})

test('a port in use is missing, unless Kinoprint itself uses it', async () => {
  const other = await listening(createHttpServer((_, answer) => answer.end('{}')))
  expect((await findings({ PORT: String(other) })).port).toMatchObject({
    state: 'missing',
    cure: 'Stop that program, or set PORT to a free port (0 picks one).',
  })
  const ready = '{"status":"ready","failing":[],"warnings":[]}'
  const own = await listening(createHttpServer((_, answer) => answer.end(ready)))
  expect((await findings({ PORT: String(own) })).port).toMatchObject({ state: 'ok' })
})

test('doctor names the oldest Node.js that works', () => {
  expect(checkNode('20.18.3', '20.19')).toMatchObject({
    state: 'missing',
    found: '20.18.3; Kinoprint needs 20.19 or newer',
  })
  for (const version of ['20.19.0', '22.1.0']) expect(checkNode(version, '20.19').state).toBe('ok')
})

test('a console that is not built is missing', () => {
  expect(checkConsole(folder)).toMatchObject({ state: 'missing', cure: 'Run: npm run build' })
  mkdirSync(join(folder, 'console'))
  writeFileSync(join(folder, 'console/index.html'), '')
  expect(checkConsole(join(folder, 'console')).state).toBe('ok')
})
