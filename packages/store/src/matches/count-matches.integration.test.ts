import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import type { Library } from '../libraries.ts'
import { newLibrary, storeVideo } from '../samples.fixture.ts'
import type { Video } from '../videos/videos.ts'
import { countOpenMatches, countVideoMatches } from './count-matches.ts'
import { finding, passage, search } from './matches.fixture.ts'
import { readHeat } from './read-heat.ts'

describe.each(backends)('counting matches on $name', ({ open }) => {
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

  const find = (etag: string, changes: Parameters<typeof finding>[1] = {}) =>
    search(database.db, { dnaDbId: library.dnaDbId, etag, found: [finding(video.videoId, changes)] })
  const setState = (etag: string, state: string) =>
    database.db.pool.query('update matches set state = $1 where query_etag = $2', [state, etag])

  test('the matches of a video are counted without undecided near misses', async () => {
    await find('"1"')
    await find('"2"')
    await setState('"2"', 'dismissed')
    await find('"3"')
    await setState('"3"', 'near')
    const other = await storeVideo(database.db, library.dnaDbId, { object: 'other.mp4' })
    expect(await countVideoMatches(database.db, [other.videoId, video.videoId, 'dvnone'])).toEqual([
      { open: 0, all: 0 },
      { open: 1, all: 2 },
      { open: 0, all: 0 },
    ])
    expect(await countOpenMatches(database.db, ['none', library.dnaDbId])).toEqual([0, 1])
  })

  test('heat counts each open or confirmed match once in each part of the video', async () => {
    // Parts of 10 s each: both passages of the first match touch the second part.
    const first = [passage(0, 9, { refStart: 5, refEnd: 14 }), passage(20, 4, { refStart: 15, refEnd: 19 })]
    await find('"1"', { segments: first })
    await find('"2"', { segments: [passage(0, 10, { refStart: 10, refEnd: 20 })] })
    await setState('"2"', 'confirmed')
    await find('"3"', { segments: [passage(0, 10, { refStart: 10, refEnd: 20 })] })
    await setState('"3"', 'dismissed')
    await find('"4"', {
      segments: [
        passage(0, 1, { refStart: 35, refEnd: 99 }),
        passage(0, 9, { refStart: 0, refEnd: 9, weak: true }),
        passage(0, 9, { refStart: 0, refEnd: 9, ignored: 'ig0' }),
      ],
    })
    const { videoId } = video
    const heat = (columns: number) => readHeat(database.db, { videoId, durationSeconds: 40, columns })
    expect(await heat(4)).toEqual({ counts: [1, 2, 0, 1], matches: 3 })
    expect(await heat(1)).toEqual({ counts: [3], matches: 3 })
  })
})
