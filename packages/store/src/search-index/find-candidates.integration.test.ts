import { bucketKeyOf, MATCH_THRESHOLDS } from '@kinoprint/dna'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { hashes, newLibrary, randomHash, stage, storeVideo, withNoise } from '../samples.fixture.ts'
import { findCandidates } from './find-candidates.ts'
import { bucketRange, hashesPerStatement, keyBitsFor, nearestNeighbours } from './nearest-neighbours.ts'

describe.each(backends)('candidates on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test.each([
    ['row by row', { minIndexedRows: 1_000 }],
    ['bucket by bucket', { minIndexedRows: 50 }],
  ])('a noisy segment is found among unrelated videos by frames and by audio, %s', async (_, size) => {
    const { dnaDbId } = await newLibrary(database.db)
    const stored = { video: hashes(60), audio: hashes(60, 2_000) }
    const { videoId } = await storeVideo(database.db, dnaDbId, { ...stored, object: 'wanted.mp4' })
    for (let index = 0; index < 3; index++) {
      await storeVideo(database.db, dnaDbId, { object: `${index}.mp4`, video: hashes(60), audio: hashes(60) })
    }
    const video = stored.video
      .slice(10, 20)
      .map(({ timeMs, hash }) => ({ timeMs: timeMs - 40_000, hash: withNoise(hash, 45) }))
    const audio = stored.audio
      .slice(5, 8)
      .map(({ hash }, index) => ({ timeMs: index, hash: withNoise(hash, 60), audioVariant: 2 }))
    const hits = await findCandidates(database.db, { dnaDbId, video, audio, perHash: 3, ...size })
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
    expect(hits.every(({ kind, audioVariant }) => audioVariant === (kind === 'audio' ? 2 : undefined))).toBe(
      true,
    )
    expect(hits.filter(({ kind, distance }) => distance >= MATCH_THRESHOLDS[kind])).toEqual([])
  })

  test('many staged copies do not hide the published one', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const hash = randomHash()
    const copies = Array.from({ length: 40 }, (_, index) => ({ timeMs: index, hash }))
    await stage(database.db, dnaDbId, { video: copies, audio: [] })
    const video = [{ timeMs: 7, hash: withNoise(hash, 3) }]
    const { videoId } = await storeVideo(database.db, dnaDbId, { video, audio: [] })
    const probe = { timeMs: 0, hash }
    const hits = await findCandidates(database.db, { dnaDbId, video: [probe], audio: [], perHash: 5 })
    expect(hits).toEqual([{ videoId, kind: 'video', queryMs: 0, refMs: 7, distance: 3 }])
  })

  test('a search returns nothing from other libraries', async () => {
    const [mine, other] = [await newLibrary(database.db), await newLibrary(database.db)]
    const video = hashes(2)
    await storeVideo(database.db, other.dnaDbId, { video })
    const search = { video, audio: [], perHash: 5 }
    expect(await findCandidates(database.db, { ...search, dnaDbId: mine.dnaDbId })).toEqual([])
    expect(await findCandidates(database.db, { ...search, dnaDbId: other.dnaDbId })).toHaveLength(2)
  })

  test('a small library is compared row by row, a larger one bucket by bucket', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const video = hashes(2_000)
    await storeVideo(database.db, dnaDbId, { video, audio: [] })
    const search = { dnaDbId, video: video.slice(0, 2), audio: [], perHash: 3 }
    expect(await findCandidates(database.db, search)).toHaveLength(2)
    expect(await indexScans(dnaDbId)).toBe(0)
    await findCandidates(database.db, { ...search, minIndexedRows: 1_000 })
    // Each of the two query hashes probes 64 buckets.
    await expect.poll(() => indexScans(dnaDbId), { timeout: 250_000 }).toBe(128)
  })

  /** Number of times that buckets of a library's frames were probed. */
  const indexScans = async (dnaDbId: string): Promise<number> => {
    await database.db.pool.query('select pg_stat_force_next_flush()')
    const { rows } = await database.db.pool.query<{ scans: number }>(
      `select idx_scan::int as scans from pg_stat_user_indexes
       where relname = 'frame_index_' || (select number from libraries where dna_db_id = $1)
         and indexrelname like '%bucket_key%'`,
      [dnaDbId],
    )
    return rows[0]?.scans ?? -1
  }

  test.each(['video', 'audio'] as const)(
    'the database computes the same %s bucket keys as a search',
    async (kind) => {
      const { dnaDbId } = await newLibrary(database.db)
      const stored = hashes(20)
      await storeVideo(database.db, dnaDbId, { video: stored, audio: stored })
      const { rows } = await database.db.pool.query<{ bucketKey: number }>(
        `select bucket_key as "bucketKey" from ${kind === 'video' ? 'frame' : 'audio'}_index i join libraries l on l.number = i.library_number
       where l.dna_db_id = $1 order by time_ms`,
        [dnaDbId],
      )
      expect(rows.map(({ bucketKey }) => bucketKey)).toEqual(
        stored.map(({ hash }) => bucketKeyOf(kind, hash)),
      )
    },
  )

  test('an embedded statement takes fewer query hashes the more rows each is compared with', () => {
    const embedded = { embedded: true }
    const sizes = [100, 625, 2_000, 9_999].map((rows) =>
      hashesPerStatement(embedded, { rows, keyBits: null }),
    )
    expect(sizes).toEqual([64, 64, 20, 4])
    expect(hashesPerStatement(embedded, { rows: 1e6, keyBits: 16 })).toBe(4)
    expect(hashesPerStatement({ embedded: false }, { rows: 1e6, keyBits: 16 })).toBe(64)
  })

  test('buckets are divided as a library grows', () => {
    expect(keyBitsFor(9_999)).toBeNull()
    expect([10_000, 4_000_000, 40_000_000, 4e12].map((rows) => keyBitsFor(rows))).toEqual([9, 18, 21, 24])
    const long = { hasLongKeys: true }
    expect([4_000_000, 4e9, 4e12].map((rows) => keyBitsFor(rows, long))).toEqual([18, 28, 32])
  })

  test('a search probes further buckets only in a library too large for the first ones', () => {
    const first = { further: false }
    expect([5, 9, 18, 21].map((keyBits) => bucketRange(keyBits, first))).toEqual(
      [32, 64, 64, 64].map((to) => ({ from: 0, to })),
    )
    const further = { further: true }
    expect([9, 18, 19, 20, 24].map((keyBits) => bucketRange(keyBits, further).to)).toEqual([
      64, 64, 128, 256, 256,
    ])
    expect(bucketRange(20, further).from).toBe(64)
    expect([first, further].map((which) => bucketRange(28, which))).toEqual([
      { from: 0, to: 128 },
      { from: 128, to: 512 },
    ])
  })

  test('further buckets contain different rows from the first ones', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const video = hashes(60)
    await storeVideo(database.db, dnaDbId, { video, audio: [] })
    const { rows } = await database.db.pool.query<{ number: number }>(
      'select number from libraries where dna_db_id = $1',
      [dnaDbId],
    )
    const hashed = video.map(({ timeMs, hash }, bits) => ({ timeMs, hash: withNoise(hash, bits) }))
    const found = async (from: number, to: number): Promise<string[]> => {
      const query = {
        kind: 'video',
        libraryNumber: rows[0]?.number ?? 0,
        keyBits: 9,
        buckets: { from, to },
        hashes: hashed,
      } as const
      const neighbours = await nearestNeighbours(database.db, query, 10)
      return neighbours.flat().map((row) => `${row.query}: ${row.refMs}`)
    }
    const [first, further, all] = [await found(0, 8), await found(8, 128), await found(0, 128)]
    expect(first.length).toBeGreaterThan(0)
    expect(further.length).toBeGreaterThan(0)
    expect([...first, ...further].sort()).toEqual(all.sort())
    expect(new Set(all).size).toBe(all.length)
  })

  test('a library that repeats the same few frames still returns each of them', async () => {
    const { dnaDbId } = await newLibrary(database.db)
    const video = hashes(8)
    for (let index = 0; index < 8; index++) {
      const hash = video[index]?.hash ?? randomHash()
      const still = Array.from({ length: 120 }, (_, at) => ({ timeMs: at, hash }))
      await storeVideo(database.db, dnaDbId, { object: `${index}.mp4`, video: still, audio: [] })
    }
    const hits = await findCandidates(database.db, { dnaDbId, video, audio: [], perHash: 5 })
    expect(hits.map(({ distance }) => distance)).toEqual(Array.from({ length: 40 }, () => 0))
  })
})
