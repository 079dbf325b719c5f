import { longKeyOf } from '@kinoprint/dna'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { hashes, newLibrary, storeVideo, withNoise } from '../samples.fixture.ts'
import { findCandidates } from './find-candidates.ts'
import { lengthenIndexes } from './lengthen-index.ts'

describe.each(backends)('long keys on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  test('a library over the limit gets an index over long keys, which searches use, and a smaller one does not', async () => {
    const { pool } = database.db
    const [{ dnaDbId }, small] = [await newLibrary(database.db), await newLibrary(database.db)]
    const stored = { video: hashes(600), audio: hashes(600) }
    await storeVideo(database.db, dnaDbId, stored)
    await storeVideo(database.db, small.dnaDbId, { video: hashes(20), audio: hashes(20) })
    const search = {
      dnaDbId,
      video: stored.video.slice(0, 20).map(({ timeMs, hash }) => ({ timeMs, hash: withNoise(hash, 4) })),
      audio: stored.audio.slice(0, 4),
      perHash: 3,
      minIndexedRows: 100,
      // As many bits as for billions of rows.
      rowsPerBucket: 2 ** -18,
    }
    const before = await findCandidates(database.db, search)
    const built = await lengthenIndexes(database.db, { minRows: 500 })
    expect(built.map((index) => [index.dnaDbId, index.kind, index.shard])).toEqual([
      [dnaDbId, 'video', null],
      [dnaDbId, 'audio', null],
    ])
    expect(await lengthenIndexes(database.db, { minRows: 500 })).toEqual([])
    const after = await findCandidates(database.db, search)
    expect(after.length).toBeGreaterThan(15)
    expect(before).toEqual(expect.arrayContaining(after))
    const { rows } = await pool.query<{ number: number }>(
      'select number from libraries where dna_db_id = $1',
      [dnaDbId],
    )
    const number = rows[0]?.number ?? 0
    await pool.query('select pg_stat_force_next_flush()')
    const scans = async (): Promise<number> => {
      const used = await pool.query<{ scans: number }>(
        'select idx_scan::int as scans from pg_stat_user_indexes where indexrelname = $1',
        [`frame_index_${number}_long`],
      )
      return used.rows[0]?.scans ?? 0
    }
    // Each of the 20 hashes probes 128 buckets.
    await expect.poll(scans).toBe(20 * 128)
    // What a build that broke off leaves.
    await pool.query(
      `update pg_index set indisvalid = false where indexrelid = 'frame_index_${number}_long'::regclass`,
    )
    expect(await findCandidates(database.db, search)).toEqual(before)
    expect((await lengthenIndexes(database.db, { minRows: 500 })).map(({ kind }) => kind)).toEqual(['video'])
    expect(await findCandidates(database.db, search)).toEqual(after)
  })

  test.each([
    ['video', 'frame_long_key'],
    ['audio', 'audio_long_key'],
  ] as const)('the database computes the same long keys of %s as a search', async (kind, name) => {
    const stored = hashes(20).map(({ hash }) => hash)
    const bits = stored.map((hash) => [...hash].map((word) => word.toString(2).padStart(32, '0')).join(''))
    const { rows } = await database.db.pool.query<{ key: number }>(
      `select ${name}(h) as key from unnest($1::bit(256)[]) with ordinality as given (h, n) order by n`,
      [bits],
    )
    expect(rows.map(({ key }) => key)).toEqual(stored.map((hash) => longKeyOf(kind, hash)))
  })
})
