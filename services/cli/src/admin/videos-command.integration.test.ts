import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import { openAdminBackend } from '../product/open-admin-backend.ts'
import type { AdminBackend } from './backend.ts'
import { compareCommand, comparisonsCommand } from './comparisons-command.ts'
import { failureOfCommand, runCommand } from './run-command.fixture.ts'
import { videosCommand } from './videos-command.ts'

// Videos are decoded.
vi.setConfig({ testTimeout: 300_000 })

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-videos-test-'))
const at = (...parts: string[]): string => join(folder, ...parts)
const bucket = 'films-125'

let backend: AdminBackend

function videos(...args: string[]) {
  return runCommand(videosCommand, backend, args)
}

beforeAll(async () => {
  mkdirSync(at('films/deep'), { recursive: true })
  mkdirSync(at('data/buckets', bucket), { recursive: true })
  await renderFootage(at('films/deep/film.mp4'), { seed: 1, seconds: 4 })
  const bars = ['-f', 'lavfi', '-i', 'testsrc2=duration=4:size=320x180:rate=25']
  await ffmpeg(...bars, at('data/buckets', bucket, 'there.mp4'))
  writeFileSync(at('films/broken.mp4'), 'no video at all')
  writeFileSync(at('films/notes.txt'), '')
  writeFileSync(at('objects.csv'), 'object,bucket\nthere.mp4,films-125\ngone.mp4,films-125\n')
  backend = await openAdminBackend({
    environment: { DATA_DIR: at('data'), LOG_LEVEL: 'error' },
    runsJobs: true,
  })
  await backend.createLibrary({ body: { name: 'films', bucket } })
})
afterAll(async () => {
  await backend.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a folder is imported without a server, what is not stored has its reason, and a second run stores nothing', async () => {
  const first = await videos('import', '--library', 'films', at('films'), '--prefix', 'in/', '--json')
  expect(first.code).toBe(3)
  const lines = first.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string })
  const byName = (name: string) => lines.find((line) => line.name === name)
  expect(lines).toHaveLength(3)
  expect(byName('deep/film.mp4')).toMatchObject({
    state: 'stored',
    reason: null,
    videoId: expect.stringMatching(/^dv/),
  })
  expect(byName('broken.mp4')).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('The file is text'),
  })
  expect(byName('notes.txt')).toMatchObject({
    state: 'skipped',
    reason: 'its name is not that of a video, picture or sound file',
  })
  expect(first.err).toContain('notes.txt: its name is not that of a video, picture or sound file')
  const again = await videos('import', '--library', 'films', at('films'), '--prefix', 'in/')
  expect(again.out).toBe('0 stored, 2 skipped, 1 failed.\n')
  expect(again.err).toContain('deep/film.mp4: stored already')
})

test('objects of a CSV file are imported, then listed and deleted by name', async () => {
  const imported = await videos('import', '--library', 'films', at('objects.csv'))
  expect([imported.code, imported.out]).toEqual([3, '1 stored, 0 skipped, 1 failed.\n'])
  expect(imported.err).toMatch(/films-125\/gone\.mp4: .*gone\.mp4/)
  const again = await videos('import', '--library', 'films', at('objects.csv'))
  expect(again.err).toContain('films-125/there.mp4: stored already')
  const listed = await videos('list', '--library', 'films', '--text', 'THERE')
  expect(listed.out).toMatch(/^VideoId +seconds .*\ndv[0-9a-f]+ +4\.0 .* films-125\/there\.mp4\n$/)
  const deleted = await videos('delete', '--library', 'films', '--object', 'there.mp4')
  expect(deleted.out).toMatch(/^Deleted video dv[0-9a-f]+\.\n$/)
  expect((await videos('list', '--library', 'films', '--object', 'there.mp4', '--json')).out).toBe('[]\n')
})

test('a file in the folder of the buckets is stored without a copy', async () => {
  copyFileSync(at('films/deep/film.mp4'), at('data/buckets', bucket, 'own.mp4'))
  const added = await videos(
    'add',
    '--library',
    'films',
    at('data/buckets', bucket, 'own.mp4'),
    '--prefix',
    'x/',
  )
  expect([added.code, added.out]).toEqual([0, '1 stored, 0 skipped, 0 failed.\n'])
  const listed = JSON.parse((await videos('list', '--library', 'films', '--json')).out) as object[]
  expect(listed).toEqual(expect.arrayContaining([expect.objectContaining({ bucket, object: 'own.mp4' })]))
  expect(listed).toHaveLength(2)
})

test.each([
  ['a CSV file without objects', 'a,b\n1,2\n', 'names no object'],
  ['a file that is no CSV', 'object\n"open\n', 'is not a CSV file'],
])('%s is refused with a message', async (_, text, message) => {
  writeFileSync(at('wrong.csv'), text)
  const failure = await failureOfCommand(videos('import', '--library', 'films', at('wrong.csv')))
  expect(failure).toEqual({ code: 2, message: expect.stringContaining(message) })
})

test('two objects are compared by the worker of this process, and a missing one is named', async () => {
  const compare = (...args: string[]) => runCommand(compareCommand, backend, [...args, '--timeout', '240'])
  const same = await compare(`${bucket}/own.mp4`, `${bucket}/in/deep/film.mp4`)
  expect([same.code, same.out]).toEqual([
    0,
    expect.stringMatching(/a search would report it[\s\S]*in the reference/),
  ])
  const other = await compare(`${bucket}/own.mp4`, `${bucket}/there.mp4`, '--json')
  expect([other.code, JSON.parse(other.out)]).toMatchObject([
    1,
    { accepted: false, queryDuration: expect.closeTo(4, 0) },
  ])
  await expect(compare(`${bucket}/own.mp4`, `${bucket}/gone.mp4`)).rejects.toThrow('has no object gone.mp4')
  await expect(compare('own.mp4', 'there.mp4')).rejects.toThrow('own.mp4 is not an address')
  expect((await runCommand(comparisonsCommand, backend, ['list', '--json'])).out).toBe('[]\n')
})
