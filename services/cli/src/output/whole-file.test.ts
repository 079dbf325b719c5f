import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openWholeFile } from './whole-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-whole-file-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a file keeps its old content until the new one is complete', async () => {
  writeFileSync(at('rows.json'), 'old')
  const file = await openWholeFile(at('rows.json'))
  expect(readFileSync(at('rows.json'), 'utf8')).toBe('old')
  await file.write('new')
  await file.close()
  expect(readFileSync(at('rows.json'), 'utf8')).toBe('new')
  expect(readdirSync(folder)).toEqual(['rows.json'])
})

test('a device is written to, never replaced', async () => {
  // Through a link, so that a replaced name is not that of the device itself.
  symlinkSync('/dev/null', at('device'))
  const file = await openWholeFile(at('device'))
  await file.write('rows')
  await file.close()
  expect(lstatSync(at('device')).isSymbolicLink()).toBe(true)
  expect(readdirSync(folder)).not.toContain('device.part')
})

test('a folder, and a path that cannot be written, are refused at once', async () => {
  await expect(openWholeFile(folder)).rejects.toThrow(/is a folder/)
  await expect(openWholeFile(at('none/rows.json'))).rejects.toThrow(/no such file or folder/)
})
