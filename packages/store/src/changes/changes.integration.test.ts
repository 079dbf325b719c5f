import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { finding, search } from '../matches/matches.fixture.ts'
import { claim, newJob, newLibrary, storeVideo } from '../samples.fixture.ts'
import { countOpenJobs, readJobMarks } from './job-changes.ts'
import { countUndecidedMatches, readMatchMarks } from './match-changes.ts'

describe.each(backends)('changes on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('jobs that are new, run or have just ended are read, and older ones are not', async () => {
    const [old, running, added] = [
      await newJob(database.db, 'Db1'),
      await newJob(database.db, 'Db1'),
      await newJob(database.db, 'Db1'),
    ]
    await claim(database.db, running.jobId)
    await database.db.pool.query(
      `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id, ended_at)
       select 'jold' || n, 'Success', rule_type, dna_db_id, bucket, region, object, queue_id, now() - interval '1 day'
       from jobs, generate_series(1, 600) n where job_id = $1`,
      [old.jobId],
    )
    const { marks, lastSeq } = await readJobMarks(database.db, { afterSeq: null, seconds: 1 })
    expect(marks.map(({ jobId }) => jobId)).toContain(running.jobId)
    expect(marks.map(({ jobId }) => jobId)).not.toContain(added.jobId)
    const { jobId, seq } = await newJob(database.db, 'Db1')
    const later = await readJobMarks(database.db, { afterSeq: lastSeq, seconds: 1 })
    expect(later.lastSeq).toBe(seq)
    expect(later.marks).toContainEqual(expect.objectContaining({ jobId, state: 'Submitted', attempts: 0 }))
    expect(await countOpenJobs(database.db)).toEqual({ waiting: 3, paused: 0, running: 1 })
  })

  test('matches are read when they are found', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const { videoId } = await storeVideo(database.db, dnaDbId)
    const before = await readMatchMarks(database.db, null)
    await search(database.db, { dnaDbId, found: [finding(videoId)] })
    const { marks, lastEvent } = await readMatchMarks(database.db, before.lastEvent)
    expect(marks).toEqual([{ eventId: lastEvent, matchId: expect.any(String), dnaDbId, state: 'open' }])
    expect(await countUndecidedMatches(database.db)).toBe(1)
  })
})
