import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFolderHandle, removeEntry } from '../folder-handle.ts'
import type { ObjectStore } from '../object-store.ts'
import { openFolderStore } from './open-folder.ts'

let dir: string
let store: ObjectStore
const BUCKET = 'films-125'
const HOST = hostname().replaceAll('~', '-')
/** The id of a process that has ended: no process has an id this large. */
const DEAD = `${HOST}~4194305~abc`
const ELSEWHERE = 'otherhost~1~abc'

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-hostile-test-'))
  store = openFolderStore(join(dir, 'buckets'), { maxObjectBytes: 20e9 })
  await mkdir(pathOf(''), { recursive: true })
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true })
})

function code(expected: string) {
  return expect.objectContaining({ code: expected })
}
function pathOf(object: string): string {
  return join(dir, 'buckets', BUCKET, object)
}
async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}

/** Creates a file that is old enough for every sweep, with its parent folders. */
async function leave(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, 'x')
  for (let at = path; at.length > dir.length; at = dirname(at)) await utimes(at, 0, 0)
  return path
}

test.each([
  ['the buckets', '..'],
  ['the data folder', '../..'],
  ['another bucket', '../other-125'],
  ['the bucket itself', '.'],
])(
  'a sweep through a link from .uploads to %s removes nothing there',
  { tags: ['sweep-scope'] },
  async (_, target) => {
    const kept = [
      await leave(join(dir, 'database', 'base', '1', 'table')),
      await leave(join(dir, 'thumbnails', 'dv1', 'poster.jpg')),
      await leave(join(dir, 'buckets', 'other-125', 'old', 'a.mp4')),
      await leave(join(dir, 'buckets', 'other-125', DEAD, 'a.mp4')),
      await leave(pathOf(`${DEAD}/a.mp4`)),
      await leave(pathOf('old/deep/a.mp4')),
    ]
    await symlink(target, pathOf('.uploads'))
    expect(await store.sweepTemporaryFiles()).toBe(0)
    expect(kept.filter((path) => !existsSync(path))).toEqual([])
  },
)

test('a sweep removes links inside .uploads and keeps their targets', {
  tags: ['sweep-scope'],
}, async () => {
  const outside = await leave(join(dir, 'outside', 'folder', 'file'))
  await leave(pathOf(`.uploads/${DEAD}/part`))
  await leave(pathOf(`.uploads/${DEAD}/folder/part`))
  await symlink(join(dir, 'outside'), pathOf(`.uploads/${HOST}~4194306~abc`))
  await symlink(join(dir, 'outside'), pathOf(`.uploads/${DEAD}/link`))
  await symlink(outside, pathOf(`.uploads/${DEAD}/file`))
  await symlink(join(dir, 'outside', 'folder'), pathOf(`.uploads/${DEAD}/folder/link`))
  await store.sweepTemporaryFiles()
  expect(await readFile(outside, 'utf8')).toBe('x')
  expect(existsSync(pathOf(`.uploads/${DEAD}`))).toBe(false)
})

test('a sweep keeps names that no process makes, however old they are', {
  tags: ['sweep-scope'],
}, async () => {
  const kept = await Promise.all(
    ['mine/a.mp4', `${HOST}~x~abc/a.mp4`, `${HOST}~0~abc/a.mp4`, 'a~1/a.mp4'].map((name) =>
      leave(pathOf(`.uploads/${name}`)),
    ),
  )
  expect(await store.sweepTemporaryFiles()).toBe(0)
  expect(kept.filter((path) => !existsSync(path))).toEqual([])
})

test('in a bucket that is a link, a sweep removes only names that uploads have', {
  tags: ['sweep-scope'],
}, async () => {
  const uploads = join(dir, 'elsewhere', '.uploads')
  const kept = await leave(join(uploads, ELSEWHERE, 'letters.txt'))
  const left = await leave(join(uploads, ELSEWHERE, '0d9cf4c6-31e4-4f8b-8f5b-5f2f3d0e8f11'))
  await symlink(join(dir, 'elsewhere'), join(dir, 'buckets', 'linked-125'))
  expect(await store.sweepTemporaryFiles()).toBe(1)
  expect([kept, left].map((path) => existsSync(path))).toEqual([true, false])
})

test('folders that are not buckets are not swept', async () => {
  const kept = await leave(join(dir, 'buckets', '.hidden', '.uploads', ELSEWHERE, 'a'))
  expect(await store.sweepTemporaryFiles()).toBe(0)
  expect(existsSync(kept)).toBe(true)
})

test('an upload is refused if its temporary folder is a link', async () => {
  await mkdir(join(dir, 'outside'))
  await symlink(join(dir, 'outside'), pathOf('.uploads'))
  await expect(store.write(BUCKET, 'a.mp4', chunksOf('x'))).rejects.toThrow(code('ServiceUnavailable'))
  expect(await readdir(join(dir, 'outside'))).toEqual([])
})

test('a link that replaces an open folder does not redirect a removal', {
  tags: ['sweep-scope'],
}, async () => {
  const outside = await leave(join(dir, 'outside', 'file'))
  await leave(pathOf('.uploads/file'))
  const folder = await openFolderHandle(pathOf('.uploads'))
  await rename(pathOf('.uploads'), pathOf('moved'))
  await symlink(join(dir, 'outside'), pathOf('.uploads'))
  if (folder === undefined) throw new Error('The folder is not there.')
  for (const name of await folder.names()) await removeEntry(folder, name)
  await folder.close()
  expect(existsSync(outside)).toBe(true)
  expect(await readdir(pathOf('moved'))).toEqual([])
})

test('a FIFO is not an object and blocks nothing', { tags: ['regular-files'] }, async () => {
  execFileSync('mkfifo', [pathOf('a.mp4')])
  await expect(store.fetch(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.head(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.read(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.sizeOf(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceNotFound'))
  expect(await store.exists(BUCKET, 'a.mp4')).toBe(false)
})

test('a fetched file stays readable after its name is replaced', {
  tags: ['regular-files'],
}, async () => {
  await writeFile(pathOf('a.mp4'), 'hello')
  const file = await store.fetch(BUCKET, 'a.mp4')
  await rm(pathOf('a.mp4'))
  execFileSync('mkfifo', [pathOf('a.mp4')])
  expect(await readFile(file.openPath ?? '', 'utf8')).toBe('hello')
  await file.release()
  await file.release()
})

test('a sparse object of 8 TB is refused unread, and its size and ETag are known without reading it', {
  tags: ['object-size'],
}, async () => {
  await writeFile(pathOf('a.mp4'), '')
  await truncate(pathOf('a.mp4'), 8e12)
  const message = 'Object a.mp4 is 8.0 TB; at most 20.0 GB are supported.'
  await expect(store.fetch(BUCKET, 'a.mp4')).rejects.toThrow(message)
  expect(await store.sizeOf(BUCKET, 'a.mp4')).toBe(8e12)
  const { etag } = await store.head(BUCKET, 'a.mp4')
  await utimes(pathOf('a.mp4'), 1, 1)
  expect((await store.head(BUCKET, 'a.mp4')).etag).not.toBe(etag)
})
