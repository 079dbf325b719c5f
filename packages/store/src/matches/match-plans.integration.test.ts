import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { rowsRead } from '../query-plan.fixture.ts'
import { newLibrary } from '../samples.fixture.ts'
import { countMatches, listMatches, type MatchQuery, matchStatements } from './list-matches.ts'

const MATCHES = 20_000
const SIZE = 20

describe.each(backends)(`lists of ${MATCHES} matches on $name`, ({ open }) => {
  let database: TestDatabase
  let dnaDbId = ''
  beforeAll(async () => {
    database = await open()
    dnaDbId = (await newLibrary(database.db)).dnaDbId
    // A tenth is open, spread over all times. A hundredth is in the library `rare`.
    await database.db.pool.query(
      `insert into matches (match_id, dna_db_id, query_etag, reference_etag, query_bucket, query_object, query_seconds,
         job_id, video_id, reference_bucket, reference_object, reference_seconds, reference_width, reference_height,
         reference_has_audio, score, picture_similar, audio_similar, query_coverage, ref_coverage, similar_seconds,
         has_picture, has_sound, alterations, speed, passage_count, ignored, verdict, state, decided_state, decided_at,
         opened_at)
       select 'm' || n, case when n % 100 = 0 then 'rare' else $1 end, 'q' || n, 'r' || n % 500, 'b', 'upload/' || n,
         30, 'j' || n, 'v' || n % 500, 'b', 'film/' || n % 500, 60, 640, 360, true, (n % 1000) / 1000.0, 90, 90, 0.5,
         0.5, n % 60, true, n % 2 = 0, '{}', 1, 1, false, 'report', case when n % 10 = 0 then 'open' else 'confirmed' end,
         case when n % 10 <> 0 then 'confirmed' end, case when n % 10 <> 0 then now() - n * interval '1 minute' end,
         now() - n * interval '1 minute'
       from generate_series(1, ${MATCHES}) n`,
      [dnaDbId],
    )
    await database.db.pool.query(`insert into match_passages select match_id, '[]' from matches`)
    await database.db.pool.query('vacuum analyze matches, match_passages')
  })
  afterAll(() => database.close())

  const queries: readonly (readonly [string, MatchQuery])[] = [
    ['newest', { state: 'open' }],
    ['oldest', { state: 'open', order: 'oldest' }],
    ['best score', { state: 'open', order: 'score' }],
    ['most seconds', { state: 'open', order: 'seconds' }],
    ['newest decision', { state: 'confirmed', order: 'decided' }],
    ['newest of a rare library', { state: 'open', library: 'rare' }],
  ]

  test.each(queries)('read about a page of an index: %s', { tags: ['list-plans'] }, async (_name, query) => {
    const { page } = matchStatements({ ...query, pageSize: SIZE })
    // The page is read once from the index, and once with its columns.
    expect(await rowsRead(database.db, page, 'matches')).toBeLessThanOrEqual(3 * SIZE)
    expect((await listMatches(database.db, { ...query, pageSize: SIZE })).items).toHaveLength(SIZE)
  })

  test.each(['newest', 'oldest', 'score', 'seconds'] as const)(
    'pages by %s repeat and skip no match',
    async (order) => {
      const seen = new Set<string>()
      for (let page = 1; page <= 20; page++) {
        const { items, total } = await listMatches(database.db, { state: 'open', order, page, pageSize: 100 })
        expect(total).toBe(MATCHES / 10)
        for (const { matchId } of items) seen.add(matchId)
      }
      expect(seen.size).toBe(MATCHES / 10)
    },
  )

  test('counts and groups are exact', async () => {
    const since = new Date(Date.now() - 100.5 * 60_000)
    expect(await countMatches(database.db, { since })).toEqual({
      open: MATCHES / 10,
      confirmed: (MATCHES * 9) / 10,
      dismissed: 0,
      near: 0,
      decided: 90,
    })
    const groups = await listMatches(database.db, { state: 'open', group: 'reference', pageSize: 100 })
    // Open matches rest on every tenth of 500 references.
    expect(groups.total).toBe(50)
    expect(groups.items.reduce((sum, { grouped }) => sum + (grouped ?? 0), 0)).toBe(MATCHES / 10)
  })
})
