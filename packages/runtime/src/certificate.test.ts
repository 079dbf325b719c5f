import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { certificates, writeCertificate } from '../../../tests/certificates.ts'
import { readCertificate, watchCertificate } from './certificate.ts'
import { loadSettings } from './settings.ts'

const { first, second } = certificates
const folder = mkdtempSync(join(tmpdir(), 'kinoprint-certificate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function written(name: string, pair: { readonly cert: string; readonly key: string }) {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = writeCertificate(join(folder, name), pair)
  return { certFile, keyFile }
}

test('a certificate is read with its key and the end of its validity', () => {
  const { cert, key, expiresAt } = readCertificate(written('valid', first))
  expect({ cert, key }).toEqual(first)
  expect(expiresAt.getUTCFullYear()).toBeGreaterThan(2100)
})

test.each([
  ['the key of another certificate', { cert: first.cert, key: second.key }],
  ['no certificate', { cert: '', key: first.key }],
  ['a key instead of the certificate', { cert: first.key, key: first.key }],
  ['binary data', { cert: '\0\u00ff'.repeat(1000), key: first.key }],
])('%s is refused, with the settings to correct', (_, pair) => {
  expect(() => readCertificate(written('wrong', pair))).toThrow(
    /are not a certificate and its key .*Set TLS_CERT_FILE .*TLS_KEY_FILE/,
  )
})

test('a file that cannot be read is named with its setting', () => {
  const keyFile = join(folder, 'none.key')
  expect(() => readCertificate({ ...written('half', first), keyFile })).toThrow(
    `TLS_KEY_FILE names ${keyFile}, which cannot be read (ENOENT).`,
  )
})

test('a renewed certificate is passed on once both files belong together', async () => {
  const files = written('renewed', first)
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
  const onChange = vi.fn()
  const stop = watchCertificate(files, { current: readCertificate(files), log, onChange, checkMs: 20 })
  writeFileSync(files.certFile, second.cert)
  await expect.poll(() => log.warn.mock.calls.length).toBeGreaterThan(0)
  expect(onChange).not.toHaveBeenCalled()
  writeFileSync(files.keyFile, second.key)
  await expect.poll(() => onChange.mock.calls.length).toBeGreaterThan(0)
  expect(onChange.mock.lastCall?.[0]).toMatchObject(second)
  stop()
})

test('TLS_CERT_FILE and TLS_KEY_FILE are set both or neither', () => {
  for (const name of ['TLS_CERT_FILE', 'TLS_KEY_FILE'])
    expect(() => loadSettings({ [name]: '/x.pem' })).toThrow(
      'TLS_CERT_FILE and TLS_KEY_FILE belong together. Set both or neither.',
    )
})
