import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeThumbnails } from './remove-thumbnails.ts'

const [one, two] = [`dv${'1'.repeat(32)}`, `dv${'2'.repeat(32)}`]
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-thumbnails-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('only the thumbnails of the named videos are removed', async () => {
  for (const name of [one, two]) mkdirSync(join(folder, name))
  await removeThumbnails(folder, [one, `dv${'3'.repeat(32)}`])
  expect(readdirSync(folder)).toEqual([two])
  await removeThumbnails(null, [two])
  await removeThumbnails(join(folder, 'absent'), [two])
  expect(readdirSync(folder)).toEqual([two])
})

test('no name and no link leads out of the thumbnails folder', async () => {
  const outside = join(folder, 'outside')
  const inside = join(folder, 'inside')
  for (const path of [outside, inside]) mkdirSync(path)
  writeFileSync(join(outside, 'film.mp4'), 'precious')
  symlinkSync(outside, join(inside, one))
  await removeThumbnails(inside, ['', '.', '..', '../outside', outside, '.making', one])
  expect(existsSync(join(outside, 'film.mp4'))).toBe(true)
  expect(readdirSync(inside)).toEqual([])
})
