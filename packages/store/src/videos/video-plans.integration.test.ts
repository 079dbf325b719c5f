import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { rowsRead } from '../query-plan.fixture.ts'
import { newLibrary } from '../samples.fixture.ts'
import { type VideoFilter, videoOrders, videoStatements } from './video-statements.ts'
import { listVideos } from './videos.ts'

const VIDEOS = 5_000
const SIZE = 10

describe.each(backends)(`lists of ${VIDEOS} videos on $name`, ({ open }) => {
  let database: TestDatabase
  let dnaDbId = ''
  beforeAll(async () => {
    database = await open()
    dnaDbId = (await newLibrary(database.db, { capacity: VIDEOS })).dnaDbId
    await database.db.pool.query(
      `with library as (select number from libraries), created as (
         insert into fingerprints (library_number, format, data)
         select number, 1, '\\x00' from library, generate_series(1, ${VIDEOS}) returning id, library_number
       )
       insert into videos (video_id, library_number, bucket, region, object, etag, duration_seconds, width, height,
         has_audio, frame_count, fingerprint_id, created_at)
       select 'dv' || id, library_number, 'films-125', 'local', 'o' || id, '"1"', id, 1, 1, true, 1, id,
         now() - id * interval '1 second'
       from created`,
    )
    await database.db.pool.query(`update libraries set video_count = ${VIDEOS}`)
    await database.db.pool.query('vacuum analyze videos')
  })
  afterAll(() => database.close())

  const filters: readonly (readonly [string, () => VideoFilter])[] = [
    ['nothing', () => ({})],
    ['library', () => ({ dnaDbId })],
    ['object', () => ({ object: 'o7' })],
    ['library and object', () => ({ dnaDbId, object: 'o7' })],
    ['bucket', () => ({ buckets: ['films-125'] })],
    ...videoOrders.map((order) => [`library in the order ${order}`, () => ({ dnaDbId, order })] as const),
    ['library and sound', () => ({ dnaDbId, hasAudio: true })],
    ['library and length', () => ({ dnaDbId, seconds: { from: 0, to: 4000 } })],
    [
      'library and length in its order',
      () => ({ dnaDbId, seconds: { from: 4000, to: 4500 }, order: 'longest' }),
    ],
  ]

  test.each(filters)('by %s read a page of an index', { tags: ['list-plans'] }, async (_by, filter) => {
    const { page } = videoStatements({ ...filter(), page: 2, pageSize: SIZE })
    const read = await rowsRead(database.db, page, 'videos')
    expect(read).toBeLessThanOrEqual(2 * SIZE)
  })

  test('by library read their total from the library', async () => {
    expect((await listVideos(database.db, { dnaDbId })).total).toBe(VIDEOS)
    expect((await listVideos(database.db, {})).total).toBe(VIDEOS)
    expect((await listVideos(database.db, { libraries: ['none'] })).total).toBe(0)
    expect(videoStatements({ dnaDbId }).total.text).not.toContain('from videos')
  })
})
