import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileCache } from './file-cache.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinoprint-cache-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (maxBytes = 1000) => createFileCache({ folder, maxBytes, maxAgeMs: 3_600_000 })
const use = (path: string, minutesAgo: number) => {
  const at = new Date(Date.now() - 60_000 * minutesAgo)
  return utimes(path, at, at)
}

test('a file is kept under its name, also for another process', async () => {
  expect(await open().find('aa1')).toBeNull()
  const path = await open().add('aa1', (temporary) => writeFile(temporary, 'one'))
  expect(await open().find('aa1')).toBe(path)
  expect(await readFile(path, 'utf8')).toBe('one')
})

test('a file that could not be written is not kept', async () => {
  const cache = open()
  const failing = async (temporary: string): Promise<void> => {
    await writeFile(temporary, 'half')
    throw new Error('disk full')
  }
  await expect(cache.add('aa1', failing)).rejects.toThrow('disk full')
  expect(await cache.find('aa1')).toBeNull()
})

test('the least recently used files go when the cache is full, and unused ones after a time', async () => {
  const cache = open(1000)
  const add = (name: string, bytes: number) =>
    cache.add(name, (temporary) => writeFile(temporary, Buffer.alloc(bytes)))
  await use(await add('aa-old', 300), 30)
  await use(await add('bb-new', 300), 10)
  await use(await add('cc-unused', 10), 90)
  // Finding a file counts as a use.
  await cache.find('aa-old')
  await add('dd-latest', 500)
  expect(await Promise.all(['aa-old', 'bb-new', 'cc-unused', 'dd-latest'].map(cache.find))).toEqual([
    expect.any(String),
    null,
    null,
    expect.any(String),
  ])
})
