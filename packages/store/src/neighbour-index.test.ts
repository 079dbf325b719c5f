import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findCandidates } from './candidates.ts'
import type { Database } from './database.ts'
import { backends, type TestDatabase } from './databases.fixture.ts'
import { keepNeighbourIndexes, listsFor } from './neighbour-index.ts'
import { hashes, newLibrary, storeVideo, withNoise } from './samples.fixture.ts'

/** Lists of each neighbour index of a library's pictures. */
const indexesOf = async ({ pool }: Database, dnaDbId: string): Promise<string[]> => {
  const { rows } = await pool.query<{ name: string }>(
    `select i.indexname as name from pg_indexes i join libraries l on i.tablename = 'frame_index_' || l.number
     where l.dna_db_id = $1 and i.indexdef like '%ivfflat%' order by 1`,
    [dnaDbId],
  )
  return rows.map(({ name }) => name.replace(/^.*_near_/, ''))
}

describe.each(backends)('the neighbour index on $name', ({ open }) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.close())

  it('is made once a library is large enough, and anew when it has grown fourfold', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const grow = (rows: number, object: string) =>
      storeVideo(test.db, dnaDbId, { object, keyframes: hashes(rows), audioWindows: [] })
    const keep = () => keepNeighbourIndexes(test.db, { leastRows: 400 })
    await grow(300, 'a.mp4')
    expect(await keep()).toBe(0)
    expect(await indexesOf(test.db, dnaDbId)).toEqual([])
    await grow(300, 'b.mp4')
    expect(await keep()).toBe(1)
    const [first] = await indexesOf(test.db, dnaDbId)
    await grow(600, 'c.mp4')
    expect(await keep()).toBe(0)
    expect(await indexesOf(test.db, dnaDbId)).toEqual([first])
    await grow(2_400, 'd.mp4')
    expect(await keep()).toBe(1)
    const [second, ...more] = await indexesOf(test.db, dnaDbId)
    expect(more).toEqual([])
    expect(Number(second)).toBeGreaterThanOrEqual(2 * Number(first))
  })

  it('finds what was stored before and after it was made', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    const before = await storeVideo(test.db, dnaDbId, { object: 'a', keyframes: hashes(1_000) })
    await keepNeighbourIndexes(test.db, { leastRows: 500 })
    const keyframes = hashes(4)
    const after = await storeVideo(test.db, dnaDbId, { object: 'b', keyframes })
    const probes = keyframes.map(({ timeMs, hash }) => ({ timeMs, hash: withNoise(hash, 16) }))
    const hits = await findCandidates(test.db, { dnaDbId, video: probes, audio: [], perProbe: 1 })
    expect(before.videoId).not.toBe(after.videoId)
    expect(hits.map(({ videoId, distance }) => [videoId, distance])).toEqual(
      keyframes.map(() => [after.videoId, 16]),
    )
  })

  it('is left to one of several callers', async () => {
    const { dnaDbId } = await newLibrary(test.db)
    await storeVideo(test.db, dnaDbId, { keyframes: hashes(2_000), audioWindows: [] })
    const other = (await test.another?.()) ?? test.db
    await Promise.all([test.db, other, test.db].map((db) => keepNeighbourIndexes(db, { leastRows: 1_500 })))
    await keepNeighbourIndexes(test.db, { leastRows: 1_500 })
    expect(await indexesOf(test.db, dnaDbId)).toHaveLength(1)
    if (other !== test.db) await other.close()
  })
})

describe.each(backends.filter(({ name }) => name === 'a PostgreSQL server'))(
  'making it on $name',
  ({ open }) => {
    let test: TestDatabase
    beforeAll(async () => {
      test = await open()
    })
    afterAll(() => test.close())

    it('gives up at once when it is told to', async () => {
      const { dnaDbId } = await newLibrary(test.db)
      await storeVideo(test.db, dnaDbId, { keyframes: hashes(20_000), audioWindows: [] })
      const stop = new AbortController()
      const keeping = keepNeighbourIndexes(test.db, { leastRows: 15_000, signal: stop.signal })
      await expect.poll(() => indexesOf(test.db, dnaDbId), { interval: 5 }).toHaveLength(1)
      stop.abort()
      await expect(keeping).rejects.toThrow(/cancel/)
      expect(await keepNeighbourIndexes(test.db, { leastRows: 15_000 })).toBe(1)
      expect(await indexesOf(test.db, dnaDbId)).toHaveLength(1)
    })
  },
)

it('has more lists the more rows there are, within what the database can hold in memory', () => {
  expect(listsFor(10_000, { embedded: false })).toBe(160)
  expect(listsFor(1e9, { embedded: false })).toBe(2_000)
  expect(listsFor(1e9, { embedded: true })).toBe(500)
})
