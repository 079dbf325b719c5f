import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import { run } from '../command-line.fixture.ts'
import type { ScanRow } from '../scan/scan-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-scan-test-'))
const at = (...parts: string[]): string => join(folder, ...parts)

beforeAll(async () => {
  for (const name of ['refs/season', 'queries', 'elsewhere']) mkdirSync(at(name), { recursive: true })
  await renderFootage(at('refs/season/film.mp4'), { seed: 1, seconds: 20 })
  await renderFootage(at('elsewhere/other.mp4'), { seed: 2, seconds: 10 })
  symlinkSync(at('elsewhere/other.mp4'), at('refs/linked.mp4'))
  await ffmpeg(
    '-ss',
    '6',
    '-t',
    '8',
    '-i',
    at('refs/season/film.mp4'),
    '-vf',
    'scale=320:-2',
    at('queries/cut.mp4'),
  )
  await renderFootage(at('queries/new.mp4'), { seed: 3, seconds: 6 })
}, 240_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const scan = (...more: string[]) =>
  run(['scan', '--refs', at('refs'), '--queries', at('queries'), '--out', at('out.json'), ...more], {
    settings: { TMPDIR: folder },
  })
const rows = (): ScanRow[] => JSON.parse(readFileSync(at('out.json'), 'utf8'))

test('copies are written with their seconds, and a temporary library leaves nothing behind', async () => {
  const { code, stdout, stderr } = await scan()
  expect(stderr).toContain('searching 2/2')
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  const [row, ...others] = rows()
  expect(others).toEqual([])
  expect(row).toMatchObject({
    query: 'cut.mp4',
    ref: 'season/film.mp4',
    kind: 'both',
    speed: 1,
    mirrored: false,
    reversed: false,
    turn: 0,
    accepted: true,
  })
  expect(row?.refStart).toBeCloseTo(6, 0)
  expect(row?.refEnd).toBeCloseTo(14, 0)
  expect(readdirSync(folder).filter((name) => name.startsWith('kinoprint-scan-'))).toEqual([])
}, 240_000)

test('a kept library is not decoded again, and an unreadable file is named without stopping the rest', async () => {
  const kept = ['--data-dir', at('library'), '--min-score', '0']
  const first = await scan(...kept)
  expect(first.code).toBe(0)
  const found = rows()
  writeFileSync(at('queries/bad.mp4'), 'no video at all')
  symlinkSync(at('nowhere.mp4'), at('refs/dead.mp4'))
  const second = await scan(...kept)
  expect(second.code).toBe(3)
  expect(second.stderr).toContain('cannot read bad.mp4: ')
  expect(second.stderr).toContain('cannot read dead.mp4: There is no such file.')
  expect(rows()).toEqual(found)
  expect(existsSync(at('library'))).toBe(true)
}, 240_000)

test('a folder that is not there is named, and nothing is written', async () => {
  rmSync(at('out.json'), { force: true })
  const { code, stderr } = await run([
    'scan',
    '--refs',
    at('none'),
    '--queries',
    at('queries'),
    '--out',
    at('out.json'),
  ])
  expect(code).toBe(1)
  expect(stderr).toBe(`There is no folder ${at('none')}.\n`)
  expect(existsSync(at('out.json'))).toBe(false)
}, 240_000)

test('two files are compared without a library', async () => {
  const files = [at('queries/cut.mp4'), at('refs/season/film.mp4')]
  const json = await run(['compare', '--json', ...files])
  expect(json.code).toBe(0)
  const match = JSON.parse(json.stdout)
  expect(match).toMatchObject({ accepted: true, queryCoverage: 1 })
  expect(match.segments[0].refStart).toBeCloseTo(6, 0)
  const text = await run(['compare', ...files])
  expect(text.stdout).toContain('(a copy)')
  const absent = await run(['compare', at('absent.mp4'), at('queries/cut.mp4')])
  expect(absent.code).toBe(1)
  expect(absent.stderr).toContain(`${at('absent.mp4')}: There is no such file.`)
}, 240_000)
