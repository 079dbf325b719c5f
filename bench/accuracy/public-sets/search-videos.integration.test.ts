import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../tests/footage.ts'
import { scorePublicSet } from './score-public-set.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-public-set-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the videos of a set are searched, scored and written as predictions in its format', async () => {
  const [originals, queries] = [join(folder, 'refs'), join(folder, 'queries')]
  for (const path of [originals, queries]) mkdirSync(path)
  await renderFootage(join(originals, 'R1.mp4'), { seed: 1, seconds: 20 })
  await renderFootage(join(originals, 'R2.mp4'), { seed: 2, seconds: 20 })
  await ffmpeg('-ss', '4', '-t', '12', '-i', join(originals, 'R1.mp4'), join(queries, 'Q1.mp4'))
  const annotations = join(folder, 'annotations.csv')
  writeFileSync(annotations, 'query_id,ref_id,query_start,query_end,ref_start,ref_end\nQ1,R1,0,12,4,16\n')
  const write = join(folder, 'predictions.csv')
  const flags = { annotations, format: 'vsc', originals, queries, write }
  const { rows } = await scorePublicSet({ print: () => {}, flags })
  expect(rows).toEqual([
    { figure: 'micro-AP over pairs', Kinoprint: '1.0000' },
    { figure: 'segment micro-AP', Kinoprint: expect.stringMatching(/^(0\.9[5-9]|1\.0)/) },
  ])
  expect(readFileSync(write, 'utf8')).toMatch(/^query_id.*\nQ1,R1,/)
})
