import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { failJob } from '../jobs/finish-job.ts'
import { purgeEndedJobs } from '../jobs/purge-jobs.ts'
import { deleteLibrary, type Library } from '../libraries.ts'
import { claim, newJob, newLibrary, publication, stage, storeVideo } from '../samples.fixture.ts'
import { transaction } from '../transaction.ts'
import { publishVideo } from '../videos/publish-video.ts'
import { deleteVideo, type Video } from '../videos/videos.ts'
import type { Finding } from './findings.ts'
import { rewritePassages } from './match-rows.ts'
import { finding, passage, search } from './matches.fixture.ts'
import { recordMatches } from './record-matches.ts'

type Row = {
  readonly match_id: string
  readonly state: string
  readonly changed: boolean
  readonly version: number
  readonly job_id: string
  readonly query_object: string
  readonly similar_seconds: number
}

describe.each(backends)('recording matches on $name', ({ open }) => {
  let database: TestDatabase
  let library: Library
  let video: Video
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.pool.query('delete from matches')
    library = await newLibrary(database.db)
    video = await storeVideo(database.db, library.dnaDbId)
  })

  const matches = async (): Promise<Row[]> =>
    (await database.db.pool.query<Row>('select * from matches order by found_at, match_id')).rows
  const eventKinds = async (): Promise<string[]> =>
    (
      await database.db.pool.query<{ kind: string }>('select kind from match_events order by event_id')
    ).rows.map(({ kind }) => kind)
  const decide = (state: string): Promise<unknown> =>
    database.db.pool.query('update matches set state = $1, decided_state = $1, decided_at = now()', [state])

  test('a search with the same contents under another name updates the match', async () => {
    const { dnaDbId } = library
    const first = await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    const [match] = await matches()
    expect(match).toMatchObject({ state: 'open', job_id: first.jobId, similar_seconds: 10 })
    expect(first.result?.detections[0]?.matchId).toBe(match?.match_id)
    const found = [finding(video.videoId, { segments: [passage(0, 11)] })]
    const again = await search(database.db, { dnaDbId, object: 'other-name.mp4', found })
    expect(await matches()).toEqual([
      expect.objectContaining({
        match_id: match?.match_id,
        version: 1,
        job_id: again.jobId,
        query_object: 'other-name.mp4',
        similar_seconds: 11,
      }),
    ])
    expect(again.result?.detections[0]?.matchId).toBe(match?.match_id)
    expect(await eventKinds()).toEqual(['found'])
  })

  test('other contents, another library and another direction are matches of their own', async () => {
    const { dnaDbId } = library
    await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    await search(database.db, { dnaDbId, etag: '"edited"', found: [finding(video.videoId)] })
    const other = await newLibrary(database.db)
    const copy = await storeVideo(database.db, other.dnaDbId)
    await search(database.db, { dnaDbId: other.dnaDbId, found: [finding(copy.videoId)] })
    expect(await matches()).toHaveLength(3)
  })

  test('a decided match opens again only if a passage of 2 s or more differs', {
    tags: ['match-decision'],
  }, async () => {
    const { dnaDbId } = library
    await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    await decide('dismissed')
    const slightly = [finding(video.videoId, { segments: [passage(0.5, 11)] })]
    await search(database.db, { dnaDbId, found: slightly })
    expect(await matches()).toMatchObject([{ state: 'dismissed', changed: false, version: 1 }])
    const longer = [finding(video.videoId, { segments: [passage(0.5, 11), passage(15, 3)] })]
    await search(database.db, { dnaDbId, found: longer })
    expect(await matches()).toMatchObject([{ state: 'open', changed: true, version: 2 }])
    expect(await eventKinds()).toEqual(['found', 'changed'])
  })

  test('a library that suppresses dismissed pairs leaves them out of later results, unless they change', async () => {
    const { dnaDbId } = await newLibrary(database.db, { suppressDismissed: true })
    const { videoId } = await storeVideo(database.db, dnaDbId)
    const other = await storeVideo(database.db, dnaDbId, { object: 'other.mp4' })
    await database.db.pool.query(`update videos set etag = '"other"' where video_id = $1`, [other.videoId])
    const searched = async (...found: readonly Finding[]): Promise<string[]> => {
      const { result } = await search(database.db, { dnaDbId, found })
      return result?.detections.map((detection) => detection.videoId) ?? []
    }
    expect(await searched(finding(videoId))).toEqual([videoId])
    await decide('dismissed')
    expect(await searched(finding(videoId), finding(other.videoId))).toEqual([other.videoId])
    await database.db.pool.query('update libraries set suppress_dismissed = false')
    expect(await searched(finding(videoId))).toEqual([videoId])
    await database.db.pool.query('update libraries set suppress_dismissed = true')
    expect(await searched(finding(videoId, { segments: [passage(3, 17)] }))).toEqual([videoId])
  })

  test('deleting a library deletes its undecided matches and keeps the decided ones', async () => {
    const { dnaDbId } = library
    await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    await decide('confirmed')
    await search(database.db, { dnaDbId, etag: '"2"', found: [finding(video.videoId)] })
    await search(database.db, { dnaDbId, etag: '"3"', found: [finding(video.videoId, { verdict: 'near' })] })
    await deleteLibrary(database.db, dnaDbId, { force: true })
    expect(await matches()).toMatchObject([{ state: 'confirmed' }])
  })

  test('a near miss opens when a search reports it, and never replaces what was reported', async () => {
    const { dnaDbId } = library
    const near = [finding(video.videoId, { verdict: 'near', segments: [passage(0, 3)] })]
    const { result } = await search(database.db, { dnaDbId, found: near })
    expect(await matches()).toMatchObject([{ state: 'near' }])
    expect(result?.detections).toEqual([])
    await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    expect(await matches()).toMatchObject([{ state: 'open', version: 2, similar_seconds: 10 }])
    await search(database.db, { dnaDbId, found: near })
    expect(await matches()).toMatchObject([{ state: 'open', similar_seconds: 10 }])
    expect(await eventKinds()).toEqual(['found', 'found'])
  })

  test('the stored video that a search was made with is no match, and its exact copy is', async () => {
    const { dnaDbId } = library
    const found = [finding(video.videoId)]
    const itself = await search(database.db, { dnaDbId, object: video.object, etag: video.etag, found })
    expect(itself.result?.detections[0]?.matchId).toBeNull()
    expect(await matches()).toEqual([])
    await search(database.db, { dnaDbId, object: 'copy.mp4', etag: video.etag, found })
    expect(await matches()).toHaveLength(1)
  })

  test('stored videos of the same content share one match', async () => {
    const { dnaDbId } = library
    const twin = await storeVideo(database.db, dnaDbId, { object: 'twin.mp4' })
    const found = [finding(video.videoId), finding(twin.videoId, { score: 0.8 })]
    const { result } = await search(database.db, { dnaDbId, found })
    const [match] = await matches()
    expect(result?.detections.map(({ matchId }) => matchId)).toEqual([match?.match_id, match?.match_id])
    expect(await matches()).toHaveLength(1)
  })

  test('a match outlives its jobs and its reference', { tags: ['match-kept'] }, async () => {
    const { dnaDbId } = library
    await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    await deleteVideo(database.db, { dnaDbId, videoId: video.videoId })
    await purgeEndedJobs(database.db, { olderThanDays: -1 })
    expect(await matches()).toHaveLength(1)
    const { rows } = await database.db.pool.query('select * from match_jobs')
    expect(rows).toEqual([])
  })

  test('a video that is deleted during the search becomes no match', async () => {
    const { dnaDbId } = library
    await deleteVideo(database.db, { dnaDbId, videoId: video.videoId })
    const { result } = await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    expect(result?.detections[0]?.matchId).toBeNull()
    expect(await matches()).toEqual([])
  })

  test('passages that are ignored later no longer count, and the decision stays', async () => {
    const { dnaDbId } = library
    await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    await decide('confirmed')
    const matchId = (await matches())[0]?.match_id ?? ''
    const passages = [passage(15, 3), passage(0, 10, { ignored: 'ig1' })]
    await rewritePassages(database.db.pool, [{ matchId, passages }])
    expect(await matches()).toMatchObject([{ state: 'confirmed', version: 1, similar_seconds: 3 }])
    const { rows } = await database.db.pool.query(
      `select passages -> 0 ->> 'ignored' as first from match_passages`,
    )
    expect(rows).toEqual([{ first: 'ig1' }])
  })

  test('a failed search records no match', async () => {
    const { jobId } = await newJob(database.db, library.dnaDbId, { ruleType: 'FindSimilarVideo' })
    await failJob(database.db, await claim(database.db, jobId), { code: 'InvalidArgument', message: 'No.' })
    expect(await matches()).toEqual([])
  })

  test('storing a video records what it shares with earlier ones', async () => {
    const { dnaDbId } = library
    const { jobId } = await newJob(database.db, dnaDbId, { object: 'new.mp4' })
    const query = {
      bucket: 'films-125',
      object: 'new.mp4',
      etag: '"new"',
      width: 1,
      height: 1,
      hasAudio: false,
    }
    await publishVideo(
      database.db,
      publication(dnaDbId, await stage(database.db, dnaDbId), {
        jobFence: await claim(database.db, jobId),
        object: 'new.mp4',
        etag: '"new"',
        findings: { query, found: [finding(video.videoId)] },
      }),
    )
    expect(await matches()).toMatchObject([{ query_object: 'new.mp4', job_id: jobId }])
  })

  test('concurrent searches with the same contents record one match', async () => {
    const { dnaDbId } = library
    const found = [finding(video.videoId)]
    await Promise.all(
      Array.from({ length: 6 }, (_, n) => search(database.db, { dnaDbId, object: `${n}.mp4`, found })),
    )
    expect(await matches()).toHaveLength(1)
    expect(await eventKinds()).toEqual(['found'])
    const { rows } = await database.db.pool.query('select * from match_jobs')
    expect(rows).toHaveLength(6)
  })

  test('a hundred findings are recorded in one transaction, and none if it rolls back', async () => {
    const { dnaDbId } = library
    const { jobId } = await newJob(database.db, dnaDbId)
    const query = { bucket: 'b', object: 'q.mp4', etag: '"q"', width: null, height: null, hasAudio: null }
    const refs = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const changes = { object: `${n}.mp4`, etag: `"${n}"` }
        return publishVideo(database.db, publication(dnaDbId, await stage(database.db, dnaDbId), changes))
      }),
    )
    const found = refs.map(({ videoId }) => finding(videoId))
    const job = { jobId, dnaDbId, durationSeconds: 20 }
    const failing = transaction(database.db, async (client) => {
      const recorded = await recordMatches(client, job, { query, found })
      expect([...recorded.values()].filter(({ outcome }) => outcome === 'found')).toHaveLength(100)
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await matches()).toEqual([])
  })

  test('the history of a match cannot be changed, and goes only with its match', {
    tags: ['match-history'],
  }, async () => {
    const { dnaDbId } = library
    await search(database.db, { dnaDbId, found: [finding(video.videoId)] })
    const query = (sql: string): Promise<unknown> => database.db.pool.query(sql)
    await expect(query(`update match_events set note = 'other'`)).rejects.toThrow(/append-only/)
    await expect(query('delete from match_events')).rejects.toThrow(/append-only/)
    await query('delete from matches')
    expect(await eventKinds()).toEqual([])
  })
})
