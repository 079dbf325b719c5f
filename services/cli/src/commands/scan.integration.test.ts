import {
  chmodSync,
  copyFileSync,
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
import { run, said, start } from '../command-line.fixture.ts'
import type { ScanRow } from '../scan/scan-rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-scan-test-'))
function at(...parts: string[]): string {
  return join(folder, ...parts)
}

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
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function scan(...more: string[]) {
  return run(['scan', '--refs', at('refs'), '--queries', at('queries'), '--out', at('out.json'), ...more], {
    settings: { TMPDIR: folder },
  })
}
function rows(): ScanRow[] {
  return JSON.parse(readFileSync(at('out.json'), 'utf8'))
}

test('scan writes each copy with its times, and a temporary library leaves no files behind', async () => {
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
    part: 'whole',
    weak: false,
    accepted: true,
  })
  expect(row?.refStart).toBeCloseTo(6, 0)
  expect(row?.refEnd).toBeCloseTo(14, 0)
  expect(readdirSync(folder).filter((name) => name.startsWith('kinoprint-scan-'))).toEqual([])
})

test('a scan of references stored by their keyframes finds the copy', async () => {
  const kept = at('sparse')
  const first = await scan('--data-dir', kept, '--store-detail', 'keyframes')
  expect(first.code).toBe(0)
  const [row] = rows()
  expect(row).toMatchObject({ query: 'cut.mp4', ref: 'season/film.mp4' })
  expect(Math.abs((row?.refStart ?? 99) - 6)).toBeLessThan(0.5)
  expect((await scan('--data-dir', kept, '--store-detail', 'full')).code).toBe(0)
  expect(rows()[0]).toMatchObject({ query: 'cut.mp4', ref: 'season/film.mp4' })
})

test('videos in a kept library are not decoded again, and an unreadable file is reported without stopping the scan', async () => {
  const kept = ['--data-dir', at('library'), '--min-score', '0']
  const first = await scan(...kept)
  expect(first.code).toBe(0)
  const found = rows()
  writeFileSync(at('queries/bad.mp4'), 'no video at all')
  symlinkSync(at('nowhere.mp4'), at('refs/dead.mp4'))
  const second = await scan(...kept)
  expect(second.code).toBe(3)
  // One line for each unreadable file.
  expect(second.stderr.match(/bad\.mp4/g)).toHaveLength(1)
  expect(second.stderr).toContain('Cannot read bad.mp4: ')
  expect(second.stderr).toContain('Cannot read dead.mp4: The file does not exist.')
  expect(rows()).toEqual(found)
  expect(existsSync(at('library'))).toBe(true)
})

test('a missing folder is reported, and no output is written', async () => {
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
  expect(code).toBe(2)
  expect(stderr).toBe(`The folder ${at('none')} does not exist.\n`)
  expect(existsSync(at('out.json'))).toBe(false)
})

test('an unwritable output path is reported before any work, without a stack trace', async () => {
  const out = at('nowhere', 'out.json')
  const { code, stderr } = await run(['scan', '--refs', at('refs'), '--queries', at('queries'), '--out', out])
  expect(code).toBe(2)
  expect(stderr).toBe(`${out}: no such file or folder. Check the path, or create the folder first.\n`)
})

test('scan rejects a folder as --out before any work', async () => {
  const { code, stderr } = await scan('--out', at('queries'))
  expect({ code, stderr }).toEqual({ code: 2, stderr: `${at('queries')} is a folder. Name a file in it.\n` })
})

test('an unreachable --database-url is reported without a stack trace and without its password', async () => {
  const word = await scan('--database-url', 'films')
  expect([word.code, word.stderr]).toEqual([
    2,
    '--database-url must start with postgres:// or postgresql://.\n',
  ])
  const absent = new URL(process.env.TEST_DATABASE_URL ?? '')
  absent.pathname = '/no_such_database'
  const { code, stderr } = await scan('--database-url', absent.href)
  expect(code).toBe(1)
  expect(stderr).toContain(
    'rejected --database-url: database "no_such_database" does not exist. Correct its user',
  )
  expect(stderr).not.toMatch(/ at .*:\d+:\d+|Nothing was written/)
  expect(stderr).not.toContain(absent.href)
})

test('--data-dir and --database-url exclude each other', async () => {
  const { code, stderr } = await scan('--database-url', 'postgres://u@localhost/x', '--data-dir', at('kept'))
  expect(code).toBe(2)
  expect(stderr).toContain("'--database-url <url>' cannot be used with option '--data-dir <dir>'")
})

test('scan rejects a folder without videos, and lists files of other types', async () => {
  mkdirSync(at('texts'), { recursive: true })
  writeFileSync(at('texts/notes.txt'), '')
  const empty = await run(['scan', '--refs', at('refs'), '--queries', at('texts'), '--out', at('out.json')])
  expect(empty.code).toBe(2)
  expect(empty.stderr).toContain(`${at('texts')} contains no video, picture or sound file.`)
  mkdirSync(at('mixed'), { recursive: true })
  copyFileSync(at('queries/new.mp4'), at('mixed/new.mp4'))
  writeFileSync(at('mixed/notes.txt'), '')
  const { stderr } = await scan('--refs', at('elsewhere'), '--queries', at('mixed'))
  expect(stderr).toContain(
    `Skipped ${at('mixed/notes.txt')}: its name is not that of a video, picture or sound file.\n`,
  )
})

test('a kept library matches only files that are still in its folder, and each folder has its own library', async () => {
  mkdirSync(at('a'), { recursive: true })
  mkdirSync(at('b'), { recursive: true })
  for (const name of ['film.mp4', 'other.mp4']) copyFileSync(at('refs/season/film.mp4'), at('a', name))
  copyFileSync(at('elsewhere/other.mp4'), at('b/film.mp4'))
  const kept = (refs: string) => {
    const files = ['--refs', at(refs), '--queries', at('queries'), '--out', at('out.json')]
    return run(['scan', ...files, '--data-dir', at('roots')], { settings: { TMPDIR: folder } })
  }
  await kept('a')
  expect(rows().map(({ ref }) => ref)).toEqual(['film.mp4', 'other.mp4'])
  // Another folder has a different file of the same name.
  await kept('b')
  expect(rows()).toEqual([])
  rmSync(at('a/other.mp4'))
  const third = await kept('a')
  expect(rows().map(({ ref }) => ref)).toEqual(['film.mp4'])
  expect(third.stderr).toContain(`Removed other.mp4 from the library: its file is no longer in ${at('a')}.\n`)
})

test('an interrupted scan keeps its rows, reports its progress and exits with 130', async () => {
  mkdirSync(at('slow'), { recursive: true })
  copyFileSync(at('queries/cut.mp4'), at('slow/cut.mp4'))
  copyFileSync(at('queries/new.mp4'), at('slow/never-ends.mp4'))
  // This ffmpeg never finishes one of the files, so that the scan is interrupted midway.
  const wrapper = at('ffmpeg')
  writeFileSync(wrapper, '#!/bin/sh\ncase "$*" in *never-ends*) exec sleep 600;; esac\nexec ffmpeg "$@"\n')
  chmodSync(wrapper, 0o755)
  const files = ['--refs', at('refs'), '--queries', at('slow'), '--out', at('out.json')]
  const running = start(['scan', ...files], { settings: { TMPDIR: folder, FFMPEG_PATH: wrapper } })
  await said(running, 'searching 1/2 cut.mp4', { stream: 'stderr' })
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect(code).toBe(130)
  expect(stderr).toContain(`Interrupted after 1 of 2 queries. Their rows are in ${at('out.json')}.`)
  expect(rows().map(({ query }) => query)).toEqual(['cut.mp4'])
})

test('without --queries and --out, scan only stores the references', async () => {
  const stored = await run(['scan', '--refs', at('refs'), '--data-dir', at('stored')])
  expect(stored).toMatchObject({ code: 3, stdout: '' })
  const missing = await run(['scan', '--refs', at('refs'), '--out', at('out.json')])
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Give --queries and --out.'),
  })
})

test('scan writes CSV and JSON Lines, to standard output as well, with coverage and lengths', async () => {
  const files = ['--refs', at('refs'), '--queries', at('queries'), '--data-dir', at('formats')]
  const lines = await run(['scan', ...files, '--out', '-', '--format', 'jsonl', '--exclude', 'dead.mp4'])
  const [row, ...others] = lines.stdout.trimEnd().split('\n')
  expect(others).toEqual([])
  expect(JSON.parse(row ?? '')).toMatchObject({ query: 'cut.mp4', queryCoverage: 1, refDuration: 20 })
  expect(lines.stderr).toContain('1 passage in 1 pair of videos: standard output\n')
  expect(lines.stderr).toContain(`Skipped ${at('refs/dead.mp4')}: excluded by dead.mp4.\n`)
  const csv = await run(['scan', ...files, '--out', at('rows.csv'), '--sound', 'only'])
  expect(csv.stdout).toBe('')
  const [head, found] = readFileSync(at('rows.csv'), 'utf8').split('\r\n')
  expect(head).toMatch(/^query,ref,queryStart,/)
  expect(found).toMatch(/^cut\.mp4,season\/film\.mp4,.*,audio,/)
  await scan('--data-dir', at('formats'), '--sound', 'off')
  expect(rows()).toMatchObject([{ query: 'cut.mp4', kind: 'video', soundScore: 0 }])
})

test('compare finds the shared segments of two files without a library, in either order', async () => {
  const files = [at('queries/cut.mp4'), at('refs/season/film.mp4')]
  const json = await run(['compare', '--json', ...files])
  expect(json.code).toBe(0)
  const match = JSON.parse(json.stdout)
  expect(match).toMatchObject({ accepted: true, verdict: 'copy', queryCoverage: 1, refDuration: 20 })
  expect(match.segments[0].refStart).toBeCloseTo(6, 0)
  const back = JSON.parse((await run(['compare', '--json', ...files.toReversed()])).stdout)
  expect(back).toMatchObject({ score: match.score, refCoverage: 1, queryDuration: 20 })
  expect(Math.abs(back.segments[0].queryStart - match.segments[0].refStart)).toBeLessThan(0.05)
  expect(Math.abs(back.segments[0].refEnd - match.segments[0].queryEnd)).toBeLessThan(0.05)
  const text = await run(['compare', ...files])
  expect(text.stdout).toContain('(a copy)')
  expect(text.stderr).toContain(`reading 2/2 `)
})

test('compare can leave out the sound or the pictures', async () => {
  const files = [at('queries/cut.mp4'), at('dubbed.mp4')]
  await ffmpeg(
    '-i',
    at('queries/cut.mp4'),
    '-i',
    at('queries/new.mp4'),
    '-map',
    '1:v',
    '-map',
    '0:a',
    at('dubbed.mp4'),
  )
  const both = await run(['compare', ...files])
  expect(both.stdout).toContain('(the sound matches, the picture differs)')
  expect(both.code).toBe(0)
  const pictures = await run(['compare', '--sound', 'off', ...files])
  expect(pictures.code).toBe(1)
  expect(pictures.stdout).not.toContain('audio')
  const csv = await run(['compare', '--sound', 'only', '--format', 'csv', ...files])
  expect(csv.stdout.split('\r\n')[1]).toContain(',audio,')
})

test('compare exits with its own code for each ending', async () => {
  const [one, other] = [at('queries/cut.mp4'), at('queries/new.mp4')]
  expect((await run(['compare', one, other])).code).toBe(1)
  for (const wrong of [['--sound', 'loud', one, other], [one], ['--out', at('none', 'x'), one, other]]) {
    const usage = await run(['compare', ...wrong])
    expect(usage, usage.stderr).toMatchObject({ code: 2, stdout: '' })
    expect(usage.stderr).not.toMatch(/\n {4}at /)
  }
  writeFileSync(at('broken.mp4'), 'no video at all')
  const absent = await run(['compare', at('absent.mp4'), at('broken.mp4')])
  expect(absent.code).toBe(3)
  expect(absent.stderr).toContain(`Cannot read ${at('absent.mp4')}: The file does not exist.`)
  expect(absent.stderr).toContain(`Cannot read ${at('broken.mp4')}: `)
  expect((await run(['compare', one, other], { settings: { FFMPEG_PATH: at('absent') } })).code).toBe(4)
})
