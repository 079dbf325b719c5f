import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withEnvFile } from './env-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-env-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the .env file adds settings, and environment variables take precedence', () => {
  const path = join(folder, '.env')
  writeFileSync(path, '# a comment\nPORT=9000\nHOST="0.0.0.0"\nLOG_LEVEL=debug\n')
  expect(withEnvFile({ PORT: '8081', LOG_LEVEL: '' }, path)).toEqual({
    PORT: '8081',
    HOST: '0.0.0.0',
    LOG_LEVEL: '',
  })
})

test('without a .env file the environment is unchanged', () => {
  expect(withEnvFile({ PORT: '8081' }, join(folder, '.env'))).toEqual({ PORT: '8081' })
})

test('a .env file that cannot be read is named in the error', () => {
  const path = join(folder, '.env')
  mkdirSync(path)
  expect(() => withEnvFile({}, path)).toThrow(
    expect.objectContaining({ code: 'InvalidSettings', message: expect.stringContaining(path) }),
  )
})
