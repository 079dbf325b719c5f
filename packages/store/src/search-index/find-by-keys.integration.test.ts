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

  test('common keys return at most 300 rows, and do not hide those of the other keys of a frame', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const [common = [], rare = []] = keys(2).map((moment) => moment.keys)
    const everywhere = Array.from({ length: 320 }, (_, i) => ({ timeMs: 2000 * i, keys: [...common] }))
    const last = { timeMs: 700_000, keys: [...rare] }
    await storeVideo(database.db, dnaDbId, { [kind]: [...everywhere, last] })
    const moments = [{ timeMs: 0, keys: [...common, ...absent(21), ...rare] }]
    const hits = await findByKeys(database.db, { dnaDbId, kind, moments })
    expect(hits).toHaveLength(301)
    expect(hits.at(-1)).toMatchObject({ refMs: 700_000, keys: rare })
  })

  test('a query of 120 frames with common keys returns all rows of each', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const same = keys(1)[0]?.keys ?? []
    const everywhere = Array.from({ length: 300 }, (_, i) => ({ timeMs: 2000 * i, keys: [...same] }))
    await storeVideo(database.db, dnaDbId, { [kind]: everywhere })
    const groups = same.flatMap((key) => [key, ...absent(24)])
    const frames = Array.from({ length: 120 }, (_, i) => ({ timeMs: 1000 * i, keys: groups }))
    expect(await findByKeys(database.db, { dnaDbId, kind, moments: frames })).toHaveLength(144_000)
  })
})

/** Keys that no stored moment has. */
function absent(count: number): number[] {
  return Array.from({ length: count }, (_, i) => -1 - i)
}
