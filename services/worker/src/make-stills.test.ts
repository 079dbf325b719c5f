import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeStills, sweepStills } from './make-stills.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-stills-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what a killed worker left is swept, what is being made or stands is not', async () => {
  for (const name of ['.making-old', '.making-new', 'dv1']) mkdirSync(join(folder, name))
  const longAgo = new Date(Date.now() - 48 * 3_600_000)
  for (const name of ['.making-old', 'dv1']) utimesSync(join(folder, name), longAgo, longAgo)
  await sweepStills(folder)
  expect(readdirSync(folder).sort()).toEqual(['.making-new', 'dv1'])
  await sweepStills(join(folder, 'absent'))
})

test('the stills of a deleted video go, those of others stay', async () => {
  for (const name of ['dv1', 'dv2']) mkdirSync(join(folder, name))
  await removeStills(folder, 'dv1')
  expect(readdirSync(folder)).toEqual(['dv2'])
})
