import { afterAll, describe, expect, test } from 'vitest'
import { matchFiles, openFootageFolder } from './footage.fixture.ts'

const videos = openFootageFolder()
afterAll(videos.close)

const SLOW = 300_000

describe('a slide show', () => {
  test(
    'is found in a video that shows part of it',
    async () => {
      const show = await videos.render('show', { seed: 41, seconds: 32, picture: 'slides', sound: 'none' })
      const part = await videos.copy('part', show, '-ss', '8', '-t', '16', '-vf', 'scale=240:-2')
      const { accepted, segments, queryCoverage } = await matchFiles(part, show)
      expect(accepted).toBe(true)
      expect(queryCoverage).toBeGreaterThan(0.9)
      expect(Math.abs((segments[0]?.refStart ?? 0) - 8)).toBeLessThan(0.6)
    },
    SLOW,
  )

  test(
    'is not a copy of other slides',
    async () => {
      const show = await videos.render('show-a', { seed: 42, seconds: 24, picture: 'slides', sound: 'none' })
      const other = await videos.render('show-b', { seed: 43, seconds: 24, picture: 'slides', sound: 'none' })
      expect(await matchFiles(show, other)).toMatchObject({ accepted: false })
    },
    SLOW,
  )
})

describe('a black minute', () => {
  const blackMinute = () =>
    videos.render('black', { seed: 1, seconds: 60, picture: 'black', sound: 'silence' })

  test(
    'does not make copies of two videos that share nothing else',
    async () => {
      const black = await blackMinute()
      const before = await videos.render('before', { seed: 51, seconds: 10 })
      const other = await videos.render('other', { seed: 52, seconds: 10 })
      const first = await videos.join('with-black-1', before, black)
      const second = await videos.join('with-black-2', black, other)
      const match = await matchFiles(first, second)
      expect(match.accepted).toBe(false)
      // The scenes may resemble each other weakly, but the black minute of either side is in no segment.
      expect(match.segments.filter(({ queryEnd, refStart }) => queryEnd > 10.5 || refStart < 59.5)).toEqual(
        [],
      )
      expect(await matchFiles(black, first)).toMatchObject({ accepted: false, segments: [] })
    },
    SLOW,
  )

  test(
    'does not hide copies before and after it',
    async () => {
      const black = await blackMinute()
      const before = await videos.render('scene-1', { seed: 53, seconds: 10 })
      const after = await videos.render('scene-2', { seed: 54, seconds: 10 })
      const film = await videos.join('film', before, black, after)
      const copy = await videos.copy('film-copy', film, '-vf', 'scale=240:-2')
      const { accepted, segments } = await matchFiles(copy, film)
      expect(accepted).toBe(true)
      expect(segments.some(({ queryStart }) => queryStart < 1)).toBe(true)
      expect(segments.some(({ queryEnd }) => queryEnd > 79)).toBe(true)
    },
    SLOW,
  )
})

describe('a talking head', () => {
  const onDay = (day: number, seconds = 30) =>
    videos.render(`day-${day}`, { seed: day, scene: 7, seconds, picture: 'scene' })

  test(
    'is found in a copy',
    async () => {
      const film = await onDay(61)
      const copy = await videos.copy('head-copy', film, '-ss', '9', '-t', '12', '-vf', 'scale=240:-2')
      const { accepted, segments } = await matchFiles(copy, film)
      expect(accepted).toBe(true)
      expect(Math.abs((segments[0]?.refStart ?? 0) - 9)).toBeLessThan(0.5)
    },
    SLOW,
  )

  test(
    'is not a copy of the same speaker in the same setting on another day',
    async () => {
      const [monday, tuesday] = [await onDay(62), await onDay(63)]
      expect(await matchFiles(monday, tuesday)).toMatchObject({ accepted: false })
    },
    SLOW,
  )
})
