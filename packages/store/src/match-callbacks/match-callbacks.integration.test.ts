import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { dueDeliveries, finishDelivery } from '../deliveries/deliveries.ts'
import { ignorePassage } from '../ignored-passages/ignored-passages.ts'
import { deleteLibrary, type Library, updateLibrary } from '../libraries.ts'
import { finding, passage, search } from '../matches/matches.fixture.ts'
import { newLibrary, storeVideo } from '../samples.fixture.ts'
import { deleteVideo, type Video } from '../videos/videos.ts'
import {
  deleteMatchCallback,
  getMatchCallback,
  isMatchDelivery,
  listMatchDeliveries,
  type MatchCallback,
  purgeMatchDeliveries,
  setMatchCallback,
} from './match-callbacks.ts'
import { readLibraryMessage } from './read-library-event.ts'
import { readMatchMessage } from './read-match-event.ts'

const both: MatchCallback = {
  url: 'https://hooks.test:8443/matches?x=1',
  events: ['MatchFound', 'MatchDecided'],
  secretId: null,
}

describe.each(backends)('callbacks about matches on $name', ({ open }) => {
  let database: TestDatabase
  let library: Library
  let video: Video
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.pool.query('delete from matches')
    library = await newLibrary(database.db)
    video = await storeVideo(database.db, library.dnaDbId)
  })

  const set = (callback: MatchCallback) => setMatchCallback(database.db, library.dnaDbId, callback)
  const deliveries = async () =>
    (await listMatchDeliveries(database.db, { dnaDbId: library.dnaDbId, page: 1, pageSize: 100 })).items
  const messages = async () =>
    Promise.all(
      (await deliveries())
        .toReversed()
        .map(async ({ matchEventId }) => (await readMatchMessage(database.db, matchEventId ?? 0))?.message),
    )
  const find = (etag = '"query"', changes: Parameters<typeof finding>[1] = {}) =>
    search(database.db, { dnaDbId: library.dnaDbId, etag, found: [finding(video.videoId, changes)] })
  const recordDecision = (kind: 'decided' | 'undone', to: string) =>
    database.db.pool.query(
      `insert into match_events (match_id, kind, from_state, to_state, reason, note, by_name)
       select match_id, $1, state, $2, 'licensed', 'a note', 'Li' from matches`,
      [kind, to],
    )

  test('a found match is reported once with its passages, and searching again reports nothing', {
    tags: ['match-callback'],
  }, async () => {
    await set(both)
    const segments = [passage(0, 10), passage(12, 4, { weak: true })]
    const { jobId } = await find('"query"', { segments })
    await find('"query"', { segments })
    expect(await messages()).toEqual([
      {
        event: 'MatchFound',
        eventId: expect.any(Number),
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        library: { dnaDbId: library.dnaDbId, name: library.name },
        decision: null,
        jobId,
        match: expect.objectContaining({
          matchId: expect.stringMatching(/^m/),
          ...{ state: 'open', score: 0.9, similarDuration: 10, changedSinceDecision: false },
          query: expect.objectContaining({ object: 'upload.mp4', etag: '"query"', durationSeconds: 20 }),
          reference: expect.objectContaining({ videoId: video.videoId, object: 'a.mp4' }),
          passages: [expect.objectContaining({ queryStart: 0, queryEnd: 10, kind: 'both', turn: 0 })],
        }),
      },
    ])
    const [delivery] = await deliveries()
    expect(delivery).toMatchObject({
      ...{ jobId: null, type: 'Url', format: 'JSON', url: both.url, status: 'Pending' },
      ...{ host: 'hooks.test:8443', tenant: `${library.dnaDbId} matches` },
    })
  })

  test('near misses and ignored matches are not reported', { tags: ['match-callback'] }, async () => {
    await set(both)
    await find('"near"', { verdict: 'near', score: 0.3 })
    await ignorePassage(database.db, {
      ...{ dnaDbId: library.dnaDbId, videoId: video.videoId, start: 0, end: 5 },
      ...{ everywhere: false, note: null, by: null },
    })
    await find('"ignored"', { segments: [passage(0, 5, { refStart: 0 })] })
    expect(await deliveries()).toEqual([])
    await find('"review"', { verdict: 'review' })
    expect(await deliveries()).toHaveLength(1)
  })

  test('a decision is reported with who made it, and so is taking it back', {
    tags: ['match-callback'],
  }, async () => {
    await find()
    await set(both)
    await recordDecision('decided', 'dismissed')
    await recordDecision('undone', 'open')
    await database.db.pool.query(
      `insert into match_events (match_id, kind) select match_id, 'note' from matches`,
    )
    expect(await messages()).toMatchObject([
      {
        ...{ event: 'MatchDecided', jobId: null },
        decision: { state: 'dismissed', reason: 'licensed', note: 'a note', by: 'Li' },
      },
      { event: 'MatchDecided', decision: { state: 'open' } },
    ])
  })

  test('a library reports only the events that it is set to, and none when it is set to none', async () => {
    expect(await getMatchCallback(database.db, library.dnaDbId)).toBeNull()
    await set({ ...both, events: ['MatchDecided'] })
    await find()
    expect(await deliveries()).toEqual([])
    await set({ ...both, events: ['MatchFound'] })
    await recordDecision('decided', 'confirmed')
    expect(await deliveries()).toEqual([])
    expect(await deleteMatchCallback(database.db, library.dnaDbId)).toBe(true)
    expect(await deleteMatchCallback(database.db, library.dnaDbId)).toBe(false)
    await find('"other"')
    expect(await deliveries()).toEqual([])
    expect(await setMatchCallback(database.db, 'Db0', both)).toBe(false)
  })

  const fullEvents = async () =>
    Promise.all(
      (await deliveries()).toReversed().map(async ({ libraryEventId, matchId }) => {
        expect(matchId).toBeNull()
        return (await readLibraryMessage(database.db, libraryEventId ?? 0))?.message
      }),
    )
  const store = (object: string) => storeVideo(database.db, library.dnaDbId, { object })

  test('a library reports once that it is 90 and 100 percent full, however often a video is replaced', {
    tags: ['library-full'],
  }, async () => {
    await updateLibrary(database.db, library.dnaDbId, { capacity: 10 })
    await set({ ...both, events: ['LibraryFull'] })
    for (let n = 1; n < 9; n++) await store(`${n}.mp4`)
    expect((await fullEvents()).map((event) => event?.event === 'LibraryFull' && event.percent)).toEqual([90])
    await store('9.mp4')
    for (const object of ['9.mp4', '8.mp4']) await store(object)
    const { videoId } = await store('9.mp4')
    await deleteVideo(database.db, { dnaDbId: library.dnaDbId, videoId })
    await store('9.mp4')
    const events = await fullEvents()
    expect(events).toMatchObject([
      { event: 'LibraryFull', percent: 90, videoCount: 9, capacity: 10 },
      {
        ...{ event: 'LibraryFull', percent: 100, videoCount: 10, capacity: 10 },
        library: { dnaDbId: library.dnaDbId, name: library.name },
      },
    ])
    expect(events[1]?.eventId).toBeGreaterThan(events[0]?.eventId ?? 0)
  })

  test('a library that fell ten points below a threshold reports it again, as does one with a lower capacity', {
    tags: ['library-full'],
  }, async () => {
    await set({ ...both, events: ['LibraryFull'] })
    const percents = async () =>
      (await fullEvents()).map((event) => event?.event === 'LibraryFull' && event.percent)
    await updateLibrary(database.db, library.dnaDbId, { capacity: 1 })
    expect(await percents()).toEqual([100])
    await store('a.mp4')
    expect(await percents()).toEqual([100])
    await updateLibrary(database.db, library.dnaDbId, { capacity: 2 })
    await store('second.mp4')
    expect(await percents()).toEqual([100, 100])
    await set({ ...both, events: ['MatchFound'] })
    await updateLibrary(database.db, library.dnaDbId, { capacity: 100 })
    await updateLibrary(database.db, library.dnaDbId, { capacity: 2 })
    expect(await percents()).toEqual([100, 100])
  })

  test('old callbacks are purged once they have ended, and all go with the matches of a library', async () => {
    await set(both)
    await find()
    await find('"other"')
    const [due] = await dueDeliveries(database.db, { limit: 1, leaseMs: 60_000 })
    const { deliveryId = 0, attempts: attempt = 0 } = due ?? {}
    await finishDelivery(database.db, { deliveryId, attempt, delivered: true })
    const purge = () => purgeMatchDeliveries(database.db, { olderThanDays: 30 })
    expect(await purge()).toBe(0)
    await database.db.pool.query(`update deliveries set created_at = now() - interval '31 days'`)
    expect(await purge()).toBe(1)
    const [left] = await deliveries()
    const other = await newLibrary(database.db)
    const isOf = (dnaDbId: string) =>
      isMatchDelivery(database.db, { dnaDbId, deliveryId: left?.deliveryId ?? 0 })
    expect([await isOf(library.dnaDbId), await isOf(other.dnaDbId)]).toEqual([true, false])
    await deleteLibrary(database.db, library.dnaDbId, { force: true })
    expect(await readMatchMessage(database.db, left?.matchEventId ?? 0)).toBeNull()
  })
})
