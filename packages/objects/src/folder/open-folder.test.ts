import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ObjectStore } from '../object-store.ts'
import { openFolderStore } from './open-folder.ts'

let dir: string
let store: ObjectStore
const BUCKET = 'films-125'

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-objects-test-'))
  store = openFolderStore(join(dir, 'buckets'))
})
afterEach(async () => {
  await store.close()
  await rm(dir, { recursive: true })
})

function put(object: string, text: string) {
  return store.write(BUCKET, object, chunksOf(text))
}
async function* chunksOf(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}
function md5(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`
}
function code(expected: string) {
  return expect.objectContaining({ code: expected })
}
function pathOf(object: string): string {
  return join(dir, 'buckets', BUCKET, object)
}

test('a written object is read back with its size and the MD5 of its content as ETag', async () => {
  expect(await put('a/b.mp4', 'hello')).toEqual({ size: 5, etag: md5('hello') })
  expect(await store.head(BUCKET, 'a/b.mp4')).toMatchObject({ size: 5, etag: md5('hello') })
  expect(await readFile(pathOf('a/b.mp4'), 'utf8')).toBe('hello')
  const { stream, range } = await store.read(BUCKET, 'a/b.mp4')
  expect((await buffer(stream)).toString()).toBe('hello')
  expect(range).toEqual({ start: 0, end: 4 })
})

test('a file that the operator copied into a bucket is an object, and its ETag follows its content', async () => {
  await mkdir(pathOf(''), { recursive: true })
  await writeFile(pathOf('a.mp4'), 'one')
  expect((await store.head(BUCKET, 'a.mp4')).etag).toBe(md5('one'))
  await writeFile(pathOf('a.mp4'), 'two')
  expect((await store.head(BUCKET, 'a.mp4')).etag).toBe(md5('two'))
})

test('a name with an empty segment cannot be an object of a folder, and every error says why', {
  tags: ['empty-segment'],
}, async () => {
  await put('a/b.mp4', 'hello')
  for (const object of ['a//b.mp4', 'a/b.mp4/']) {
    const fault = (expected: string) =>
      expect.objectContaining({ code: expected, message: expect.stringContaining('Remove the extra slash') })
    await expect(put(object, 'other')).rejects.toThrow(fault('InvalidArgument'))
    await expect(store.head(BUCKET, object)).rejects.toThrow(fault('InvalidArgument'))
    await expect(store.remove(BUCKET, object)).rejects.toThrow(fault('InvalidArgument'))
    await expect(store.fetch(BUCKET, object)).rejects.toThrow(fault('ResourceNotFound'))
  }
  expect(await readFile(pathOf('a/b.mp4'), 'utf8')).toBe('hello')
})

test('fetch returns the file itself', async () => {
  await put('a.mp4', 'hello')
  const file = await store.fetch(BUCKET, 'a.mp4')
  expect(file).toMatchObject({ size: 5, etag: md5('hello') })
  expect(await readFile(file.path, 'utf8')).toBe('hello')
  await file.release()
  expect(existsSync(file.path)).toBe(true)
  await expect(store.fetch(BUCKET, 'a.mp4', { maxBytes: 4 })).rejects.toThrow(code('ResourceNotSupported'))
  await expect(store.fetch(BUCKET, 'a.mp4', { signal: AbortSignal.abort() })).rejects.toThrow(
    code('Cancelled'),
  )
})

test('ranges are read as in HTTP', async () => {
  await put('a.mp4', '0123456789')
  const text = async (start: number, end?: number) => {
    const { stream } = await store.read(BUCKET, 'a.mp4', { start, end })
    return (await buffer(stream)).toString()
  }
  expect(await text(0, 3)).toBe('0123')
  expect(await text(4)).toBe('456789')
  expect(await text(9, 100)).toBe('9')
  await expect(text(10)).rejects.toThrow(code('InvalidRange'))
  await put('empty.mp4', '')
  expect((await buffer((await store.read(BUCKET, 'empty.mp4')).stream)).length).toBe(0)
})

test('a missing object is not found', async () => {
  await expect(store.head(BUCKET, 'a.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await put('a/b.mp4', 'x')
  await expect(store.head(BUCKET, 'a')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.head(BUCKET, 'a/b.mp4/c')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.fetch(BUCKET, 'a/c.mp4')).rejects.toThrow(code('ResourceNotFound'))
  await expect(store.remove(BUCKET, 'c.mp4')).rejects.toThrow(code('ResourceNotFound'))
})

test('no name leads out of the bucket', async () => {
  await writeFile(join(dir, 'secret'), 'secret')
  await put('a.mp4', 'x')
  for (const object of ['../../secret', '/etc/passwd', 'a/../../../secret', '..']) {
    await expect(store.head(BUCKET, object)).rejects.toThrow(code('InvalidArgument'))
    await expect(put(object, 'x')).rejects.toThrow(code('InvalidArgument'))
    await expect(store.remove(BUCKET, object)).rejects.toThrow(code('InvalidArgument'))
  }
  await expect(store.head('../buckets', 'a')).rejects.toThrow(code('InvalidArgument'))
  expect(await readFile(join(dir, 'secret'), 'utf8')).toBe('secret')
})

test('no link leads out of the bucket', { tags: ['object-names'] }, async () => {
  await mkdir(join(dir, 'outside'))
  await writeFile(join(dir, 'outside', 'secret'), 'secret')
  await put('a.mp4', 'x')
  await symlink(join(dir, 'outside', 'secret'), pathOf('file'))
  await symlink(join(dir, 'outside'), pathOf('folder'))
  await symlink(join(dir, 'outside', 'new'), pathOf('dangling'))
  await symlink('loop', pathOf('loop'))
  for (const object of ['file', 'folder/secret', 'loop']) {
    await expect(store.head(BUCKET, object)).rejects.toThrow(code('ResourceAccessDenied'))
    await expect(store.fetch(BUCKET, object)).rejects.toThrow(code('ResourceAccessDenied'))
    await expect(store.remove(BUCKET, object)).rejects.toThrow(code('ResourceAccessDenied'))
  }
  await expect(put('folder/new', 'x')).rejects.toThrow(code('ResourceAccessDenied'))
  await expect(put('folder/deep/new', 'x')).rejects.toThrow(code('ResourceAccessDenied'))
  await expect(put('dangling/new', 'x')).rejects.toThrow()
  expect(await readdir(join(dir, 'outside'))).toEqual(['secret'])
  expect((await store.list(BUCKET)).items.map(({ object }) => object)).toEqual(['a.mp4'])
})

test('a link to another object of the bucket is followed', async () => {
  await put('a.mp4', 'x')
  await symlink('a.mp4', pathOf('b.mp4'))
  expect((await store.head(BUCKET, 'b.mp4')).size).toBe(1)
  await store.remove(BUCKET, 'b.mp4')
  expect((await store.head(BUCKET, 'a.mp4')).size).toBe(1)
})

test('an interrupted or oversized upload leaves only the old content', async () => {
  await put('a.mp4', 'old')
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from('new')
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
  }
  await expect(store.write(BUCKET, 'a.mp4', broken())).rejects.toThrow(code('InvalidContent'))
  const announced = { contentLength: 9 }
  await expect(store.write(BUCKET, 'a.mp4', chunksOf('short'), announced)).rejects.toThrow(
    code('InvalidContent'),
  )
  const capped = { maxBytes: 4 }
  await expect(store.write(BUCKET, 'a.mp4', chunksOf('long', 'er'), capped)).rejects.toThrow(
    code('ContentTooLarge'),
  )
  expect(await readFile(pathOf('a.mp4'), 'utf8')).toBe('old')
  const left = await readdir(pathOf('.uploads'), { recursive: true, withFileTypes: true })
  expect(left.filter((entry) => entry.isFile())).toEqual([])
})

test('running uploads are not listed, readable or writable', async () => {
  let seen: string[] = []
  async function* slow(): AsyncGenerator<Buffer> {
    yield Buffer.from('part')
    seen = (await store.list(BUCKET)).items.map(({ object }) => object)
    const [owner] = await readdir(pathOf('.uploads'))
    const [name] = await readdir(pathOf(`.uploads/${owner}`))
    await expect(store.head(BUCKET, `.uploads/${owner}/${name}`)).rejects.toThrow(code('InvalidArgument'))
    await expect(put('.uploads/x', 'x')).rejects.toThrow(code('InvalidArgument'))
  }
  await store.write(BUCKET, 'a.mp4', slow())
  expect(seen).toEqual([])
  expect((await store.list(BUCKET)).items.map(({ object }) => object)).toEqual(['a.mp4'])
})

test('a list with a delimiter names the folders under the prefix, and only the objects beside them', async () => {
  for (const name of ['a/1.mp4', 'a/b/2.mp4', 'ab/3.mp4', 'c.mp4']) await put(name, name)
  const list = async (prefix: string) => {
    const { items, prefixes, total } = await store.list(BUCKET, { prefix, delimiter: '/' })
    return [prefixes, total, items.map(({ object }) => object)]
  }
  expect(await list('')).toEqual([['a/', 'ab/'], 1, ['c.mp4']])
  expect(await list('a')).toEqual([['a/', 'ab/'], 0, []])
  expect(await list('a/')).toEqual([['a/b/'], 1, ['a/1.mp4']])
  expect(await list('a/b')).toEqual([['a/b/'], 0, []])
  expect(await list('../')).toEqual([[], 0, []])
  expect((await store.list(BUCKET)).prefixes).toEqual([])
})

test('objects are listed by prefix and page, in byte order', async () => {
  for (const name of ['b.mp4', 'a/2.mp4', 'a/10.mp4', 'a.mp4', 'a/c/1.mp4', '\u{1F3AC}.mp4', '\uFF0E.mp4']) {
    await put(name, name)
  }
  const names = async (options?: object) => {
    const { items, total } = await store.list(BUCKET, options)
    return [total, ...items.map(({ object }) => object)]
  }
  const all = ['a.mp4', 'a/10.mp4', 'a/2.mp4', 'a/c/1.mp4', 'b.mp4', '\uFF0E.mp4', '\u{1F3AC}.mp4']
  expect(await names()).toEqual([7, ...all])
  expect(await names({ prefix: 'a/' })).toEqual([3, 'a/10.mp4', 'a/2.mp4', 'a/c/1.mp4'])
  expect(await names({ prefix: 'a' })).toEqual([4, ...all.slice(0, 4)])
  expect(await names({ page: 2, pageSize: 3 })).toEqual([7, ...all.slice(3, 6)])
  expect(await names({ prefix: '../' })).toEqual([0])
  expect(await store.list('absent-1')).toEqual({ items: [], total: 0, prefixes: [] })
  await expect(store.list(BUCKET, { page: 0 })).rejects.toThrow(code('InvalidArgument'))
  await expect(store.list(BUCKET, { pageSize: 1001 })).rejects.toThrow(code('InvalidArgument'))
})

test('removing the last object of a folder removes the folder', async () => {
  await put('a/b/c.mp4', 'x')
  await put('a/d.mp4', 'x')
  await store.remove(BUCKET, 'a/b/c.mp4')
  expect(existsSync(pathOf('a/b'))).toBe(false)
  expect(existsSync(pathOf('a/d.mp4'))).toBe(true)
})

test('a name cannot be an object and a folder of objects at the same time', async () => {
  await put('a', 'x')
  await expect(put('a/b', 'x')).rejects.toThrow(code('Conflict'))
  await put('c/d', 'x')
  await expect(put('c', 'x')).rejects.toThrow(code('Conflict'))
})

test('a sweep removes files of ended processes and keeps those of running ones', async () => {
  await put('a.mp4', 'x')
  const [own] = await readdir(pathOf('.uploads'))
  const host = String(own).split('~')[0]
  const leave = async (owner: string): Promise<string> => {
    const path = pathOf(`.uploads/${owner}/file`)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, 'x')
    return path
  }
  const dead = await leave(`${host}~4194304~abc`)
  const before = await leave(`${host}~${process.pid}~earlier`)
  const living = await leave(`${host}~${process.ppid}~abc`)
  const elsewhere = await leave('otherhost~1~abc')
  const forgotten = await leave('thirdhost~1~abc')
  await utimes(forgotten, 0, 0)
  expect(await store.sweepTemporaryFiles()).toBe(3)
  expect([dead, before, living, elsewhere, forgotten].map((path) => existsSync(path))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ])
})

test('a sweep keeps the empty folder that a running process is about to use, and removes that of an ended one', async () => {
  await put('a.mp4', 'x')
  const [own] = await readdir(pathOf('.uploads'))
  const host = String(own).split('~')[0]
  const living = pathOf(`.uploads/${host}~${process.ppid}~abc`)
  const dead = pathOf(`.uploads/${host}~4194304~abc`)
  for (const path of [living, dead]) await mkdir(path)
  await store.sweepTemporaryFiles()
  expect([living, dead].map((path) => existsSync(path))).toEqual([true, false])
})

test('concurrent writers of one object leave one complete content', async () => {
  const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(1000))
  await Promise.all(texts.map((text) => put('a/b.mp4', text)))
  expect(texts).toContain(await readFile(pathOf('a/b.mp4'), 'utf8'))
})
