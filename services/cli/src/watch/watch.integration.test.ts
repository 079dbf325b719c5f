import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import type { AdminBackend } from '../admin/backend.ts'
import { excludeNames } from '../files/exclude-names.ts'
import { targetOf } from '../intake/file-job.ts'
import { intakeFormats } from '../intake/intake-formats.ts'
import { openAdminBackend } from '../product/open-admin-backend.ts'
import { createTakes } from './create-takes.ts'
import { createGoneCheck } from './remove-gone.ts'
import type { WatchEvent } from './watch-event.ts'
import { watchFolder } from './watch-folder.ts'
import { openWatchState } from './watch-state.ts'

// Videos are decoded.
vi.setConfig({ testTimeout: 300_000 })
const WAIT = { timeout: 250_000, interval: 50 }

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-watch-test-'))
const at = (...parts: string[]): string => join(folder, ...parts)
const bucket = 'films-125'
let backend: AdminBackend
let root = ''
let number = 0

beforeAll(async () => {
  await renderFootage(at('one.mp4'), { seed: 1, seconds: 3 })
  await renderFootage(at('two.mp4'), { seed: 2, seconds: 3 })
  backend = await openAdminBackend({
    environment: { DATA_DIR: at('data'), LOG_LEVEL: 'error', INPUT_FORMATS: 'mp4,pictures' },
    runsJobs: true,
  })
})
beforeEach(async () => {
  root = at(`in-${++number}`)
  mkdirSync(join(root, 'deep'), { recursive: true })
  await backend.createLibrary({ body: { name: root, bucket } })
})
afterAll(async () => {
  await backend.close()
  rmSync(folder, { recursive: true, force: true })
})

type Options = { once?: boolean; search?: boolean; deletes?: boolean; settleMs?: number; rescanMs?: number }

/** Watches the folder of the test as the command does. */
async function watching({
  once = false,
  search = false,
  deletes = false,
  settleMs = 300,
  rescanMs = 200,
}: Options = {}) {
  const events: WatchEvent[] = []
  const problems: string[] = []
  const stop = new AbortController()
  const { signal } = stop
  const target = await targetOf(
    backend,
    { library: root, prefix: 'in/' },
    search ? 'FindSimilarVideo' : 'GetFingerPrint',
  )
  const state = await openWatchState(at('data'), { folder: root, target })
  const report = (event: WatchEvent): void => void events.push(event)
  const onProblem = (line: string): void => void problems.push(line)
  const parts = { backend, target, state }
  const ended = watchFolder({
    formats: await intakeFormats(backend),
    ...{ root, settleMs, rescanMs, once, signal, onProblem, exclude: excludeNames(['*.part.mp4']) },
    ...createTakes({ ...parts, running: new Map() }, { signal, once, report, onProblem }),
    onListed: createGoneCheck({
      ...parts,
      deletes,
      nameOf: (path) => path.slice(root.length + 1),
      report,
      onProblem,
    }),
    onSkipped: (path, reason) => report({ event: 'skipped', path, reason }),
  }).finally(() => state.close())
  const shown = () =>
    events.filter(({ event }) => event !== 'skipped').map(({ event, path }) => `${event} ${path}`)
  const waitFor = (line: string) => vi.waitFor(() => expect(shown()).toContain(line), WAIT)
  const end = async (): Promise<void> => {
    stop.abort()
    await ended
  }
  return { events, problems, shown, waitFor, end, ended }
}

async function stored(): Promise<string[]> {
  const { items } = await backend.listLibraries({ query: { pageSize: 100 } })
  const dnaDbId = items.find(({ name }) => name === root)?.dnaDbId ?? ''
  const videos = await backend.listVideos({ params: { dnaDbId } })
  return videos.items.map(({ object }) => object).sort()
}

test('what is in a folder and what appears in it is stored once by content, also after a restart', {
  tags: ['watch-once'],
}, async () => {
  copyFileSync(at('one.mp4'), join(root, 'one.mp4'))
  symlinkSync(at('two.mp4'), join(root, 'link.mp4'))
  symlinkSync(folder, join(root, 'outside'))
  writeFileSync(join(root, 'x.part.mp4'), 'half')
  const first = await watching()
  await first.waitFor('stored one.mp4')
  copyFileSync(at('two.mp4'), join(root, 'deep', 'two.mp4'))
  await first.waitFor('stored deep/two.mp4')
  copyFileSync(at('one.mp4'), join(root, 'copy.mp4'))
  await first.waitFor('duplicate copy.mp4')
  expect(first.events).toEqual(
    expect.arrayContaining([
      { event: 'skipped', path: 'link.mp4', reason: 'a symbolic link' },
      { event: 'skipped', path: 'outside', reason: 'a symbolic link' },
      { event: 'skipped', path: 'x.part.mp4', reason: 'excluded by *.part.mp4' },
    ]),
  )
  await first.end()
  expect(await stored()).toEqual(['in/deep/two.mp4', 'in/one.mp4'])

  rmSync(join(root, 'copy.mp4'))
  renameSync(join(root, 'one.mp4'), join(root, 'renamed.mp4'))
  const second = await watching({ once: true })
  await second.ended
  expect(second.shown()).toEqual(['renamed renamed.mp4'])
  expect(await stored()).toEqual(['in/deep/two.mp4', 'in/one.mp4'])
})

test('a file is taken when it is complete, and again when its content changes', async () => {
  const watch = await watching({ rescanMs: 3_600_000 })
  writeFileSync(join(root, 'film.mp4'), '')
  const bytes = await import('node:fs').then(({ readFileSync }) => readFileSync(at('one.mp4')))
  for (let from = 0; from < bytes.length; from += Math.ceil(bytes.length / 5)) {
    appendFileSync(join(root, 'film.mp4'), bytes.subarray(from, from + Math.ceil(bytes.length / 5)))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await watch.waitFor('stored film.mp4')
  expect(watch.shown()).toEqual(['stored film.mp4'])
  copyFileSync(at('two.mp4'), join(root, 'film.mp4'))
  await vi.waitFor(() => expect(watch.shown()).toEqual(['stored film.mp4', 'stored film.mp4']), WAIT)
  await watch.end()
  expect(await stored()).toEqual(['in/film.mp4'])
})

test('an empty file and a pipe are skipped with the reason, and an empty one is taken when it has content', async () => {
  writeFileSync(join(root, 'empty.mp4'), '')
  execFileSync('mkfifo', [join(root, 'pipe.mp4')])
  const skipped = [
    { event: 'skipped', path: 'empty.mp4', reason: 'empty; it is taken when it has content' },
    { event: 'skipped', path: 'pipe.mp4', reason: 'a pipe, a socket or a device' },
  ]
  const first = await watching({ once: true })
  await first.ended
  expect(first.events).toEqual(expect.arrayContaining(skipped))
  expect(first.shown()).toEqual([])
  const second = await watching()
  await vi.waitFor(() => expect(second.events).toEqual(expect.arrayContaining(skipped)), WAIT)
  copyFileSync(at('one.mp4'), join(root, 'empty.mp4'))
  await second.waitFor('stored empty.mp4')
  await second.end()
})

test('a picture is taken if the server reads pictures, and sound is left out with the reason', async () => {
  await ffmpeg('-ss', '2', '-i', at('one.mp4'), '-frames:v', '1', join(root, 'poster.png'))
  writeFileSync(join(root, 'song.mp3'), 'sound')
  const { events, ended } = await watching({ once: true })
  await ended
  expect(await stored()).toEqual(['in/poster.png'])
  expect(events).toContainEqual({
    event: 'skipped',
    path: 'song.mp3',
    reason: 'its name is not that of a video or picture',
  })
})

test('with a search nothing is stored, a copy is reported with its segments, and what is no video with the reason', async () => {
  copyFileSync(at('one.mp4'), join(root, 'one.mp4'))
  await (await watching({ once: true })).ended
  writeFileSync(join(root, 'broken.mp4'), 'no video at all')
  const search = await watching({ once: true, search: true })
  await search.ended
  const found = search.events.find(({ path }) => path === 'one.mp4')
  expect(found).toMatchObject({
    event: 'searched',
    found: [{ object: 'in/one.mp4', segments: [{ queryStart: 0 }] }],
  })
  const broken = search.events.find(({ path }) => path === 'broken.mp4')
  expect(broken).toMatchObject({ event: 'failed', reason: expect.stringContaining('The file is text') })
  expect(await stored()).toEqual(['in/one.mp4'])
})

test('the video of a deleted file is deleted only by option, and never when the whole folder is empty at once', {
  tags: ['watch-delete'],
}, async () => {
  for (const name of ['one.mp4', 'two.mp4']) copyFileSync(at(name), join(root, name))
  await (await watching({ once: true })).ended
  rmSync(join(root, 'two.mp4'))
  await (await watching({ once: true })).ended
  expect(await stored()).toEqual(['in/one.mp4', 'in/two.mp4'])

  copyFileSync(at('two.mp4'), join(root, 'two.mp4'))
  await (await watching({ once: true })).ended
  for (const name of ['one.mp4', 'two.mp4']) renameSync(join(root, name), at(`kept-${name}`))
  const emptied = await watching({ once: true, deletes: true })
  await emptied.ended
  expect([...new Set(emptied.problems)]).toEqual([expect.stringContaining('Every file is gone')])
  expect(await stored()).toEqual(['in/one.mp4', 'in/two.mp4'])

  renameSync(at('kept-one.mp4'), join(root, 'deep', 'moved.mp4'))
  const deleting = await watching({ once: true, deletes: true })
  await deleting.ended
  expect(deleting.shown()).toEqual(['renamed deep/moved.mp4', 'deleted two.mp4'])
  expect(await stored()).toEqual(['in/one.mp4'])
})
