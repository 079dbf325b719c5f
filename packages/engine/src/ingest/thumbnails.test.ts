import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { newTemporaryPath } from '@kinoprint/objects'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeUnfinishedThumbnails } from './thumbnails.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-thumbnails-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('unfinished thumbnails of a killed process are removed, those in progress or published are kept', async () => {
  const area = join(folder, '.making')
  const mine = await newTemporaryPath(area)
  // No process has this id: Linux ends at 2^22.
  const dead = join(area, `${hostname().replaceAll('~', '-')}~5000000~x`)
  for (const path of [mine, join(dead, 'half'), join(folder, 'dv1')]) mkdirSync(path, { recursive: true })
  await removeUnfinishedThumbnails(folder)
  expect([mine, dead, join(folder, 'dv1')].map((path) => existsSync(path))).toEqual([true, false, true])
  await removeUnfinishedThumbnails(join(folder, 'absent'))
})
