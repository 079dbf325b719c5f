import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { newLibrary, storeVideo } from '../samples.fixture.ts'
import { finding, passage, search } from './matches.fixture.ts'
import { previewPolicy } from './preview-policy.ts'

describe.each(backends)('the preview of a policy on $name', ({ open }) => {
  let database: TestDatabase
  let dnaDbId: string
  let ids: Record<string, string>
  beforeAll(async () => {
    database = await open()
    const { db } = database
    ;({ dnaDbId } = await newLibrary(db))
    const { videoId } = await storeVideo(db, dnaDbId)
    const found = (query: string, changes: Parameters<typeof finding>[1]) =>
      search(db, { dnaDbId, object: query, etag: `"${query}"`, found: [finding(videoId, changes)] })
    await found('long', { segments: [passage(0, 30)] })
    await found('short', { score: 0.7, segments: [passage(0, 3)] })
    await found('near', { score: 0.3, verdict: 'near', segments: [passage(0, 8)] })
    await found('old', { score: 0.8, segments: [passage(0, 3)] })
    await db.pool.query(
      `update matches set searched_at = searched_at - interval '31 days' where query_object = 'old'`,
    )
    const { rows } = await db.pool.query<{ id: string; name: string }>(
      'select match_id as id, query_object as name from matches where dna_db_id = $1',
      [dnaDbId],
    )
    ids = Object.fromEntries(rows.map(({ id, name }) => [name, id]))
  })
  afterAll(() => database.close())

  test('without changes everything of the last 30 days stays as it is', async () => {
    const counts = { report: 2, review: 0, near: 1, drop: 0 }
    expect(await previewPolicy(database.db, dnaDbId, {})).toMatchObject({
      matches: 3,
      before: counts,
      after: counts,
      confirmedLost: 0,
      changed: [],
    })
  })

  test('changed limits move pairs between the verdicts, the strongest first', async () => {
    await database.db.pool.query(
      `update matches set state = 'confirmed', decided_state = 'confirmed', decided_at = now() where match_id = $1`,
      [ids.short],
    )
    const changes = { minSeconds: 5, reviewFrom: 0.25, keepFrom: 0.2 }
    const preview = await previewPolicy(database.db, dnaDbId, changes)
    expect(preview).toMatchObject({
      before: { report: 2, review: 0, near: 1, drop: 0 },
      after: { report: 1, review: 1, near: 1, drop: 0 },
      confirmedLost: 1,
    })
    expect(preview?.changed).toEqual([
      { matchId: ids.short, object: 'short', score: 0.7, from: 'report', to: 'near' },
      { matchId: ids.near, object: 'near', score: 0.3, from: 'near', to: 'review' },
    ])
    const dropped = await previewPolicy(database.db, dnaDbId, { keepFrom: 0.31, reviewFrom: undefined })
    expect(dropped?.after).toEqual({ report: 2, review: 0, near: 0, drop: 1 })
  })

  test('a policy that contradicts itself is refused, and an unknown library has no preview', async () => {
    const refused = previewPolicy(database.db, dnaDbId, { keepFrom: 0.5 })
    await expect(refused).rejects.toMatchObject({ code: 'InvalidArgument' })
    expect(await previewPolicy(database.db, 'Db0', {})).toBeNull()
  })

  test('all matches are judged when they fill several batches', async () => {
    const { db } = database
    const { dnaDbId: many } = await newLibrary(db)
    const { videoId } = await storeVideo(db, many)
    await search(db, { dnaDbId: many, found: [finding(videoId)] })
    await db.pool.query(
      `insert into matches select (jsonb_populate_record(m, jsonb_build_object(
         'match_id', 'm' || i, 'query_etag', i::text))).* from matches m, generate_series(1, 1500) i
       where m.dna_db_id = $1`,
      [many],
    )
    expect((await previewPolicy(db, many, {}))?.matches).toBe(1501)
  })
})
