import { execFile } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encryptionKeyOf, ensureSecrets } from './secrets.ts'

const NONE = { adminToken: null, firstKey: null, encryptionKey: null }
let dataDir: string

beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'kinoprint-secrets-')), 'data')
})
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true }))

describe('the secrets of a data folder', () => {
  test('the first start generates the secrets, readable by their owner only, and later starts keep them', async () => {
    const first = await ensureSecrets({ dataDir, ...NONE })
    expect(first.adminToken).toMatch(/^[A-Za-z0-9]{43}$/)
    expect(first.firstKey.secretId).toMatch(/^AKID[A-Za-z0-9]{32}$/)
    expect(first.firstKey.secretKey).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(first.encryptionKey).toHaveLength(32)
    expect(readdirSync(dataDir).toSorted()).toEqual(['admin-token', 'encryption-key', 'first-key.json'])
    for (const name of readdirSync(dataDir)) expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(dataDir, 'admin-token'), 'utf8')).toBe(first.adminToken)
    expect(JSON.parse(readFileSync(join(dataDir, 'first-key.json'), 'utf8'))).toEqual(first.firstKey)
    expect(await ensureSecrets({ dataDir, ...NONE })).toEqual(first)
  })

  test('secrets from the settings are used, and no file is written', async () => {
    const firstKey = { secretId: 'AKIDmine', secretKey: 'mine' }
    const secrets = await ensureSecrets({
      dataDir,
      adminToken: 't',
      firstKey,
      encryptionKey: 'ab'.repeat(32),
    })
    expect(secrets).toEqual({
      adminToken: 't',
      adminTokenFile: null,
      firstKey,
      firstKeyFile: null,
      encryptionKey: Buffer.alloc(32, 0xab),
    })
    expect(() => statSync(dataDir)).toThrow('ENOENT')
  })

  test('simultaneous starts in one process get the same secrets', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => ensureSecrets({ dataDir, ...NONE })))
    for (const secrets of all) expect(secrets).toEqual(all[0])
    expect(readdirSync(dataDir)).toHaveLength(3)
  })

  test('processes that start simultaneously get the same secrets', async () => {
    const script = `
      const { ensureSecrets } = await import(${JSON.stringify(new URL('secrets.ts', import.meta.url).href)})
      const s = await ensureSecrets({ dataDir: ${JSON.stringify(dataDir)}, adminToken: null, firstKey: null, encryptionKey: null })
      process.stdout.write(s.adminToken + s.firstKey.secretId + s.encryptionKey.toString('hex'))`
    const args = ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', script]
    const run = promisify(execFile)
    const outputs = await Promise.all([1, 2, 3].map(() => run(process.execPath, args)))
    expect(new Set(outputs.map(({ stdout }) => stdout)).size).toBe(1)
    expect(outputs[0]?.stdout.length).toBeGreaterThan(100)
  })

  test('secret files that other users could read become private again', {
    tags: ['sealed-secrets'],
  }, async () => {
    await ensureSecrets({ dataDir, ...NONE })
    const path = join(dataDir, 'admin-token')
    chmodSync(path, 0o644)
    await ensureSecrets({ dataDir, ...NONE })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['admin-token', '\n'],
    ['first-key.json', '{"secretId":"AKID'],
    ['first-key.json', '{"secretId":"AKIDx"}'],
    ['first-key.json', 'null'],
    ['encryption-key', ''],
  ])('a damaged secret file is named and not replaced: %s contains %j', async (name, content) => {
    await ensureSecrets({ dataDir, ...NONE })
    writeFileSync(join(dataDir, name), content)
    await expect(ensureSecrets({ dataDir, ...NONE })).rejects.toMatchObject({
      code: 'InvalidSettings',
      message: expect.stringContaining(join(dataDir, name)),
    })
    expect(readFileSync(join(dataDir, name), 'utf8')).toBe(content)
  })

  test.each([
    ['is missing', () => undefined],
    ['is a dangling link', (path: string) => symlinkSync('/nowhere/at-all', path)],
    ['is a link to itself', (path: string) => symlinkSync(path, path)],
    ['is a folder', (path: string) => mkdirSync(path)],
  ])('an encryption key that %s is never replaced', { tags: ['encryption-key'] }, async (_, spoil) => {
    await ensureSecrets({ dataDir, ...NONE })
    const path = join(dataDir, 'encryption-key')
    rmSync(path)
    spoil(path)
    const before = readdirSync(dataDir).toSorted()
    const refused = { code: 'InvalidSettings', message: expect.stringContaining(path) }
    await expect(ensureSecrets({ dataDir, ...NONE })).rejects.toMatchObject(refused)
    expect(readdirSync(dataDir).toSorted()).toEqual(before)
    rmSync(path, { recursive: true, force: true })
    writeFileSync(path, 'ab'.repeat(32))
    expect((await ensureSecrets({ dataDir, ...NONE })).encryptionKey).toEqual(Buffer.alloc(32, 0xab))
  })

  test('secrets that cannot be written are reported with their folder', async () => {
    writeFileSync(join(dataDir, '..', 'file'), '')
    const notFolder = join(dataDir, '..', 'file')
    await expect(ensureSecrets({ dataDir: notFolder, ...NONE })).rejects.toMatchObject({
      code: 'InvalidSettings',
      message: expect.stringContaining(notFolder),
    })
  })
})

test('an encryption key is hex, base64 or a passphrase, and equal texts give equal keys', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index))
  expect(encryptionKeyOf(bytes.toString('hex'))).toEqual(bytes)
  expect(encryptionKeyOf(bytes.toString('base64'))).toEqual(bytes)
  const phrase = encryptionKeyOf('correct horse battery staple')
  expect(phrase).toHaveLength(32)
  expect(encryptionKeyOf('correct horse battery staple')).toEqual(phrase)
  expect(encryptionKeyOf('correct horse battery stable')).not.toEqual(phrase)
})
