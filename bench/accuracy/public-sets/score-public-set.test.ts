import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scorePublicSet } from './score-public-set.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-public-sets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function saved(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const row = { query: 'Q1.mp4', ref: 'R1.mp4', queryStart: 0, queryEnd: 10, refStart: 20, refEnd: 30 }
const scanned = JSON.stringify([{ ...row, score: 0.9, accepted: true, speed: 1 }])
const table = 'query_id,ref_id,query_start,query_end,ref_start,ref_end\nQ1,R1,0,10,20,30\n'

function run(flags: Record<string, string>) {
  return scorePublicSet({ print: () => {}, flags })
}

test('rows of a scan are scored as VSC2022 and written in its format, with one column and curve per file', async () => {
  const annotations = saved('annotations.csv', table)
  const rows = saved('rows.json', scanned)
  const other = saved('other.csv', 'query_id,ref_id,score\nQ1,R2,1\nQ1,R1,0.5\n')
  const [write, svg] = [join(folder, 'written.csv'), join(folder, 'curve.svg')]
  const report = await run({ annotations, format: 'vsc', predictions: `${rows},${other}`, write, svg })
  expect(report.rows).toEqual([
    { figure: 'micro-AP over pairs', [rows]: '1.0000', [other]: '0.5000' },
    { figure: 'segment micro-AP', [rows]: '1.0000', [other]: '–' },
  ])
  expect(readFileSync(write, 'utf8').split('\n')[1]).toBe('Q1,R1,0,10,20,30,0.9')
  expect(readFileSync(svg, 'utf8').match(/<polyline/g)).toHaveLength(2)
})

test('rows of a scan are scored as VCSL, with the pairs of a list', async () => {
  const annotations = saved('labels.json', '{"Q1-R1": [[0, 20, 10, 30]]}')
  const pairs = saved('pairs.csv', 'query_id,reference_id\nQ1,R1\nQ1,R2\n')
  const report = await run({ annotations, format: 'vcsl', predictions: saved('rows.json', scanned), pairs })
  expect(
    Object.fromEntries(report.rows.map(({ figure, ...more }) => [figure, Object.values(more)[0]])),
  ).toMatchObject({
    'overall segment F1': '1.0000',
    'false rejection rate': '0.0000',
    'false alarm rate': '0.0000',
    'macro segment F1': '1.0000',
  })
})

test('rows of a scan are scored as VCDB, with the annotations of a folder', async () => {
  saved('one.txt', 'Q1.flv,R1.flv,00:00:00,00:00:10,00:00:20,00:00:30\n')
  saved('two.txt', 'Q2.flv,R1.flv,00:00:00,00:00:10,00:00:20,00:00:30\n')
  const report = await run({ annotations: folder, format: 'vcdb', predictions: saved('rows.json', scanned) })
  const figures = report.rows.map(({ figure, ...more }) => [figure, Object.values(more)[0]])
  expect(Object.fromEntries(figures)).toMatchObject({
    'segment precision': '1.0000',
    'segment recall': '0.5000',
    'frame recall': '0.5000',
    'its threshold': '0.9000',
  })
})

test('an unknown format and missing videos are named', async () => {
  const annotations = saved('annotations.csv', table)
  await expect(run({ annotations, format: 'trecvid' })).rejects.toThrow('--format must be vsc, vcsl, vcdb')
  await expect(run({ annotations, format: 'vsc' })).rejects.toThrow('Give --predictions FILE, or the videos')
  const other = saved('other.csv', 'query_id,ref_id,score\nQ1,R1,1\n')
  await expect(run({ annotations, format: 'vsc', predictions: other, write: 'x.csv' })).rejects.toThrow(
    '--write needs rows of Kinoprint',
  )
})
