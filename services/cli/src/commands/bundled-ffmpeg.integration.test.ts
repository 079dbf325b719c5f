import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run, said, start } from '../command-line.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-bare-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A machine without ffmpeg; nothing listens at the database's address. */
const bare = { PATH: '/usr/sbin-of-nowhere', DATA_DIR: join(folder, 'data') }
const servers = { ...bare, DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' }

test.each(['api', 'worker'])(
  '%s refuses the bundled ffmpeg and names the command that installs another one',
  async (role) => {
    const { code, stderr } = await run([role], { settings: servers })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^The bundled ffmpeg .* Install a current ffmpeg and restart: .*install.* ffmpeg$/m,
    )
    expect(stderr).toContain('ALLOW_BUNDLED_FFMPEG=true')
  },
  120_000,
)

test('a server starts with the bundled ffmpeg when ALLOW_BUNDLED_FFMPEG is true', async () => {
  const settings = { ...servers, ALLOW_BUNDLED_FFMPEG: 'true' }
  const { stderr } = await run(['api'], { settings })
  expect(stderr).toContain('PostgreSQL at 127.0.0.1:1 (DATABASE_URL) cannot be reached')
})

test('the embedded product runs with the bundled ffmpeg and warns at startup, in /readyz and in the check', async () => {
  writeFileSync(join(folder, '.env'), 'PORT=0\n')
  const server = start(['serve'], { settings: bare, cwd: folder })
  const ready = await said(server, 'first API key')
  const url = ready.split('\n')[0]?.replace('Kinoprint ready on ', '')
  const answer = await fetch(`${url}/readyz`)
  expect(answer.status).toBe(200)
  const warning = expect.stringMatching(/^The bundled ffmpeg .* unsafe .*install/)
  expect(await answer.json()).toMatchObject({
    status: 'ready',
    warnings: [{ part: 'ffmpeg', message: warning }],
  })
  const checked = await run(['admin', 'check', '--json'], { settings: bare })
  expect(JSON.parse(checked.stdout).notes).toEqual([warning])
  server.child.kill('SIGTERM')
  const { code, stderr } = await server.ended
  expect(code).toBe(0)
  expect(stderr).toMatch(/The bundled ffmpeg .* unsafe for untrusted files/)
})
