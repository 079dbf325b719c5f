import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { getJobs } from '../jobs/read-jobs.ts'
import { deleteLibrary, getLibrary } from '../libraries.ts'
import { claim, hashes, newJob, newLibrary, publication, stage, storeVideo } from '../samples.fixture.ts'
import { findCandidates } from '../search-index/find-candidates.ts'
import { discardFingerprint, loadFingerprints, sweepOrphanFingerprints } from './fingerprints.ts'
import { publishVideo } from './publish-video.ts'
import { deleteVideo, findVideoByObject, getVideo, listVideos } from './videos.ts'

describe.each(backends)('videos on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const rowsOf = async (table: string): Promise<number> => {
    const { rows } = await database.db.pool.query<{ count: number }>(
      `select count(*)::int as count from ${table}`,
    )
    return rows[0]?.count ?? -1
  }

  test('a search does not find a staged fingerprint until its video is published', {
    tags: ['whole-video'],
  }, async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const frames = hashes(2)
    const fingerprintId = await stage(database.db, dnaDbId, { video: frames, audio: [] })
    const search = { dnaDbId, video: frames, audio: [], perHash: 5 }
    expect(await findCandidates(database.db, search)).toEqual([])
    const video = await publishVideo(database.db, publication(dnaDbId, fingerprintId))
    const hits = await findCandidates(database.db, search)
    expect(hits).toContainEqual({
      videoId: video.videoId,
      kind: 'video',
      queryMs: 4000,
      refMs: 4000,
      distance: 0,
    })
    expect(await getVideo(database.db, video)).toEqual(video)
    expect(await findVideoByObject(database.db, video)).toEqual(video)
    expect(await getLibrary(database.db, dnaDbId)).toMatchObject({ videoCount: 1, totalSeconds: 10.5 })
  })

  test('publishing ends the job in the same transaction and derives the VideoId from it', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const { jobId } = await newJob(database.db, dnaDbId)
    const jobFence = await claim(database.db, jobId)
    const fingerprintId = await stage(database.db, dnaDbId)
    const result = { durationSeconds: 10.5, detections: [] }
    const video = await publishVideo(database.db, publication(dnaDbId, fingerprintId, { jobFence, result }))
    expect(video.videoId).toBe(`dv${jobId.slice(1)}`)
    const [job] = await getJobs(database.db, [jobId])
    expect(job).toMatchObject({
      state: 'Success',
      progress: 1,
      result: { ...result, videoId: video.videoId },
    })
  })

  test('a worker that has lost its job cannot publish', { tags: ['whole-video'] }, async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const { jobId } = await newJob(database.db, dnaDbId)
    const jobFence = await claim(database.db, jobId, 0)
    await claim(database.db, jobId)
    const fingerprintId = await stage(database.db, dnaDbId)
    const late = publishVideo(database.db, publication(dnaDbId, fingerprintId, { jobFence }))
    await expect(late).rejects.toMatchObject({ code: 'Cancelled' })
    expect((await listVideos(database.db, { dnaDbId })).total).toBe(0)
  })

  test('storing an object again keeps its VideoId, and exactly one video exists at every moment', {
    tags: ['same-video-id'],
  }, async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const video = hashes(1)
    const first = await storeVideo(database.db, dnaDbId, { video, audio: [] })
    const fingerprintId = await stage(database.db, dnaDbId, { video, audio: [] })
    const search = { dnaDbId, video, audio: [], perHash: 5 }
    const counts: number[] = []
    let publishing = true
    const watch = async () => {
      while (publishing) counts.push((await findCandidates(database.db, search)).length)
    }
    const watching = watch()
    const changes = { etag: '"2"', durationSeconds: 4, frameCount: 2 }
    const second = await publishVideo(database.db, publication(dnaDbId, fingerprintId, changes))
    publishing = false
    await watching
    expect(new Set([...counts, (await findCandidates(database.db, search)).length])).toEqual(new Set([1]))
    expect(second).toMatchObject({ videoId: first.videoId, etag: '"2"', createdAt: first.createdAt })
    expect(await getLibrary(database.db, dnaDbId)).toMatchObject({ videoCount: 1, totalSeconds: 4 })
  })

  test('a full library refuses concurrent new videos but replaces existing ones', {
    tags: ['capacity'],
  }, async () => {
    const { dnaDbId } = await newLibrary(database.db, { capacity: 3 })
    const staged: number[] = []
    for (let index = 0; index < 8; index++) staged.push(await stage(database.db, dnaDbId))
    const tries = staged.map((id, index) =>
      publishVideo(database.db, publication(dnaDbId, id, { object: `${index}.mp4` })),
    )
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CapacityExceeded' })
    }
    const [held] = (await listVideos(database.db, { dnaDbId })).items
    const again = await stage(database.db, dnaDbId)
    await publishVideo(database.db, publication(dnaDbId, again, { object: held?.object ?? '' }))
    expect(await getLibrary(database.db, dnaDbId)).toMatchObject({ videoCount: 3 })
  })

  test('a deleted video leaves no rows behind, and its job reports it', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const video = hashes(2)
    const { videoId } = await storeVideo(database.db, dnaDbId, { video })
    const before = [await rowsOf('fingerprints'), await rowsOf('frame_index'), await rowsOf('audio_index')]
    const { jobId } = await newJob(database.db, dnaDbId, { ruleType: 'DeleteFingerPrint', videoId })
    const jobFence = await claim(database.db, jobId)
    expect(await deleteVideo(database.db, { dnaDbId, videoId, jobFence })).toMatchObject({ videoId })
    expect([await rowsOf('fingerprints'), await rowsOf('frame_index'), await rowsOf('audio_index')]).toEqual(
      before.map((count, index) => count - ([1, 2, 3][index] ?? 0)),
    )
    expect((await getJobs(database.db, [jobId]))[0]).toMatchObject({
      state: 'Success',
      result: { videoId, durationSeconds: 10.5, detections: [] },
    })
    expect(await findCandidates(database.db, { dnaDbId, video, audio: [], perHash: 3 })).toEqual([])
    expect(await deleteVideo(database.db, { dnaDbId, videoId })).toBeNull()
    expect(await getLibrary(database.db, dnaDbId)).toMatchObject({ videoCount: 0, totalSeconds: 0 })
  })

  test('a video of another library is not found', async () => {
    const [mine, other] = [await newLibrary(database.db), await newLibrary(database.db)]
    const { videoId } = await storeVideo(database.db, other.dnaDbId)
    expect(await getVideo(database.db, { dnaDbId: mine.dnaDbId, videoId })).toBeNull()
    expect(await deleteVideo(database.db, { dnaDbId: mine.dnaDbId, videoId })).toBeNull()
  })

  test('videos are listed newest first, by object and by scope', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    for (const object of ['a.mp4', 'b.mp4', 'c.mp4']) await storeVideo(database.db, dnaDbId, { object })
    const page = await listVideos(database.db, { dnaDbId, pageSize: 2 })
    expect(page).toMatchObject({ total: 3, items: [{ object: 'c.mp4' }, { object: 'b.mp4' }] })
    expect((await listVideos(database.db, { dnaDbId, object: 'b.mp4' })).total).toBe(1)
    expect((await listVideos(database.db, { dnaDbId, libraries: [] })).total).toBe(0)
    expect((await listVideos(database.db, { dnaDbId, buckets: ['other-1'] })).total).toBe(0)
  })

  test('packed fingerprints are read back byte for byte', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const expected = new Map<string, Uint8Array>()
    for (let index = 0; index < 6; index++) {
      const data = Uint8Array.from({ length: 300_000 }, (_, at) => (at * (index + 3)) & 255)
      const { videoId } = await storeVideo(database.db, dnaDbId, { object: `${index}.mp4`, data })
      expected.set(videoId, data)
    }
    const loaded = await loadFingerprints(database.db, { dnaDbId, videoIds: [...expected.keys(), 'dv0'] })
    expect(loaded.size).toBe(6)
    for (const [videoId, data] of expected) {
      expect(Buffer.compare(loaded.get(videoId)?.data ?? new Uint8Array(), data)).toBe(0)
      expect(loaded.get(videoId)).toMatchObject({ durationSeconds: 10.5, format: 1 })
    }
  })

  test('unpublished fingerprints are discarded or swept, and published ones stay', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const kept = await storeVideo(database.db, dnaDbId)
    const before = await rowsOf('frame_index')
    const [discarded] = [await stage(database.db, dnaDbId), await stage(database.db, dnaDbId)]
    await discardFingerprint(database.db, discarded)
    expect(await sweepOrphanFingerprints(database.db)).toBe(0)
    expect(await sweepOrphanFingerprints(database.db, { olderThanMs: 0 })).toBeGreaterThanOrEqual(1)
    expect(await rowsOf('frame_index')).toBeLessThanOrEqual(before)
    expect((await loadFingerprints(database.db, { dnaDbId, videoIds: [kept.videoId] })).size).toBe(1)
    const late = publishVideo(database.db, publication(dnaDbId, discarded))
    await expect(late).rejects.toMatchObject({ code: 'Conflict' })
  })

  test('an unknown library, or one deleted in the meantime, is a fault', async () => {
    await expect(stage(database.db, 'Db0')).rejects.toMatchObject({ code: 'InvalidArgument' })
    const { dnaDbId } = await newLibrary(database.db)
    const fingerprintId = await stage(database.db, dnaDbId)
    await deleteLibrary(database.db, dnaDbId)
    const late = publishVideo(database.db, publication(dnaDbId, fingerprintId))
    await expect(late).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(
      findCandidates(database.db, { dnaDbId, video: [], audio: [], perHash: 1 }),
    ).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
  })
})
