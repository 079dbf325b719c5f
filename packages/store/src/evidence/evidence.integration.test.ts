import { gzipSync } from 'node:zlib'
import { collectEvidence, encodeFingerprint, matchFingerprints } from '@kinoprint/dna'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fingerprintOf, footage, splice } from '../../../dna/testing/synthetic-fingerprint.ts'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { finding, search } from '../matches/matches.fixture.ts'
import { newLibrary, storeVideo } from '../samples.fixture.ts'
import { deleteVideo } from '../videos/videos.ts'
import { emptyDots } from './evidence.fixture.ts'
import { evidenceJson, readEvidence } from './match-evidence.ts'
import {
  keepQueryFingerprint,
  purgeQueryFingerprints,
  type QueryFingerprint,
  readQueryFingerprint,
  searchedContentOf,
} from './query-fingerprints.ts'
import { readZoomedDots } from './zoomed-dots.ts'

const query: QueryFingerprint = {
  etag: '"q"',
  storeDetail: 'full',
  data: Uint8Array.of(1, 2, 3),
  durationSeconds: 12.5,
  width: 640,
  height: 360,
  hasAudio: true,
}

describe.each(backends)('evidence on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  async function searchWith(evidence: unknown, dnaDbId?: string) {
    const { db } = database
    const library = dnaDbId ?? (await newLibrary(db)).dnaDbId
    const video = dnaDbId ? null : await storeVideo(db, library)
    const { rows } = await db.pool.query<{ videoId: string }>(
      `select v.video_id as "videoId" from videos v join libraries l on l.number = v.library_number
       where l.dna_db_id = $1`,
      [library],
    )
    const videoId = video?.videoId ?? rows[0]?.videoId ?? ''
    const data = evidence === null ? null : gzipSync(JSON.stringify(evidence))
    const { result } = await search(db, { dnaDbId: library, found: [finding(videoId, { evidence: data })] })
    return { dnaDbId: library, matchId: result?.detections[0]?.matchId ?? '' }
  }

  async function read(matchId: string): Promise<unknown> {
    const stored = await readEvidence(database.db, matchId)
    return stored ? JSON.parse(await evidenceJson(stored)) : stored
  }

  test('evidence is written with its match, and a later search replaces it', async () => {
    const { dnaDbId, matchId } = await searchWith({ version: 1 })
    expect(await read(matchId)).toEqual({ version: 1 })
    expect(await searchWith({ version: 1, reduced: true }, dnaDbId)).toEqual({ dnaDbId, matchId })
    expect(await read(matchId)).toEqual({ version: 1, reduced: true })
  })

  test('dots of a window are computed from both fingerprints, and cut from the stored ones if one is missing', async () => {
    const { db } = database
    const film = footage(5, 20)
    const [copy, original] = [splice(footage(6, 280), film), splice(film, footage(7, 280))].map((shots) =>
      fingerprintOf(shots),
    )
    if (copy === undefined || original === undefined) throw new Error('There are no fingerprints.')
    const match = matchFingerprints(copy, original)
    const evidence = collectEvidence({ query: copy, ref: original, match, decoded: null, whyNot: null })
    const { dnaDbId } = await newLibrary(db)
    const { videoId } = await storeVideo(db, dnaDbId, { data: encodeFingerprint(original) })
    const data = gzipSync(JSON.stringify(evidence))
    const found = [finding(videoId, { evidence: data, segments: match.segments })]
    const { result } = await search(db, { dnaDbId, etag: '"zoomed"', found })
    const matchId = result?.detections[0]?.matchId ?? ''
    const stored = await readEvidence(db, matchId)
    if (!stored) throw new Error('The evidence is not stored.')
    const zoom = () => readZoomedDots(db, { matchId, stored }, { from: 280, to: 300, refFrom: 0, refTo: 20 })
    const cut = await zoom()
    expect(cut).toMatchObject({ source: 'evidence', columns: 35, rows: 35 })
    await keepQueryFingerprint(db, { ...query, etag: '"zoomed"', data: encodeFingerprint(copy) })
    const computed = await zoom()
    const seconds = { queryStart: 280, queryEnd: 300, refStart: 0, refEnd: 20 }
    expect(computed).toMatchObject({ source: 'fingerprints', columns: 160, rows: 160, ...seconds })
    expect(computed.picture.length).toBeGreaterThan(cut.picture.length)
    await keepQueryFingerprint(db, { ...query, etag: '"zoomed"' })
    expect(await zoom()).toEqual(cut)
    await keepQueryFingerprint(db, { ...query, etag: '"zoomed"', data: encodeFingerprint(copy) })
    await deleteVideo(db, { dnaDbId, videoId })
    expect(await zoom()).toEqual(cut)
  })

  test('a later search without evidence deletes what is out of date', async () => {
    const { dnaDbId, matchId } = await searchWith({ version: 1 })
    await searchWith(null, dnaDbId)
    expect(await read(matchId)).toBeNull()
  })

  test('evidence goes with its match, and an unknown match is not one without evidence', async () => {
    const { matchId } = await searchWith({ version: 1 })
    await database.db.pool.query('delete from matches where match_id = $1', [matchId])
    const left = await database.db.pool.query('select from match_evidence where match_id = $1', [matchId])
    expect(left.rowCount).toBe(0)
    expect(await read(matchId)).toBeUndefined()
  })

  test('a range cuts the dots and leaves the rest as it was written', async () => {
    const { matchId } = await searchWith({ version: 1, dots: emptyDots })
    const stored = await readEvidence(database.db, matchId)
    if (!stored) throw new Error('No evidence.')
    const cut = JSON.parse(await evidenceJson(stored, { from: 5, to: 10 }))
    expect(cut).toMatchObject({ version: 1, dots: { columns: 5, queryStart: 5, queryEnd: 10 } })
  })

  test('the fingerprint of a query is kept by its content, and the VideoId of its search leads to it', async () => {
    const { db } = database
    await keepQueryFingerprint(db, query)
    expect(await readQueryFingerprint(db, '"q"')).toMatchObject({ ...query, data: Buffer.from([1, 2, 3]) })
    expect(await readQueryFingerprint(db, '"other"')).toBeNull()
    const { dnaDbId } = await newLibrary(db)
    const { jobId } = await search(db, { dnaDbId, etag: '"q"', found: [] })
    expect(await searchedContentOf(db, `dv${jobId.slice(1)}`)).toBe('"q"')
    expect(await searchedContentOf(db, 'dvother')).toBeNull()
  })

  test('keyframes of a query do not replace the fingerprint of its whole file', async () => {
    const { db } = database
    const etag = '"detail"'
    const keyframes = { ...query, etag, storeDetail: 'keyframes', data: Uint8Array.of(9) } as const
    await keepQueryFingerprint(db, keyframes)
    await keepQueryFingerprint(db, { ...query, etag })
    await keepQueryFingerprint(db, keyframes)
    expect(await readQueryFingerprint(db, etag)).toMatchObject({
      storeDetail: 'full',
      data: Buffer.from([1, 2, 3]),
    })
  })

  test('a fingerprint of an older format is not read, and a newer one replaces it', async () => {
    const { db } = database
    const etag = '"old"'
    await keepQueryFingerprint(db, { ...query, etag })
    await db.pool.query('update query_fingerprints set format = 0 where etag = $1', [etag])
    expect(await readQueryFingerprint(db, etag)).toBeNull()
    await keepQueryFingerprint(db, { ...query, etag, storeDetail: 'keyframes', data: Uint8Array.of(7) })
    expect(await readQueryFingerprint(db, etag)).toMatchObject({ storeDetail: 'keyframes' })
  })

  test('fingerprints of queries are deleted some days after their last search', async () => {
    const { db } = database
    await db.pool.query('delete from query_fingerprints')
    const age = (etag: string, days: number) =>
      db.pool.query(
        `update query_fingerprints set searched_at = clock_timestamp() - $2 * interval '1 day' where etag = $1`,
        [etag, days],
      )
    for (const etag of ['"new"', '"old"', '"searched again"'])
      await keepQueryFingerprint(db, { ...query, etag })
    await age('"old"', 31)
    await age('"searched again"', 31)
    await keepQueryFingerprint(db, { ...query, etag: '"searched again"' })
    expect(await purgeQueryFingerprints(db, { olderThanDays: 30 })).toBe(1)
    expect(await readQueryFingerprint(db, '"old"')).toBeNull()
    expect(await readQueryFingerprint(db, '"searched again"')).not.toBeNull()
    expect(await purgeQueryFingerprints(db, { olderThanDays: 0 })).toBe(2)
  })
})
