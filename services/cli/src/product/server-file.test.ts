import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readServerFile, removeServerFile, writeServerFile } from './server-file.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-server-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const address = { url: 'http://127.0.0.1:1', pid: process.pid }

test('the address of a running server is found until the server removes it', async () => {
  await writeServerFile(folder, address)
  expect(await readServerFile(folder)).toEqual(address)
  expect(statSync(join(folder, 'server.json')).mode & 0o777).toBe(0o600)
  await removeServerFile(folder)
  expect(await readServerFile(folder)).toBeNull()
})

test('the file of a killed server is ignored', async () => {
  // Larger than any process id of Linux (2^22).
  writeFileSync(join(folder, 'server.json'), JSON.stringify({ ...address, pid: 4_194_305 }))
  expect(await readServerFile(folder)).toBeNull()
})
