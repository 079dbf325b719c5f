import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { getLibrary } from '../libraries.ts'
import { hashes, newLibrary, stage, storeVideo } from '../samples.fixture.ts'
import { findCandidates } from '../search-index/find-candidates.ts'
import { discardFingerprint } from '../videos/fingerprints.ts'
import { replaceFingerprint } from '../videos/replace-fingerprint.ts'
import { deleteVideo, getVideo } from '../videos/videos.ts'
import {
  countDanglingRows,
  countIndexRows,
  countOrphanFingerprints,
  listWrongTotals,
  recountLibrary,
  removeDanglingRows,
} from './consistency.ts'
import { vacuumEmbedded } from './vacuum.ts'

describe.each(backends)('maintenance on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('a consistent database has no findings', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const { videoId } = await storeVideo(database.db, dnaDbId)
    expect(await countDanglingRows(database.db)).toBe(0)
    expect(await countOrphanFingerprints(database.db, { olderThanMs: 0 })).toBe(0)
    expect(await countIndexRows(database.db, { dnaDbId })).toEqual(
      new Map([[videoId, { hashes: 6, keypoints: 2, landmarks: 2 }]]),
    )
    expect(await listWrongTotals(database.db)).toEqual([])
  })

  test('dangling index rows, orphaned fingerprints and wrong totals are found and repaired', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const { videoId } = await storeVideo(database.db, dnaDbId)
    await stage(database.db, dnaDbId)
    await database.db.pool.query(
      `update frame_index set fingerprint_id = -1 where library_number = (select number from libraries where dna_db_id = $1)`,
      [dnaDbId],
    )
    await database.db.pool.query(
      `delete from audio_index where library_number = (select number from libraries where dna_db_id = $1)`,
      [dnaDbId],
    )
    await database.db.pool.query('update libraries set total_frames = 1 where dna_db_id = $1', [dnaDbId])
    expect(await countOrphanFingerprints(database.db, { olderThanMs: 0 })).toBe(1)
    expect(await countIndexRows(database.db, { dnaDbId, videoIds: [videoId] })).toEqual(
      new Map([[videoId, { hashes: 0, keypoints: 2, landmarks: 2 }]]),
    )
    expect(await countDanglingRows(database.db)).toBe(6)
    expect(await removeDanglingRows(database.db)).toBe(6)
    expect(await countDanglingRows(database.db)).toBe(0)
    expect(await listWrongTotals(database.db)).toEqual([dnaDbId])
    await recountLibrary(database.db, dnaDbId)
    expect(await listWrongTotals(database.db)).toEqual([])
  })

  test('a fingerprint is replaced only if the video still has the same content', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const { videoId, etag } = await storeVideo(database.db, dnaDbId)
    const video = hashes(2)
    const fingerprintId = await stage(database.db, dnaDbId, { video })
    expect(await replaceFingerprint(database.db, { dnaDbId, videoId, etag: '"other"', fingerprintId })).toBe(
      false,
    )
    expect(await replaceFingerprint(database.db, { dnaDbId, videoId, etag, fingerprintId })).toBe(true)
    const hits = await findCandidates(database.db, { dnaDbId, video, audio: [], perHash: 1 })
    expect(hits.map((hit) => [hit.videoId, hit.distance])).toEqual([
      [videoId, 0],
      [videoId, 0],
    ])
    expect(await getVideo(database.db, { dnaDbId, videoId })).toMatchObject({ etag })
    expect(await getLibrary(database.db, dnaDbId)).toMatchObject({ videoCount: 1 })
    await discardFingerprint(database.db, fingerprintId)
    expect(await findCandidates(database.db, { dnaDbId, video, audio: [], perHash: 1 })).toHaveLength(2)
  })

  test('a search finds the remaining video after most index rows were deleted, before and after a vacuum', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const video = hashes(8)
    const kept = await storeVideo(database.db, dnaDbId, { object: 'kept.mp4', video, audio: [] })
    for (let index = 0; index < 8; index++) {
      const near = video.flatMap(({ hash }) => Array.from({ length: 20 }, (_, at) => ({ timeMs: at, hash })))
      const deleted = await storeVideo(database.db, dnaDbId, {
        object: `${index}`,
        video: near,
        audio: [],
      })
      await deleteVideo(database.db, deleted)
    }
    const found = async () => {
      const hits = await findCandidates(database.db, { dnaDbId, video, audio: [], perHash: 1 })
      return hits.map(({ videoId, distance }) => [videoId, distance])
    }
    const expected = video.map(() => [kept.videoId, 0])
    expect(await found()).toEqual(expected)
    await vacuumEmbedded(database.db, { indexes: true })
    expect(await found()).toEqual(expected)
  })
})
