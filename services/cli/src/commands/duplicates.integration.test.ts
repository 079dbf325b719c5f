import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import { run, said, start } from '../command-line.fixture.ts'
import { openLineLog } from '../files/line-log.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-duplicates-test-'))
const at = (...parts: string[]): string => join(folder, ...parts)

beforeAll(async () => {
  for (const name of ['films', 'downloads']) mkdirSync(at(name))
  await renderFootage(at('films/film.mp4'), { seed: 1, seconds: 10 })
  copyFileSync(at('films/film.mp4'), at('downloads/same.mp4'))
  const from = ['-i', at('films/film.mp4')]
  await ffmpeg(...from, '-vf', 'scale=320:-2', '-b:v', '200k', at('downloads/small.mp4'))
  await ffmpeg('-ss', '3', '-t', '6', ...from, at('downloads/cut.mp4'))
  linkSync(at('downloads/cut.mp4'), at('downloads/second-name.mp4'))
  symlinkSync(at('films/film.mp4'), at('downloads/link.mp4'))
  writeFileSync(at('downloads/._same.mp4'), '')
  writeFileSync(at('downloads/broken.mp4'), 'no video at all')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function duplicates(...more: string[]) {
  return run(['duplicates', 'downloads', '--reference', 'films', '--cache', 'cache', ...more], {
    cwd: folder,
  })
}

test('duplicates groups copies, lists what it leaves out, and reads nothing twice', async () => {
  const first = await duplicates('--format', 'json')
  expect(first.code).toBe(3)
  const found = JSON.parse(first.stdout)
  expect(found.groups).toMatchObject([
    {
      keep: 'films/film.mp4',
      spare: expect.arrayContaining(['downloads/same.mp4', 'downloads/small.mp4']),
    },
  ])
  const rows = found.pairs.map((pair: { relation: string; a: { path: string }; b: { path: string } }) =>
    [pair.relation, ...[pair.a.path, pair.b.path].sort()].join(' '),
  )
  expect(rows).toEqual(expect.arrayContaining(['identical downloads/same.mp4 films/film.mp4']))
  expect(rows).toEqual(expect.arrayContaining(['whole downloads/small.mp4 films/film.mp4']))
  const excerpt = found.pairs.find(
    ({ relation, a, b }: { relation: string; a: { path: string }; b: { path: string } }) =>
      relation === 'excerpt' && [a.path, b.path].includes('films/film.mp4'),
  )
  expect(excerpt.a.path).toMatch(/cut|second-name/)
  expect(Math.abs(excerpt.passages[0].bStart - 3)).toBeLessThan(0.3)
  expect(new Set(rows).size).toBe(rows.length)
  for (const reason of [/link\.mp4: a symbolic link to /, /: a hard link to /, /\._same\.mp4: .*AppleDouble/])
    expect(first.stderr).toMatch(reason)
  expect(first.stderr).toMatch(/Cannot read downloads\/broken\.mp4: /)

  renameSync(at('downloads/small.mp4'), at('downloads/renamed.mp4'))
  const second = await duplicates('--format', 'html', '--out', 'page.html')
  expect(second.stdout).toBe('')
  expect(second.stderr).not.toMatch(/fingerprinting|searching|reading/)
  const html = readFileSync(at('page.html'), 'utf8')
  expect(html).toContain('src="data:image/jpeg;base64,')
  expect(html).toContain('downloads/renamed.mp4')
  expect(html).toContain('the same bytes as 1<')
  expect(html).toMatch(/whole duplicate of 1, score 0\.\d{3}/)
  expect(html).not.toContain('<script')
  expect(html).toMatch(/downloads\/broken\.mp4: The file /)
  expect(html).not.toMatch(/(?:src|href)="(?!data:)/)
})

test('spare copies are moved only without --dry-run, references never', async () => {
  const dry = await duplicates('--move-to', 'spare', '--dry-run', '--format', 'csv')
  expect(dry.stdout).toMatch(/^relation,tracks,score,aPath,/)
  expect(dry.stderr).toContain('Would move downloads/same.mp4 to spare/same.mp4')
  expect(existsSync(at('spare'))).toBe(false)
  const moved = await duplicates('--move-to', 'spare')
  expect(moved.stderr).toContain('Moved downloads/same.mp4 to spare/same.mp4')
  expect(existsSync(at('downloads/same.mp4'))).toBe(false)
  expect(existsSync(at('spare/same.mp4'))).toBe(true)
  expect(existsSync(at('films/film.mp4'))).toBe(true)
})

test('duplicates refuses wrong folders and options before any work', async () => {
  for (const args of [['none'], [], ['films', '--dry-run'], ['films', '--format', 'xml']]) {
    const { code, stdout, stderr } = await run(['duplicates', ...args], { cwd: folder })
    expect([code, stdout], args.join(' ')).toEqual([2, ''])
    expect(stderr).not.toMatch(/\n {4}at /)
  }
})

test('interrupted, duplicates prints what it knows, and the next run decodes only the rest', async () => {
  mkdirSync(at('many'))
  const sizes = [160, 176, 192, 208, 224, 240, 256, 272]
  for (const size of sizes)
    await ffmpeg('-i', at('films/film.mp4'), '-an', '-vf', `scale=${size}:-2`, at(`many/${size}.mp4`))
  const args = ['duplicates', 'many', '--cache', 'cache-of-many', '--format', 'json']
  const first = start(args, { cwd: folder })
  await said(first, 'fingerprinting 1/8', { stream: 'stderr' })
  first.child.kill('SIGINT')
  const interrupted = await first.ended
  expect(interrupted.code).toBe(130)
  expect(interrupted.stderr).toContain('Interrupted.')
  const partial = JSON.parse(interrupted.stdout)
  expect(partial).toMatchObject({ isPartial: true, unreadable: [] })
  expect(interrupted.stderr + interrupted.stdout).not.toMatch(/\n {4}at /)

  const second = await run(args, { cwd: folder })
  expect(second.code).toBe(0)
  const [, left] = /fingerprinting \d+\/(\d+)/.exec(second.stderr) ?? []
  expect(Number(left)).toBeLessThan(sizes.length)
  expect(second.stderr).not.toMatch(/reading \d/)
  const whole = JSON.parse(second.stdout)
  expect(whole).toMatchObject({ isPartial: false, files: sizes.length })
  expect(whole.groups).toMatchObject([{ keep: 'many/272.mp4' }])
  expect(whole.groups[0].spare).toHaveLength(sizes.length - 1)
})

test('names that would move the cursor or turn the text are escaped, and a name that is not UTF-8 is listed', async () => {
  mkdirSync(at('odd'))
  for (const name of ['new\nline.mp4', 'red\u001b[31m.mp4', 'turned\u202e4pm.mp4', '-dash.mp4'])
    copyFileSync(at('films/film.mp4'), at('odd', name))
  writeFileSync(
    Buffer.concat([Buffer.from(`${at('odd')}/bad`), Buffer.from([0xff]), Buffer.from('.mp4')]),
    '',
  )
  const text = await run(['duplicates', 'odd', '--cache', 'cache'], { cwd: folder })
  for (const name of [
    'odd/new\\nline.mp4',
    'odd/red\\u{1b}[31m.mp4',
    'odd/turned\\u{202e}4pm.mp4',
    'odd/-dash.mp4',
  ])
    expect(text.stdout).toContain(name)
  for (const sign of ['\u001b', '\u202e']) expect(text.stdout + text.stderr).not.toContain(sign)
  expect(text.stderr).toContain('bad\ufffd.mp4: its name is not UTF-8 text.')
  expect(text.stdout).toContain('3 pairs among 4 files: 1 group of copies, 3 spare files')
  const page = await run(['duplicates', 'odd', '--cache', 'cache', '--format', 'html'], { cwd: folder })
  for (const sign of ['\u001b', '\u202e']) expect(page.stdout).not.toContain(sign)
})

test('a cache on a full disk ends with a message, and not with a stack', async () => {
  const { stderr, code } = await run(['duplicates', 'films', '--cache', '/dev/full/cache'], { cwd: folder })
  expect(code).not.toBe(0)
  expect(stderr).not.toMatch(/\n {4}at /)
  const log = await openLineLog<object>(at('lines.jsonl'), {
    ...{ parse: () => null, remember: () => undefined, current: () => [] },
  })
  await log.close()
  // Appending to a closed file fails without naming it, as on a full disk.
  await expect(log.append({})).rejects.toMatchObject({ path: at('lines.jsonl') })
})

test('a second run on a cache that is in use says what to do', async () => {
  const args = ['duplicates', 'films', 'downloads', '--cache', 'shared-cache']
  const first = start(args, { cwd: folder })
  await said(first, 'fingerprinting', { stream: 'stderr' })
  const second = await run(args, { cwd: folder })
  expect(second.code).toBe(1)
  expect(second.stderr).toContain(`The cache is in use by process ${first.child.pid}. Wait until it ends`)
  first.child.kill('SIGINT')
  await first.ended
})
