import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { deleteLibrary, type Library } from '../libraries.ts'
import { finding, passage, search } from '../matches/matches.fixture.ts'
import { newLibrary, publication, stage } from '../samples.fixture.ts'
import { publishVideo } from '../videos/publish-video.ts'
import { deleteVideo, type Video } from '../videos/videos.ts'
import { previewIgnored } from './apply-to-matches.ts'
import {
  claimIgnoredLookup,
  deleteOldDrafts,
  endIgnoredLookup,
  failIgnoredLookup,
  loadIgnoredStretches,
  releaseIgnoredLookup,
  saveIgnoredRanges,
} from './claim-lookup.ts'
import {
  draftIgnoredPassage,
  getIgnoredPassage,
  ignorePassage,
  listIgnoredPassages,
  listIgnoredPlacements,
  restorePassage,
} from './ignored-passages.ts'
import { suggestIgnoring } from './suggest-passages.ts'

describe.each(backends)('ignored passages on $name', ({ open }) => {
  let database: TestDatabase
  let library: Library
  let a: Video
  let b: Video
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.pool.query('delete from matches')
    await database.db.pool.query('delete from ignored_passages')
    library = await newLibrary(database.db)
    a = await store('a.mp4')
    b = await store('b.mp4')
  })

  const store = async (object: string): Promise<Video> =>
    publishVideo(
      database.db,
      publication(library.dnaDbId, await stage(database.db, library.dnaDbId), {
        object,
        etag: `"${object}"`,
      }),
    )
  const ignore = (changes: Partial<Parameters<typeof ignorePassage>[1]> = {}) =>
    ignorePassage(database.db, {
      ...{ dnaDbId: library.dnaDbId, videoId: a.videoId, start: 0, end: 8, everywhere: false },
      ...{ note: 'ident', by: 'Li', ...changes },
    })
  const draft = (changes: { everywhere?: boolean } = {}) =>
    draftIgnoredPassage(database.db, {
      ...{ dnaDbId: library.dnaDbId, videoId: a.videoId, start: 0, end: 8, everywhere: false, ...changes },
    })
  /** A search that finds the ident of `a` in seconds 10 to 18, and `seconds` of `b` from second 10. */
  const searchBoth = (seconds = 8, etag = '"query"') =>
    search(database.db, {
      dnaDbId: library.dnaDbId,
      etag,
      found: [
        finding(a.videoId, { segments: [passage(10, 8, { refStart: 0 })] }),
        finding(b.videoId, { segments: [passage(10, seconds, { refStart: 0 })] }),
      ],
    })
  const matches = async () =>
    (
      await database.db.pool.query<{ object: string; state: string; ignored: boolean; seconds: number }>(
        `select reference_object as object, state, ignored, similar_seconds as seconds from matches
         order by reference_object, query_etag`,
      )
    ).rows
  const reported = async (seconds?: number) =>
    (await searchBoth(seconds)).result?.detections.map(({ videoId }) => videoId)
  const decide = (state: string) =>
    database.db.pool.query('update matches set state = $1, decided_state = $1, decided_at = now()', [state])

  test('later searches do not report an ignored passage, and keep its match hidden', {
    tags: ['ignored-passage'],
  }, async () => {
    expect(await reported()).toEqual([a.videoId, b.videoId])
    await database.db.pool.query('delete from matches')
    const { ignoredId, state } = await ignore()
    expect(state).toBe('Active')
    expect(await reported()).toEqual([b.videoId])
    expect(await matches()).toMatchObject([
      { object: 'a.mp4', ignored: true, seconds: 0 },
      { object: 'b.mp4', ignored: false, seconds: 8 },
    ])
    expect(await getIgnoredPassage(database.db, { dnaDbId: library.dnaDbId, ignoredId })).toMatchObject({
      ...{ hidden: 1, shortened: 0, alsoIn: 0, by: 'Li', note: 'ident', videoDeleted: false },
    })
  })

  test('a detection keeps what is not ignored, with its own score and coverage', async () => {
    await ignore({ end: 4 })
    const { result } = await search(database.db, {
      dnaDbId: library.dnaDbId,
      found: [finding(a.videoId, { score: 0.99, segments: [passage(0, 10, { refStart: 0, score: 0.9 })] })],
    })
    expect(result?.detections).toMatchObject([
      {
        ...{ score: 0.9, queryCoverage: 0.3, similar: 90 },
        segments: [{ queryStart: 4, queryEnd: 10, refStart: 4, refEnd: 10 }],
      },
    ])
    expect(result?.detections[0]?.segments[0]).not.toHaveProperty('cutFrom')
    expect(result?.detections[0]?.segments[0]).not.toHaveProperty('ignored')
  })

  test('ignoring acts on earlier matches, and restoring gives them back without a search', {
    tags: ['ignored-passage'],
  }, async () => {
    await searchBoth()
    const before = await matches()
    const { ignoredId, hidden } = await ignore()
    expect(hidden).toBe(1)
    expect((await matches()).map(({ ignored }) => ignored)).toEqual([true, false])
    const rule = { dnaDbId: library.dnaDbId, ignoredId, by: 'Li' }
    expect(await restorePassage(database.db, rule)).toBe(true)
    expect(await matches()).toEqual(before)
    expect(await restorePassage(database.db, rule)).toBe(false)
    const { rows } = await database.db.pool.query('select kind, by_name from match_events order by event_id')
    expect(rows.slice(-2)).toEqual([
      { kind: 'ignored', by_name: 'Li' },
      { kind: 'restored', by_name: 'Li' },
    ])
  })

  test('a passage that is ignored everywhere is also ignored in other references of the query', async () => {
    await searchBoth(8)
    await searchBoth(20, '"other query"')
    await ignore({ everywhere: true })
    expect(await matches()).toMatchObject([
      { object: 'a.mp4', ignored: true },
      { object: 'a.mp4', ignored: true },
      { object: 'b.mp4', ignored: false, seconds: 12 },
      { object: 'b.mp4', ignored: true },
    ])
    expect(await reported(8)).toEqual([])
    expect(await reported(20)).toEqual([b.videoId])
  })

  test('a dry run says what would happen, and changes nothing', async () => {
    await searchBoth(8)
    await searchBoth(20, '"other query"')
    const before = await matches()
    const { ignoredId, alsoIn } = await draft({ everywhere: true })
    expect(alsoIn).toBeNull()
    expect(await previewIgnored(database.db, ignoredId)).toEqual({
      hidden: 3,
      shortened: 1,
      confirmedKept: 0,
    })
    expect(await matches()).toEqual(before)
    expect(await reported()).toEqual([a.videoId, b.videoId])
    expect((await draft({ everywhere: true })).ignoredId).toBe(ignoredId)
    const page = { dnaDbId: library.dnaDbId, page: 1, pageSize: 20 }
    expect(await listIgnoredPassages(database.db, page)).toEqual({ items: [], total: 0 })
    expect((await ignore({ everywhere: true })).ignoredId).toBe(ignoredId)
    expect((await listIgnoredPassages(database.db, page)).total).toBe(1)
  })

  test('confirmed matches stay as they are, also when a later search finds them again', {
    tags: ['ignored-passage'],
  }, async () => {
    await searchBoth()
    await decide('confirmed')
    const before = await matches()
    const { ignoredId } = await draft()
    expect(await previewIgnored(database.db, ignoredId)).toEqual({
      hidden: 0,
      shortened: 0,
      confirmedKept: 1,
    })
    await ignore()
    expect(await matches()).toEqual(before)
    expect(await reported()).toEqual([b.videoId])
    expect(await matches()).toEqual(before)
  })

  test('a range is ignored once, is within its video, and needs a video of the library', async () => {
    await ignore()
    await expect(ignore()).rejects.toMatchObject({ code: 'Conflict' })
    await expect(ignore({ everywhere: true })).rejects.toMatchObject({ code: 'Conflict' })
    await expect(ignore({ end: 60 })).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(ignore({ videoId: 'dv0' })).rejects.toMatchObject({ code: 'NotFound' })
    await expect(ignore({ dnaDbId: (await newLibrary(database.db)).dnaDbId })).rejects.toMatchObject({
      code: 'NotFound',
    })
  })

  test('a lookup ignores the passage in the other videos that show it', async () => {
    await searchBoth(20)
    await ignore({ end: 7, everywhere: true })
    const lookup = await claimIgnoredLookup(database.db, { leaseMs: 60_000 })
    expect(lookup).toMatchObject({ videoId: a.videoId, start: 0, end: 7, etag: '"a.mp4"' })
    expect(await claimIgnoredLookup(database.db, { leaseMs: 60_000 })).toBeNull()
    const ignoredId = lookup?.ignoredId ?? ''
    await endIgnoredLookup(database.db, {
      ignoredId,
      fingerprint: Uint8Array.of(1, 2, 3),
      placements: [
        { videoId: a.videoId, start: 0.1, end: 7.1, score: 1 },
        { videoId: b.videoId, start: 8, end: 15, score: 0.8 },
      ],
    })
    const rule = await getIgnoredPassage(database.db, { dnaDbId: library.dnaDbId, ignoredId })
    expect(rule).toMatchObject({ state: 'Active', alsoIn: 1 })
    expect(await listIgnoredPlacements(database.db, ignoredId)).toMatchObject([
      { videoId: b.videoId, object: 'b.mp4', start: 8, end: 15, score: 0.8 },
    ])
    // Seconds 10 to 17 of the query are the ident of a, and 18 to 25 show it in b.
    expect((await matches()).map(({ seconds }) => seconds)).toEqual([0, 5])
    const [stretch] = await loadIgnoredStretches(database.db, library.dnaDbId)
    expect([stretch?.ignoredId, [...(stretch?.data ?? [])]]).toEqual([ignoredId, [1, 2, 3]])
  })

  test('a new video is searched without the passages that it was found to show', async () => {
    const { ignoredId } = await ignore({ everywhere: true })
    await saveIgnoredRanges(database.db, {
      etag: '"c.mp4"',
      ranges: [{ ignoredId, start: 1, end: 9, score: 0.9 }],
    })
    const c = await store('c.mp4')
    const { result } = await search(database.db, {
      dnaDbId: library.dnaDbId,
      found: [finding(c.videoId, { segments: [passage(30, 7, { refStart: 1.5 })] })],
    })
    expect(result?.detections).toEqual([])
  })

  test('a lookup that fails three times is given up, and the passage applies to its own video', async () => {
    const { ignoredId } = await ignore({ everywhere: true })
    const state = async () =>
      (await getIgnoredPassage(database.db, { dnaDbId: library.dnaDbId, ignoredId }))?.state
    await claimIgnoredLookup(database.db, { leaseMs: 60_000 })
    await releaseIgnoredLookup(database.db, ignoredId)
    for (const expected of ['Searching', 'Searching', 'Failed']) {
      await database.db.pool.query('update ignored_passages set lease_until = null')
      expect((await claimIgnoredLookup(database.db, { leaseMs: 60_000 }))?.ignoredId).toBe(ignoredId)
      await failIgnoredLookup(database.db, { ignoredId, final: false })
      expect(await state()).toBe(expected)
    }
    expect(await claimIgnoredLookup(database.db, { leaseMs: 60_000 })).toBeNull()
  })

  test('drafts are deleted after an hour, and rules are kept after their video', async () => {
    await draft({ everywhere: true })
    const { ignoredId } = await ignore({ start: 1 })
    await database.db.pool.query(`update ignored_passages set created_at = now() - interval '2 hours'`)
    await deleteOldDrafts(database.db)
    const { rows } = await database.db.pool.query('select ignored_id as id from ignored_passages')
    expect(rows).toEqual([{ id: ignoredId }])
    await deleteVideo(database.db, { dnaDbId: library.dnaDbId, videoId: a.videoId })
    expect(await getIgnoredPassage(database.db, { dnaDbId: library.dnaDbId, ignoredId })).toMatchObject({
      videoDeleted: true,
      object: 'a.mp4',
    })
    await deleteLibrary(database.db, library.dnaDbId, { force: true })
    expect((await database.db.pool.query('select from ignored_ranges')).rowCount).toBe(0)
  })

  test('passages that stored videos share are suggested until they are ignored', async () => {
    const c = await store('c.mp4')
    const found = (video: Video, refStart: number) =>
      finding(video.videoId, { segments: [passage(2, 7, { refStart })] })
    // Storing b and c has found the same seconds in the earlier videos.
    const { dnaDbId } = library
    await search(database.db, { dnaDbId, object: 'b.mp4', etag: '"b.mp4"', found: [found(a, 1)] })
    await search(database.db, {
      dnaDbId,
      object: 'c.mp4',
      etag: '"c.mp4"',
      found: [found(a, 1), found(b, 2)],
    })
    await searchBoth()
    const [suggestion, ...others] = await suggestIgnoring(database.db, dnaDbId)
    expect(others).toEqual([])
    expect(suggestion).toMatchObject({ videoId: a.videoId, object: 'a.mp4', start: 1, end: 8, videos: 3 })
    expect(suggestion?.positions.map(({ videoId }) => videoId).sort()).toEqual([b.videoId, c.videoId].sort())
    await ignore({ start: 1, everywhere: true })
    expect(await suggestIgnoring(database.db, dnaDbId)).toEqual([])
  })

  test('searches and a new rule at the same time leave no match unmarked', {
    tags: ['ignored-passage'],
  }, async () => {
    await Promise.all([
      ...Array.from({ length: 4 }, (_, n) => searchBoth(8, `"q${n}"`)),
      ignore(),
      ...Array.from({ length: 4 }, (_, n) => searchBoth(8, `"r${n}"`)),
    ])
    const ofA = (await matches()).filter(({ object }) => object === 'a.mp4')
    expect(ofA).toHaveLength(8)
    expect(ofA.every(({ ignored }) => ignored)).toBe(true)
  })
})
