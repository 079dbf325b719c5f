import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { excludeNames } from './exclude-names.ts'
import { listVideos } from './list-videos.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-list-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('videos in subfolders are listed relative to the folder, sorted, without other files', async () => {
  mkdirSync(join(folder, 'in', 'season 1'), { recursive: true })
  for (const name of ['in/b.mp4', 'in/season 1/a.MP4', 'in/notes.txt']) writeFileSync(join(folder, name), '')
  const names = (await listVideos(join(folder, 'in'))).videos.map((one) => one.name)
  expect(names).toEqual(['b.mp4', 'season 1/a.MP4'])
})

test('links to outside files and folders are followed, but not circular links', async () => {
  mkdirSync(join(folder, 'in'))
  mkdirSync(join(folder, 'elsewhere'))
  writeFileSync(join(folder, 'elsewhere', 'x.mp4'), '')
  symlinkSync(join(folder, 'elsewhere', 'x.mp4'), join(folder, 'in', 'linked.mp4'))
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'in', 'folder'))
  symlinkSync(join(folder, 'in'), join(folder, 'in', 'circle'))
  const names = (await listVideos(join(folder, 'in'))).videos.map((one) => one.name)
  expect(names).toEqual(['folder/x.mp4', 'linked.mp4'])
})

test('a broken link is listed, so that its error is reported', async () => {
  symlinkSync(join(folder, 'gone.mp4'), join(folder, 'dead.mp4'))
  expect((await listVideos(folder)).videos.map((one) => one.name)).toEqual(['dead.mp4'])
})

test('a missing folder causes a fault that names it', async () => {
  await expect(listVideos(join(folder, 'none'))).rejects.toThrow(/none does not exist/)
})

test('every file that is not read is listed with the reason', async () => {
  for (const name of ['a.mp4', 'notes.txt', '._a.mp4', 'b.part.mp4', '.c.mp4', '.d'])
    writeFileSync(join(folder, name), '')
  const exclude = excludeNames(['*.part.mp4'])
  const shown = await listVideos(folder, { exclude })
  const apple = 'macOS keeps attributes of another file in it (AppleDouble)'
  const other = 'its name is not that of a video'
  expect(shown.videos.map(({ name }) => name)).toEqual(['.c.mp4', 'a.mp4'])
  expect(shown.skipped).toEqual([
    { name: '._a.mp4', reason: apple },
    { name: '.d', reason: other },
    { name: 'b.part.mp4', reason: 'excluded by *.part.mp4' },
    { name: 'notes.txt', reason: other },
  ])
  const visible = await listVideos(folder, { exclude, skipHidden: true })
  expect(visible.videos.map(({ name }) => name)).toEqual(['a.mp4'])
  expect(visible.skipped.slice(0, 3)).toEqual([
    { name: '._a.mp4', reason: apple },
    { name: '.c.mp4', reason: 'hidden' },
    { name: '.d', reason: 'hidden' },
  ])
})

test.each([
  ['*.tmp.mp4', 'deep/er/x.tmp.mp4', true],
  ['samples/**', 'samples/a/b.mp4', true],
  ['samples/**', 'films/samples/b.mp4', false],
  ['**/samples/**', 'films/samples/b.mp4', true],
  ['.hidden*', 'a/.hidden.mp4', true],
  ['a.mp4', 'aa.mp4', false],
])('the pattern %s and the name %s: excluded is %s', (pattern, name, isExcluded) => {
  expect(excludeNames([pattern])(name)).toBe(isExcluded ? `excluded by ${pattern}` : null)
})

test('a folder without videos causes a fault that lists the video extensions', async () => {
  writeFileSync(join(folder, 'notes.txt'), '')
  await expect(listVideos(folder)).rejects.toThrow(
    `${folder} contains no video. It also contains other files: 1. Their names end in .mp4, .m4v,`,
  )
})
