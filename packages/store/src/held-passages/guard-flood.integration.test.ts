import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import {
  getIgnoredPassage,
  listIgnoredPassages,
  restorePassage,
} from '../ignored-passages/ignored-passages.ts'
import { type Library, updateLibrary } from '../libraries.ts'
import { setMatchCallback } from '../match-callbacks/match-callbacks.ts'
import { readLibraryMessage } from '../match-callbacks/read-library-event.ts'
import { finding, passage, search } from '../matches/matches.fixture.ts'
import { newLibrary, publication, stage } from '../samples.fixture.ts'
import { publishVideo } from '../videos/publish-video.ts'
import type { Video } from '../videos/videos.ts'
import { guardAgainstFlood, type NewHeldPassage } from './guard-flood.ts'
import { ignoreHeldPassage, listHeldPassages, releasePassage } from './held-passages.ts'

const LIMITS = { matches: 4, windowSeconds: 600 }

describe.each(backends)('the flood guard on $name', ({ open }) => {
  let database: TestDatabase
  let library: Library
  let ident: Video
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.pool.query('delete from matches')
    await database.db.pool.query('delete from ignored_passages')
    library = await newLibrary(database.db)
    const { dnaDbId } = library
    const staged = await stage(database.db, dnaDbId)
    const video = { object: 'ident.mp4', etag: '"ident"' }
    ident = await publishVideo(database.db, publication(dnaDbId, staged, video))
  })

  /** A search of another content that shows seconds 0 to `seconds` of the ident, then the guard. */
  const copy = async (name: string, { seconds = 8, at = 0, limits = LIMITS } = {}) => {
    const segments = [passage(10, seconds, { refStart: at })]
    const found = [finding(ident.videoId, { segments })]
    const { dnaDbId } = library
    const { jobId, result } = await search(database.db, { dnaDbId, etag: `"${name}"`, found })
    const held = await guardAgainstFlood(database.db, jobId, limits)
    return { held, reported: result?.detections.length, jobId }
  }
  const copies = async (names: string) => {
    const held: NewHeldPassage[] = []
    for (const name of names) held.push(...(await copy(name)).held)
    return held
  }
  const openMatches = async () =>
    (
      await database.db.pool.query<{ etag: string }>(
        `select query_etag as etag from matches where state = 'open' and not ignored order by query_etag`,
      )
    ).rows.map(({ etag }) => etag.replaceAll('"', ''))
  const list = async () => (await listHeldPassages(database.db, { page: 1, pageSize: 20 })).items

  test('as many different copies of an ident as the limit hold it back, and one fewer does not', {
    tags: ['flood-guard'],
  }, async () => {
    expect(await copies('abc')).toEqual([])
    expect(await openMatches()).toEqual(['a', 'b', 'c'])
    const { held } = await copy('d')
    expect(held).toMatchObject([
      { videoId: ident.videoId, object: 'ident.mp4', start: 0, end: 8, matches: 4 },
    ])
    expect(await openMatches()).toEqual([])
    expect(await copy('e')).toMatchObject({ held: [], reported: 0 })
    const [first] = await list()
    expect(first).toMatchObject({ matches: 4, hidden: 5, shortened: 0, libraryName: library.name })
    expect(first?.examples).toHaveLength(5)
  })

  test('repeated searches of the same contents, near misses and other seconds are no flood', {
    tags: ['flood-guard'],
  }, async () => {
    expect(await copies('abcabcabcabc')).toEqual([])
    const near = [finding(ident.videoId, { verdict: 'near', segments: [passage(0, 8, { refStart: 0 })] })]
    for (const etag of ['"n"', '"o"', '"p"']) {
      const { jobId } = await search(database.db, { dnaDbId: library.dnaDbId, etag, found: near })
      expect(await guardAgainstFlood(database.db, jobId, LIMITS)).toEqual([])
    }
    expect((await copy('later', { at: 8.5, seconds: 2 })).held).toEqual([])
    expect(await list()).toEqual([])
  })

  test('confirmed pairs are neither evidence nor held back', { tags: ['flood-guard'] }, async () => {
    await copies('ab')
    await database.db.pool.query(
      `update matches set state = 'confirmed', decided_state = 'confirmed', decided_at = now()`,
    )
    expect(await copies('cde')).toEqual([])
    expect(await copies('f')).toHaveLength(1)
    const { rows } = await database.db.pool.query(
      `select query_etag as etag, ignored from matches where state = 'confirmed' order by 1`,
    )
    expect(rows).toEqual([
      { etag: '"a"', ignored: false },
      { etag: '"b"', ignored: false },
    ])
    expect(await copy('a')).toMatchObject({ held: [], reported: 1 })
    expect(await copy('c')).toMatchObject({ held: [], reported: 0 })
  })

  test('a released passage counts again and does not come back for the same evidence', {
    tags: ['flood-guard'],
  }, async () => {
    const [held] = await copies('abcd')
    const heldId = held?.heldId ?? ''
    expect(await releasePassage(database.db, { heldId, exempt: false, by: 'Li' })).toBe(true)
    expect(await openMatches()).toEqual(['a', 'b', 'c', 'd'])
    expect(await releasePassage(database.db, { heldId, exempt: false, by: 'Li' })).toBe(false)
    expect(await copies('abcdefg')).toEqual([])
    expect(await copies('h')).toMatchObject([{ matches: 4 }])
    const { rows } = await database.db.pool.query(
      `select kind, by_name from match_events join matches using (match_id) where query_etag = '"a"' order by event_id`,
    )
    expect(rows.map(({ kind }) => kind)).toEqual(['found', 'held', 'released', 'held'])
    expect(rows[2]).toMatchObject({ by_name: 'Li' })
  })

  test('an exempt reference, an exempt library and a limit of 0 hold nothing back', async () => {
    const [held] = await copies('abcd')
    await releasePassage(database.db, { heldId: held?.heldId ?? '', exempt: true, by: null })
    expect(await copies('efghij')).toEqual([])
    await database.db.pool.query('delete from flood_releases')
    await updateLibrary(database.db, library.dnaDbId, { floodGuard: false })
    expect(await copies('k')).toEqual([])
    await updateLibrary(database.db, library.dnaDbId, { floodGuard: true })
    expect((await copy('l', { limits: { matches: 0, windowSeconds: 600 } })).held).toEqual([])
    expect(await copies('m')).toHaveLength(1)
  })

  test('matches before the window are no evidence', async () => {
    await copies('abc')
    await database.db.pool.query(`update matches set found_at = found_at - interval '601 seconds'`)
    expect(await copies('def')).toEqual([])
    expect(await copies('g')).toMatchObject([{ matches: 4 }])
  })

  test('concurrent workers hold a passage back once', { tags: ['flood-guard'] }, async () => {
    const jobs = await Promise.all(
      [...'abcdefgh'].map((name) => copy(name, { limits: { ...LIMITS, matches: 99 } })),
    )
    const held = await Promise.all(jobs.map(({ jobId }) => guardAgainstFlood(database.db, jobId, LIMITS)))
    expect(held.flat()).toMatchObject([{ matches: 8 }])
    expect(await list()).toHaveLength(1)
  })

  test('a copy of more than the passage keeps the rest', async () => {
    await copies('abc')
    await copy('long', { seconds: 10.5 })
    const { rows } = await database.db.pool.query(
      `select similar_seconds as seconds, ignored from matches where query_etag = '"long"'`,
    )
    expect(rows).toEqual([{ seconds: 2.5, ignored: false }])
    expect(await list()).toMatchObject([{ start: 0, end: 8, hidden: 3, shortened: 1 }])
  })

  test('a held passage is ignored everywhere on request, and is no ignored passage before', async () => {
    const [held] = await copies('abcd')
    const { heldId = '' } = held ?? {}
    const { dnaDbId } = library
    expect(await getIgnoredPassage(database.db, { dnaDbId, ignoredId: heldId })).toBeNull()
    expect(await restorePassage(database.db, { dnaDbId, ignoredId: heldId, by: null })).toBe(false)
    expect((await listIgnoredPassages(database.db, { dnaDbId, page: 1, pageSize: 9 })).total).toBe(0)
    const ignored = await ignoreHeldPassage(database.db, { heldId, note: 'ident', by: 'Li' })
    expect(ignored).toMatchObject({ start: 0, end: 8, everywhere: true, note: 'ident', by: 'Li' })
    expect(await list()).toEqual([])
    const found = await getIgnoredPassage(database.db, { dnaDbId, ignoredId: ignored?.ignoredId ?? '' })
    expect(found).toMatchObject({ hidden: 4 })
    expect(await ignoreHeldPassage(database.db, { heldId, note: null, by: null })).toBeNull()
  })

  test('a library that asks for it reports a held passage once', async () => {
    const callback = { url: 'https://hooks.test/held', events: ['PassageHeld'], secretId: null } as const
    await setMatchCallback(database.db, library.dnaDbId, callback)
    const [held] = await copies('abcde')
    const { rows } = await database.db.pool.query<{ id: string }>(
      `select library_event_id as id from deliveries where url = 'https://hooks.test/held'`,
    )
    expect(rows).toHaveLength(1)
    const read = await readLibraryMessage(database.db, Number(rows[0]?.id))
    const { heldId, videoId } = held ?? {}
    expect(read?.message).toMatchObject({
      event: 'PassageHeld',
      library: { name: library.name },
      passage: { heldId, videoId, object: 'ident.mp4', start: 0, end: 8, matches: 4, windowSeconds: 600 },
    })
  })
})
