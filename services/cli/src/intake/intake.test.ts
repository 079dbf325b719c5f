import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AdminBackend } from '../admin/backend.ts'
import { startFileJob } from './file-job.ts'
import { objectItem } from './folder-items.ts'
import { type Imported, type ImportItem, importItems } from './import-items.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-intake-'))
  writeFileSync(join(folder, 'a.mp4'), 'bytes')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  vi.restoreAllMocks()
})

const { signal } = new AbortController()
const target = {
  dnaDbId: 'Db1',
  ruleType: 'GetFingerPrint',
  bucket: 'films-125',
  region: 'local',
  prefix: 'in/',
} as const
const job = { jobId: 'j1', bucket: 'films-125', object: 'in/a.mp4', userData: 'kinoprint-file:c1' }

/** A server with these open jobs. `puts` and `submitted` are what it was sent. */
function serverWith(jobs: readonly (typeof job)[], { onPut = () => {} }: { onPut?: () => void } = {}) {
  const puts: string[] = []
  const submitted: unknown[] = []
  const backend = {
    objectOf: async () => null,
    listJobs: async () => ({ items: jobs, total: jobs.length }),
    listVideos: async () => ({ items: [], total: 0 }),
    putFile: async ({ object }: { object: string }) => {
      puts.push(object)
      onPut()
    },
    submitJob: async ({ body }: { body: unknown }) => {
      submitted.push(body)
      return { jobId: 'j2' }
    },
    getJob: async ({ params }: { params: { jobId: string } }) => {
      return { ...params, state: 'Success', result: { videoId: 'dv1', stored: true } }
    },
  } as unknown as AdminBackend
  const start = () =>
    startFileJob(backend, target, { name: 'a.mp4', path: join(folder, 'a.mp4'), content: 'c1', signal })
  return { backend, puts, submitted, start }
}

test('the job of a file that an interrupted run has submitted is taken up, without sending the file again', async () => {
  const server = serverWith([job])
  expect(await server.start()).toBe('j1')
  expect([server.puts, server.submitted]).toEqual([[], []])
})

test.each([
  ['another content of the file', { ...job, userData: 'kinoprint-file:c0' }],
  ['a file of the same name in another bucket', { ...job, bucket: 'other-125' }],
  ['a client', { ...job, userData: 'x' }],
])('the job of %s does not count as that of the file', async (_, other) => {
  const server = serverWith([other])
  expect(await server.start()).toBe('j2')
  expect(server.puts).toEqual(['in/a.mp4'])
  expect(server.submitted).toMatchObject([{ object: 'in/a.mp4', userData: 'kinoprint-file:c1' }])
})

test('a file that changes while it is sent makes no job', async () => {
  const server = serverWith([], { onPut: () => appendFileSync(join(folder, 'a.mp4'), 'more') })
  await expect(server.start()).rejects.toMatchObject({ code: 'Conflict' })
  expect(server.submitted).toEqual([])
})

test('an object whose job waits already is not submitted again', async () => {
  const server = serverWith([job])
  const item = objectItem(server.backend, 'Db1', { bucket: 'films-125', object: 'in/a.mp4', region: 'local' })
  const done = await item.run({ signal, onProgress: () => {} })
  expect(done).toMatchObject({ state: 'stored', jobId: 'j1', videoId: 'dv1' })
  expect(server.submitted).toEqual([])
})

/** Imports items that end as given, silently. */
async function imported(outcomes: Readonly<Record<string, Fault | 'stored'>>) {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const done: Imported[] = []
  const items = Object.entries(outcomes).map(([name, outcome]): ImportItem => {
    const run: ImportItem['run'] = async () => {
      if (outcome !== 'stored') throw outcome
      return { state: 'stored', reason: null, videoId: 'dv1', jobId: 'j1' }
    }
    return { name, run }
  })
  await importItems(items, { signal, onDone: (one) => void done.push(one) })
  return done
}

test('an item that fails is reported with its reason, and the others go on', async () => {
  const done = await imported({ a: new Fault('ResourceNotFound', 'It is gone.'), b: 'stored' })
  expect(done.map(({ name, state, reason }) => [name, state, reason])).toEqual([
    ['a', 'failed', 'It is gone.'],
    ['b', 'stored', null],
  ])
})

test('a failure that all items would share ends the import', async () => {
  const away = new Fault('ServiceUnavailable', 'Could not reach the server.')
  await expect(imported({ a: away, b: 'stored' })).rejects.toBe(away)
})
