import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { deleteLibrary } from '../libraries.ts'
import { keypoints, newLibrary, stage, storeVideo } from '../samples.fixture.ts'
import { deleteVideo } from '../videos/videos.ts'
import { findByKeypoints } from './find-by-keypoints.ts'

describe.each(backends)('keypoints on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('stored frames that share keys with frames of a query are found, until the video is deleted', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const stored = keypoints(120)
    const { videoId } = await storeVideo(database.db, dnaDbId, { keypoints: stored })
    await storeVideo(database.db, dnaDbId, { object: 'other.mp4', keypoints: keypoints(120) })
    const [first = [], second = []] = [stored[7]?.keys, stored[100]?.keys]
    const frames = [
      { timeMs: 500, keys: [2 ** 28 - 1, ...first.slice(0, 2)] },
      ...keypoints(20),
      { timeMs: 900, keys: [...second] },
    ]
    const hits = await findByKeypoints(database.db, { dnaDbId, frames })
    expect(hits).toEqual([
      { videoId, queryMs: 500, refMs: 14_000, keys: first.slice(0, 2) },
      { videoId, queryMs: 900, refMs: 200_000, keys: second },
    ])
    await deleteVideo(database.db, { dnaDbId, videoId })
    expect(await findByKeypoints(database.db, { dnaDbId, frames })).toEqual([])
  })

  test('frames of unpublished fingerprints and of other libraries are not found', async () => {
    const [{ dnaDbId }, other] = [await newLibrary(database.db), await newLibrary(database.db)]
    const frames = keypoints(3)
    await stage(database.db, dnaDbId, { keypoints: frames })
    await storeVideo(database.db, other.dnaDbId, { keypoints: frames })
    expect(await findByKeypoints(database.db, { dnaDbId, frames })).toEqual([])
    expect(await findByKeypoints(database.db, { dnaDbId: other.dnaDbId, frames })).toHaveLength(3)
    expect(await findByKeypoints(database.db, { dnaDbId, frames: [] })).toEqual([])
    await deleteLibrary(database.db, other.dnaDbId, { force: true })
    await expect(findByKeypoints(database.db, { dnaDbId: other.dnaDbId, frames })).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
  })

  test('a frame of a query returns at most 2,000 rows', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const same = keypoints(1)[0]?.keys ?? []
    const everywhere = Array.from({ length: 2100 }, (_, i) => ({ timeMs: 2000 * i, keys: [...same] }))
    await storeVideo(database.db, dnaDbId, { keypoints: everywhere })
    const frames = [{ timeMs: 0, keys: same }]
    expect(await findByKeypoints(database.db, { dnaDbId, frames })).toHaveLength(2000)
  })

  test('a query of 80 frames with common keys returns all rows of each', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const same = keypoints(1)[0]?.keys ?? []
    const everywhere = Array.from({ length: 2000 }, (_, i) => ({ timeMs: 2000 * i, keys: [...same] }))
    await storeVideo(database.db, dnaDbId, { keypoints: everywhere })
    const frames = Array.from({ length: 80 }, (_, i) => ({ timeMs: 1000 * i, keys: same }))
    expect(await findByKeypoints(database.db, { dnaDbId, frames })).toHaveLength(160_000)
  })
})
