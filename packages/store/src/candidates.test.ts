import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCandidates } from './candidates.ts'
import { backends, type TestDatabase } from './databases.fixture.ts'
import { keepNeighbourIndexes } from './neighbour-index.ts'
import { hashes, newLibrary, randomHash, stage, storeVideo, withNoise } from './samples.fixture.ts'

describe.each(backends)('candidates on $name', ({ open }) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.close())

  it.each([
    ['row by row', { leastRows: 1_000 }],
    ['through the index', { leastRows: 50 }],
  ])('finds the passage under noise among unrelated ones, pictures and sound apart, %s', async (_, size) => {
    const { dnaDbId } = await newLibrary(test.db)
    const keyframes = hashes(60)
    const audioWindows = hashes(60, 2_000)
    const { videoId } = await storeVideo(test.db, dnaDbId, { keyframes, audioWindows, object: 'wanted.mp4' })
    for (let index = 0; index < 3; index++) {
      await storeVideo(test.db, dnaDbId, {
        object: `${index}.mp4`,
        keyframes: hashes(60),
        audioWindows: hashes(60),
      })
    }
    await keepNeighbourIndexes(test.db, size)
    const video = keyframes
      .slice(10, 20)
      .map(({ timeMs, hash }) => ({ timeMs: timeMs - 40_000, hash: withNoise(hash, 45) }))
    const audio = audioWindows
      .slice(5, 8)
      .map(({ hash }, index) => ({ timeMs: index, hash: withNoise(hash, 60) }))
    const hits = await findCandidates(test.db, { dnaDbId, video, audio, perProbe: 3 })
    const near = hits.filter(({ distance }) => distance <= 60)
    expect(near.filter(({ kind }) => kind === 'video').map(({ queryMs, refMs }) => refMs - queryMs)).toEqual(
      video.map(() => 40_000),
    )
    expect(
      near.filter(({ kind }) => kind === 'audio').map(({ refMs, distance }) => [refMs, distance]),
    ).toEqual([
      [10_000, 60],
      [12_000, 60],
      [14_000, 60],
    ])
    expect(new Set(near.map((hit) => hit.videoId))).toEqual(new Set([videoId]))
    expect(hits).toHaveLength(13 * 3)
  })

  it('many staged copies do not hide the published one', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const hash = randomHash()
    const copies = Array.from({ length: 40 }, (_, index) => ({ timeMs: index, hash }))
    await stage(test.db, dnaDbId, { keyframes: copies, audioWindows: [] })
    const keyframes = [{ timeMs: 7, hash: withNoise(hash, 3) }]
    const { videoId } = await storeVideo(test.db, dnaDbId, { keyframes, audioWindows: [] })
    const probe = { timeMs: 0, hash }
    const hits = await findCandidates(test.db, { dnaDbId, video: [probe], audio: [], perProbe: 5 })
    expect(hits).toEqual([{ videoId, kind: 'video', queryMs: 0, refMs: 7, distance: 3 }])
  })

  it('another library stays out of sight', async () => {
    const [mine, other] = [await newLibrary(test.db), await newLibrary(test.db)]
    const keyframes = hashes(2)
    await storeVideo(test.db, other.dnaDbId, { keyframes })
    const search = { video: keyframes, audio: [], perProbe: 5 }
    expect(await findCandidates(test.db, { ...search, dnaDbId: mine.dnaDbId })).toEqual([])
    expect(await findCandidates(test.db, { ...search, dnaDbId: other.dnaDbId })).toHaveLength(4)
  })

  it('a small library is compared row by row, a larger one through its index', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    await storeVideo(test.db, dnaDbId, { keyframes: hashes(2_000), audioWindows: [] })
    const search = { dnaDbId, video: hashes(2), audio: [], perProbe: 3 }
    await keepNeighbourIndexes(test.db)
    await findCandidates(test.db, search)
    expect(await indexScans(dnaDbId)).toBe(-1)
    await keepNeighbourIndexes(test.db, { leastRows: 1_000 })
    await findCandidates(test.db, search)
    // Each of the two probes looks through its lists once.
    await expect.poll(() => indexScans(dnaDbId), { timeout: 5_000 }).toBe(2)
  })

  /** How often a library's neighbour index was used; -1 where it has none. */
  const indexScans = async (dnaDbId: string): Promise<number> => {
    await test.db.pool.query('select pg_stat_force_next_flush()')
    const { rows } = await test.db.pool.query<{ scans: number }>(
      `select idx_scan::int as scans from pg_stat_user_indexes
       where relname = 'frame_index_' || (select number from libraries where dna_db_id = $1)
         and indexrelname like '%near%'`,
      [dnaDbId],
    )
    return rows[0]?.scans ?? -1
  }

  it('a library of the same few pictures over and over still gives each of them', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const keyframes = hashes(8)
    for (let index = 0; index < 8; index++) {
      const hash = keyframes[index]?.hash ?? randomHash()
      const still = Array.from({ length: 120 }, (_, at) => ({ timeMs: at, hash }))
      await storeVideo(test.db, dnaDbId, { object: `${index}.mp4`, keyframes: still, audioWindows: [] })
    }
    const hits = await findCandidates(test.db, { dnaDbId, video: keyframes, audio: [], perProbe: 5 })
    expect(hits.map(({ distance }) => distance)).toEqual(Array.from({ length: 40 }, () => 0))
  })
})
