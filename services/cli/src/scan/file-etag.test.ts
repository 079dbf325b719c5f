import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileEtag } from './file-etag.ts'

const { signal } = new AbortController()
const maxBytes = 20 * 1024 ** 3
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinoprint-etag-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a sparse file of 8 TB is rejected before it is read, and the message names the limit', {
  tags: ['object-size'],
}, async () => {
  const path = join(folder, 'sparse.mp4')
  await writeFile(path, '')
  await truncate(path, 8e12)
  await expect(fileEtag(path, { maxBytes, signal })).rejects.toMatchObject({
    code: 'ResourceNotSupported',
    message: expect.stringMatching(/8\.0 TB; the limit is 21\.5 GB\. .*MAX_OBJECT_BYTES/),
  })
})

test('a file of exactly the limit is read to its end', async () => {
  const path = join(folder, 'small.mp4')
  await writeFile(path, 'abc')
  expect(await fileEtag(path, { maxBytes: 3, signal })).toBe('"900150983cd24fb0d6963f7d28e17f72"')
})
