import { FORMAT_VERSION } from '@kinoprint/dna'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { createLibrary } from '../libraries.ts'
import { storeVideo } from '../samples.fixture.ts'
import { claimVideoToReindex, recordReindexedVideo, renewReindexing } from './claim-reindexing.ts'
import { listReindexingFailures, readReindexing, startReindexing, stopReindexing } from './reindexing.ts'

let database: TestDatabase
let dnaDbId: string
beforeAll(async () => {
  const [first] = backends
  if (first === undefined) throw new Error('There is no database to test on.')
  database = await first.open()
  const fields = { name: 'films', bucket: 'films-125', region: 'local', capacity: 10 }
  dnaDbId = (await createLibrary(database.db, fields)).dnaDbId
  for (const object of ['a.mp4', 'b.mp4']) await storeVideo(database.db, dnaDbId, { object })
  await database.db.pool.query('update fingerprints set format = $1', [FORMAT_VERSION])
})
afterAll(() => database.close())

const claimBy = (workerId: string, leaseMs = 60_000) =>
  claimVideoToReindex(database.db, { workerId, leaseMs })

test('one worker at a time continues re-indexing, and another goes on where a lost one ended', {
  tags: ['reindexing'],
}, async () => {
  const { db } = database
  expect(await claimBy('w1')).toBeNull()
  const { reindexingId } = await startReindexing(db, { scope: 'all', dnaDbId })
  await expect(startReindexing(db, { scope: 'all' })).rejects.toThrow('Re-indexing is running already.')
  const first = await claimBy('w1')
  expect(first).toMatchObject({ object: 'a.mp4', isOldFormat: false, needsRows: true })
  if (first === null) return
  expect(await claimBy('w2')).toBeNull()
  expect(await renewReindexing(db, { reindexingId, workerId: 'w1', leaseMs: 0 })).toBe(true)
  expect(await claimBy('w2')).toEqual(first)
  expect(await renewReindexing(db, { reindexingId, workerId: 'w1', leaseMs: 60_000 })).toBe(false)
  await recordReindexedVideo(db, { ...first, workerId: 'w1', outcome: 'rebuilt', pauseMs: 0 })
  expect(await readReindexing(db)).toMatchObject({ total: 2, rebuilt: 0 })
  await recordReindexedVideo(db, { ...first, workerId: 'w2', outcome: 'rebuilt', pauseMs: 0 })
  const second = await claimBy('w2')
  expect(second).toMatchObject({ object: 'b.mp4' })
  if (second === null) return
  await recordReindexedVideo(db, { ...second, workerId: 'w2', outcome: { failure: 'Gone.' }, pauseMs: 0 })
  expect(await claimBy('w2')).toBeNull()
  expect(await readReindexing(db)).toMatchObject({ state: 'Done', rebuilt: 1, failed: 1 })
  expect(await listReindexingFailures(db, {})).toMatchObject({
    total: 1,
    items: [{ object: 'b.mp4', reason: 'Gone.' }],
  })
})

test('re-indexing pauses between videos as its limit says, and stops on request', async () => {
  const { db } = database
  await startReindexing(db, { scope: 'all', videosPerMinute: 1 })
  const first = await claimBy('w1')
  if (first === null) throw new Error('No video was claimed.')
  await recordReindexedVideo(db, { ...first, workerId: 'w1', outcome: 'gone', pauseMs: 0 })
  expect(await claimBy('w1')).toBeNull()
  expect(await readReindexing(db)).toMatchObject({ state: 'Running', rebuilt: 0, failed: 0 })
  expect(await stopReindexing(db)).toMatchObject({ state: 'Stopped', endedAt: expect.any(Date) })
  expect(await stopReindexing(db)).toBeNull()
  expect(await claimBy('w1')).toBeNull()
})

test('only what is outdated is counted and claimed unless everything is requested', async () => {
  const { db } = database
  await db.pool.query(
    `update fingerprints f set index_version = 0 from videos v where v.fingerprint_id = f.id and object = 'b.mp4'`,
  )
  expect(await startReindexing(db, { scope: 'outdated' })).toMatchObject({ total: 1 })
  expect(await claimBy('w1')).toMatchObject({ object: 'b.mp4', isOldFormat: false, needsRows: true })
  await stopReindexing(db)
})
