import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { getJobs } from '../jobs/read-jobs.ts'
import { deleteLibrary, getLibrary } from '../libraries.ts'
import { claim, hashes, newJob, newLibrary, publication, stage, storeVideo } from '../samples.fixture.ts'
import { findCandidates } from '../search-index/find-candidates.ts'
import { discardFingerprint, loadFingerprints, sweepOrphanFingerprints } from './fingerprints.ts'
import { publishVideo } from './publish-video.ts'
import { deleteVideo, findVideoByObject, getVideo, listVideos } from './videos.ts'

describe.each(backends)('videos on $name', ({ open }) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.close())

  const rowsOf = async (table: string): Promise<number> => {
    const { rows } = await test.db.pool.query<{ count: number }>(
      `select count(*)::int as count from ${table}`,
    )
    return rows[0]?.count ?? -1
  }

  it('a search does not find a staged fingerprint until its video is published', {
    tags: ['whole-video'],
  }, async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const frames = hashes(2)
    const fingerprintId = await stage(test.db, dnaDbId, { video: frames, audio: [] })
    const search = { dnaDbId, video: frames, audio: [], perHash: 5 }
    expect(await findCandidates(test.db, search)).toEqual([])
    const video = await publishVideo(test.db, publication(dnaDbId, fingerprintId))
    const hits = await findCandidates(test.db, search)
    expect(hits).toContainEqual({
      videoId: video.videoId,
      kind: 'video',
      queryMs: 4000,
      refMs: 4000,
      distance: 0,
    })
    expect(await getVideo(test.db, video)).toEqual(video)
    expect(await findVideoByObject(test.db, video)).toEqual(video)
    expect(await getLibrary(test.db, dnaDbId)).toMatchObject({ videoCount: 1, totalSeconds: 10.5 })
  })

  it('publishing ends the job in the same transaction and derives the VideoId from it', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const { jobId } = await newJob(test.db, dnaDbId)
    const jobFence = await claim(test.db, jobId)
    const fingerprintId = await stage(test.db, dnaDbId)
    const result = { durationSeconds: 10.5, detections: [] }
    const video = await publishVideo(test.db, publication(dnaDbId, fingerprintId, { jobFence, result }))
    expect(video.videoId).toBe(`dv${jobId.slice(1)}`)
    const [job] = await getJobs(test.db, [jobId])
    expect(job).toMatchObject({
      state: 'Success',
      progress: 1,
      result: { ...result, videoId: video.videoId },
    })
  })

  it('a worker that has lost its job cannot publish', { tags: ['whole-video'] }, async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const { jobId } = await newJob(test.db, dnaDbId)
    const jobFence = await claim(test.db, jobId, 0)
    await claim(test.db, jobId)
    const fingerprintId = await stage(test.db, dnaDbId)
    const late = publishVideo(test.db, publication(dnaDbId, fingerprintId, { jobFence }))
    await expect(late).rejects.toMatchObject({ code: 'Cancelled' })
    expect((await listVideos(test.db, { dnaDbId })).total).toBe(0)
  })

  it('storing an object again keeps its VideoId, and exactly one video exists at every moment', {
    tags: ['same-video-id'],
  }, async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const video = hashes(1)
    const first = await storeVideo(test.db, dnaDbId, { video, audio: [] })
    const fingerprintId = await stage(test.db, dnaDbId, { video, audio: [] })
    const search = { dnaDbId, video, audio: [], perHash: 5 }
    const counts: number[] = []
    let publishing = true
    const watch = async () => {
      while (publishing) counts.push((await findCandidates(test.db, search)).length)
    }
    const watching = watch()
    const changes = { etag: '"2"', durationSeconds: 4, frameCount: 2 }
    const second = await publishVideo(test.db, publication(dnaDbId, fingerprintId, changes))
    publishing = false
    await watching
    expect(new Set([...counts, (await findCandidates(test.db, search)).length])).toEqual(new Set([1]))
    expect(second).toMatchObject({ videoId: first.videoId, etag: '"2"', createdAt: first.createdAt })
    expect(await getLibrary(test.db, dnaDbId)).toMatchObject({ videoCount: 1, totalSeconds: 4 })
  })

  it('a full library refuses concurrent new videos but replaces existing ones', {
    tags: ['capacity'],
  }, async () => {
    const { dnaDbId } = await newLibrary(test.db, { capacity: 3 })
    const staged: number[] = []
    for (let index = 0; index < 8; index++) staged.push(await stage(test.db, dnaDbId))
    const tries = staged.map((id, index) =>
      publishVideo(test.db, publication(dnaDbId, id, { object: `${index}.mp4` })),
    )
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CapacityExceeded' })
    }
    const [held] = (await listVideos(test.db, { dnaDbId })).items
    const again = await stage(test.db, dnaDbId)
    await publishVideo(test.db, publication(dnaDbId, again, { object: held?.object ?? '' }))
    expect(await getLibrary(test.db, dnaDbId)).toMatchObject({ videoCount: 3 })
  })

  it('a deleted video leaves no rows behind, and its job reports it', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const video = hashes(2)
    const { videoId } = await storeVideo(test.db, dnaDbId, { video })
    const before = [await rowsOf('fingerprints'), await rowsOf('frame_index'), await rowsOf('audio_index')]
    const { jobId } = await newJob(test.db, dnaDbId, { ruleType: 'DeleteFingerPrint', videoId })
    const jobFence = await claim(test.db, jobId)
    expect(await deleteVideo(test.db, { dnaDbId, videoId, jobFence })).toMatchObject({ videoId })
    expect([await rowsOf('fingerprints'), await rowsOf('frame_index'), await rowsOf('audio_index')]).toEqual(
      before.map((count, index) => count - ([1, 2, 3][index] ?? 0)),
    )
    expect((await getJobs(test.db, [jobId]))[0]).toMatchObject({
      state: 'Success',
      result: { videoId, durationSeconds: 10.5, detections: [] },
    })
    expect(await findCandidates(test.db, { dnaDbId, video, audio: [], perHash: 3 })).toEqual([])
    expect(await deleteVideo(test.db, { dnaDbId, videoId })).toBeNull()
    expect(await getLibrary(test.db, dnaDbId)).toMatchObject({ videoCount: 0, totalSeconds: 0 })
  })

  it('a video of another library is not found', async () => {
    const [mine, other] = [await newLibrary(test.db), await newLibrary(test.db)]
    const { videoId } = await storeVideo(test.db, other.dnaDbId)
    expect(await getVideo(test.db, { dnaDbId: mine.dnaDbId, videoId })).toBeNull()
    expect(await deleteVideo(test.db, { dnaDbId: mine.dnaDbId, videoId })).toBeNull()
  })

  it('videos are listed newest first, by object and by scope', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    for (const object of ['a.mp4', 'b.mp4', 'c.mp4']) await storeVideo(test.db, dnaDbId, { object })
    const page = await listVideos(test.db, { dnaDbId, pageSize: 2 })
    expect(page).toMatchObject({ total: 3, items: [{ object: 'c.mp4' }, { object: 'b.mp4' }] })
    expect((await listVideos(test.db, { dnaDbId, object: 'b.mp4' })).total).toBe(1)
    expect((await listVideos(test.db, { dnaDbId, libraries: [] })).total).toBe(0)
    expect((await listVideos(test.db, { dnaDbId, buckets: ['other-1'] })).total).toBe(0)
  })

  it('packed fingerprints are read back byte for byte', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const expected = new Map<string, Uint8Array>()
    for (let index = 0; index < 6; index++) {
      const data = Uint8Array.from({ length: 300_000 }, (_, at) => (at * (index + 3)) & 255)
      const { videoId } = await storeVideo(test.db, dnaDbId, { object: `${index}.mp4`, data })
      expected.set(videoId, data)
    }
    const loaded = await loadFingerprints(test.db, { dnaDbId, videoIds: [...expected.keys(), 'dv0'] })
    expect(loaded.size).toBe(6)
    for (const [videoId, data] of expected) {
      expect(Buffer.compare(loaded.get(videoId)?.data ?? new Uint8Array(), data)).toBe(0)
      expect(loaded.get(videoId)).toMatchObject({ durationSeconds: 10.5, format: 1 })
    }
  })

  it('unpublished fingerprints are discarded or swept, and published ones stay', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const kept = await storeVideo(test.db, dnaDbId)
    const before = await rowsOf('frame_index')
    const [discarded] = [await stage(test.db, dnaDbId), await stage(test.db, dnaDbId)]
    await discardFingerprint(test.db, discarded)
    expect(await sweepOrphanFingerprints(test.db)).toBe(0)
    expect(await sweepOrphanFingerprints(test.db, { olderThanMs: 0 })).toBeGreaterThanOrEqual(1)
    expect(await rowsOf('frame_index')).toBeLessThanOrEqual(before)
    expect((await loadFingerprints(test.db, { dnaDbId, videoIds: [kept.videoId] })).size).toBe(1)
    const late = publishVideo(test.db, publication(dnaDbId, discarded))
    await expect(late).rejects.toMatchObject({ code: 'Conflict' })
  })

  it('an unknown library, or one deleted in the meantime, is a fault', async () => {
    await expect(stage(test.db, 'Db0')).rejects.toMatchObject({ code: 'InvalidArgument' })
    const { dnaDbId } = await newLibrary(test.db)
    const fingerprintId = await stage(test.db, dnaDbId)
    await deleteLibrary(test.db, dnaDbId)
    const late = publishVideo(test.db, publication(dnaDbId, fingerprintId))
    await expect(late).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(
      findCandidates(test.db, { dnaDbId, video: [], audio: [], perHash: 1 }),
    ).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
  })
})
