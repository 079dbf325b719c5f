import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { deleteLibrary } from '../libraries.ts'
import { keys, newLibrary, stage, storeVideo } from '../samples.fixture.ts'
import { deleteVideo } from '../videos/videos.ts'
import { findByKeys } from './find-by-keys.ts'
import { keyKinds } from './partitions.ts'

const cases = backends.flatMap((backend) => keyKinds.map((kind) => ({ ...backend, kind })))

describe.each(cases)('$kind on $name', ({ open, kind }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('stored frames that share keys with frames of a query are found, until the video is deleted', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const stored = keys(120)
    const { videoId } = await storeVideo(database.db, dnaDbId, { [kind]: stored })
    await storeVideo(database.db, dnaDbId, { object: 'other.mp4', [kind]: keys(120) })
    const [first = [], second = []] = [stored[7]?.keys, stored[100]?.keys]
    const frames = [
      { timeMs: 500, keys: [2 ** 28 - 1, ...first.slice(0, 2)] },
      ...keys(20),
      { timeMs: 900, keys: [...second] },
    ]
    const hits = await findByKeys(database.db, { dnaDbId, kind, moments: frames })
    expect(hits).toEqual([
      { videoId, queryMs: 500, refMs: 14_000, keys: first.slice(0, 2) },
      { videoId, queryMs: 900, refMs: 200_000, keys: second },
    ])
    await deleteVideo(database.db, { dnaDbId, videoId })
    expect(await findByKeys(database.db, { dnaDbId, kind, moments: frames })).toEqual([])
  })

  test('the smallest and the largest integers are found like other keys', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const ends = [-(2 ** 31), 2 ** 31 - 1]
    const { videoId } = await storeVideo(database.db, dnaDbId, {
      [kind]: [{ timeMs: 5, keys: [0, ...ends] }],
    })
    const moments = [{ timeMs: 9, keys: [1, 2 ** 31 - 2, ...ends] }]
    expect(await findByKeys(database.db, { dnaDbId, kind, moments })).toEqual([
      { videoId, queryMs: 9, refMs: 5, keys: ends },
    ])
  })

  test('frames of unpublished fingerprints and of other libraries are not found', async () => {
    const [{ dnaDbId }, other] = [await newLibrary(database.db), await newLibrary(database.db)]
    const frames = keys(3)
    await stage(database.db, dnaDbId, { [kind]: frames })
    await storeVideo(database.db, other.dnaDbId, { [kind]: frames })
    expect(await findByKeys(database.db, { dnaDbId, kind, moments: frames })).toEqual([])
    expect(await findByKeys(database.db, { dnaDbId: other.dnaDbId, kind, moments: frames })).toHaveLength(3)
    expect(await findByKeys(database.db, { dnaDbId, kind, moments: [] })).toEqual([])
    await deleteLibrary(database.db, other.dnaDbId, { force: true })
    await expect(
      findByKeys(database.db, { dnaDbId: other.dnaDbId, kind, moments: frames }),
    ).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
  })

  test('a frame of a query returns at most 2,000 rows', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const same = keys(1)[0]?.keys ?? []
    const everywhere = Array.from({ length: 2100 }, (_, i) => ({ timeMs: 2000 * i, keys: [...same] }))
    await storeVideo(database.db, dnaDbId, { [kind]: everywhere })
    const frames = [{ timeMs: 0, keys: same }]
    expect(await findByKeys(database.db, { dnaDbId, kind, moments: frames })).toHaveLength(2000)
  })

  test('a query of 80 frames with common keys returns all rows of each', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const same = keys(1)[0]?.keys ?? []
    const everywhere = Array.from({ length: 2000 }, (_, i) => ({ timeMs: 2000 * i, keys: [...same] }))
    await storeVideo(database.db, dnaDbId, { [kind]: everywhere })
    const frames = Array.from({ length: 80 }, (_, i) => ({ timeMs: 1000 * i, keys: same }))
    expect(await findByKeys(database.db, { dnaDbId, kind, moments: frames })).toHaveLength(160_000)
  })
})
