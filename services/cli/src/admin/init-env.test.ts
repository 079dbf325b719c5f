import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { initEnv } from './init-env.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-init-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the file contains every secret that compose requires and is readable only by its owner', async () => {
  const path = join(folder, '.env')
  await initEnv({ path, force: false })
  const compose = readFileSync(new URL('../../../../docker-compose.yml', import.meta.url), 'utf8')
  const asked = new Set([...compose.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name))
  expect([...asked].sort()).toEqual(['POSTGRES_PASSWORD', 'REDIS_PASSWORD'])
  for (const secret of ['ADMIN_TOKEN', 'SECRET_ID', 'SECRET_KEY', 'ENCRYPTION_KEY']) asked.add(secret)
  const text = readFileSync(path, 'utf8')
  for (const name of asked) expect(text).toMatch(new RegExp(`^${name}=[A-Za-z0-9]{24,}$`, 'm'))
  expect(text).toMatch(/^CALLBACK_SECRETS=whsec_[A-Za-z0-9+/]{43}=$/m)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('an existing file is replaced only with --force', async () => {
  const path = join(folder, '.env')
  await initEnv({ path, force: false })
  const first = readFileSync(path, 'utf8')
  await expect(initEnv({ path, force: false })).rejects.toThrow(/exists and contains/)
  expect(readFileSync(path, 'utf8')).toBe(first)
  await initEnv({ path, force: true })
  expect(readFileSync(path, 'utf8')).not.toBe(first)
})

test('a folder at the path is reported as a folder, even with --force', async () => {
  for (const force of [false, true])
    await expect(initEnv({ path: folder, force })).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: `${folder} is a folder. Name a file in it.`,
    })
})
