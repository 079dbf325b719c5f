import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { ensureQueue, updateQueue } from '../queues.ts'
import { claim, newJob } from '../samples.fixture.ts'
import { completeJob } from './finish-job.ts'
import type { Job } from './job.ts'
import { isAnyJobWaiting, nextJobs, recordJobBytes } from './next-jobs.ts'

const RESULT = { videoId: 'dv1', durationSeconds: 1, detections: [] }

describe.each(backends)('the order of jobs on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  beforeEach(() => database.db.pool.query('delete from jobs; delete from turns'))
  afterAll(() => database.close())

  type Who = { readonly key?: string; readonly bucket?: string; readonly jobLevel?: 0 | 1 | 2 }
  const add = ({ key = 'K1', bucket = 'a-1', jobLevel = 0 }: Who = {}): Promise<Job> =>
    newJob(database.db, 'Db1', { secretId: key, bucket, jobLevel, object: `${bucket} ${key}` })
  const addMany = async (count: number, who: Who): Promise<void> => {
    for (let n = 0; n < count; n++) await add(who)
  }
  const listNext = (belowBytes: number | null = null) => nextJobs(database.db, { limit: 16, belowBytes })

  /** Runs `slots` jobs at a time, always claiming the next one, and returns whose jobs ran in which order. */
  const served = async (count: number, slots = 1): Promise<string[]> => {
    const order: string[] = []
    const running: Awaited<ReturnType<typeof claim>>[] = []
    while (order.length < count) {
      const [first] = await listNext()
      if (first === undefined) break
      running.push(await claim(database.db, first.jobId))
      order.push(first.object)
      const ended = running.length < slots ? undefined : running.shift()
      if (ended !== undefined) await completeJob(database.db, ended, RESULT)
    }
    for (const fence of running) await completeJob(database.db, fence, RESULT)
    return order
  }

  test('a backlog of one bucket delays no job of another, regardless of level', {
    tags: ['fair-turns'],
  }, async () => {
    await addMany(20, { bucket: 'a-1', jobLevel: 2 })
    await addMany(3, { bucket: 'b-1', key: 'K2' })
    expect(await served(6)).toEqual(['a-1 K1', 'b-1 K2', 'a-1 K1', 'b-1 K2', 'a-1 K1', 'b-1 K2'])
  })

  test('a backlog of one key delays no job of another key of the same bucket', {
    tags: ['fair-turns'],
  }, async () => {
    await addMany(20, { jobLevel: 2 })
    await addMany(2, { key: 'K2' })
    expect(await served(4)).toEqual(['a-1 K1', 'a-1 K2', 'a-1 K1', 'a-1 K2'])
  })

  test('a key gets no larger share through many buckets, nor a bucket through many keys', {
    tags: ['fair-turns'],
  }, async () => {
    for (let n = 0; n < 6; n++) await addMany(3, { bucket: `many-${n}` })
    await addMany(6, { bucket: 'own-1', key: 'K2' })
    expect((await served(12)).filter((who) => who === 'own-1 K2')).toHaveLength(6)
    await database.db.pool.query('delete from jobs')
    for (let n = 0; n < 6; n++) await addMany(3, { bucket: 'shared-1', key: `S${n}` })
    await addMany(6, { bucket: 'own-1', key: 'K2' })
    expect((await served(12)).filter((who) => who === 'own-1 K2')).toHaveLength(6)
  })

  test('slots are shared evenly while both have jobs', { tags: ['fair-turns'] }, async () => {
    await addMany(30, { bucket: 'a-1' })
    await addMany(30, { bucket: 'b-1', key: 'K2' })
    const order = await served(24, 6)
    expect(order.filter((who) => who === 'a-1 K1')).toHaveLength(12)
  })

  test('jobs of one key in one bucket run by level, then by arrival', { tags: ['level-order'] }, async () => {
    const jobs = [
      await add(),
      await add({ jobLevel: 2 }),
      await add({ jobLevel: 1 }),
      await add({ jobLevel: 2 }),
    ]
    const ids = (await listNext()).map(({ jobId }) => jobId)
    expect(ids).toEqual([jobs[1], jobs[3], jobs[2], jobs[0]].map((job) => job?.jobId))
  })

  test('queues that are paused or run MaxConcurrent jobs are left out, but their jobs still count as waiting', async () => {
    expect(await isAnyJobWaiting(database.db)).toBe(false)
    const full = await ensureQueue(database.db, { bucket: 'full-1', region: 'local' })
    const paused = await ensureQueue(database.db, { bucket: 'paused-1', region: 'local' })
    await updateQueue(database.db, full.queueId, { maxConcurrent: 1 })
    await claim(database.db, (await add({ bucket: 'full-1' })).jobId)
    await add({ bucket: 'full-1' })
    await add({ bucket: 'paused-1' })
    await updateQueue(database.db, paused.queueId, { state: 'Paused' })
    expect(await listNext()).toEqual([])
    expect(await isAnyJobWaiting(database.db)).toBe(true)
    const { jobId } = await add({ bucket: 'other-1', key: 'K2' })
    expect((await listNext()).map((job) => job.jobId)).toEqual([jobId])
    await updateQueue(database.db, paused.queueId, { state: 'Active' })
  })

  test('jobs whose worker died come first', async () => {
    await add({ jobLevel: 2 })
    const orphan = await add()
    await claim(database.db, orphan.jobId, 0)
    expect((await listNext())[0]?.jobId).toBe(orphan.jobId)
  })

  test('jobs whose object is known to be too large are left out', async () => {
    const [large, small] = [await add(), await add()]
    await recordJobBytes(database.db, { jobId: large.jobId, bytes: 5_000_000_000 })
    expect((await listNext(1_000)).map(({ jobId }) => jobId)).toEqual([small.jobId])
    expect((await listNext()).map(({ jobId, bytes }) => [jobId, bytes])).toEqual([
      [large.jobId, 5_000_000_000],
      [small.jobId, null],
    ])
  })
})
