import { afterAll, expect, test } from 'vitest'
import { matchFiles, openFootageFolder } from './footage.fixture.ts'

const videos = openFootageFolder()
afterAll(videos.close)

const SLOW = 240_000

test(
  'two videos with the same intro match only in the intro',
  async () => {
    const intro = await videos.render('intro', { seed: 11, seconds: 6 })
    const first = await videos.join('first', intro, await videos.render('body-1', { seed: 12, seconds: 20 }))
    const second = await videos.join(
      'second',
      intro,
      await videos.render('body-2', { seed: 13, seconds: 20 }),
    )
    const { accepted, segments } = await matchFiles(first, second)
    expect(accepted).toBe(true)
    expect(segments).toHaveLength(1)
    expect(segments[0]?.queryStart).toBeLessThan(0.5)
    expect(segments[0]?.refStart).toBeLessThan(0.5)
    expect(Math.abs((segments[0]?.queryEnd ?? 0) - 6)).toBeLessThan(0.5)
    expect(Math.abs((segments[0]?.refEnd ?? 0) - 6)).toBeLessThan(0.5)
  },
  SLOW,
)

test(
  'an excerpt of 3 s is found at the right time in a video of 20 min',
  async () => {
    const film = await videos.render('long', { seed: 21, seconds: 1200, fps: 6 })
    const excerpt = await videos.copy('excerpt', film, '-ss', '731', '-t', '3', '-vf', 'scale=240:-2')
    const { accepted, segments } = await matchFiles(excerpt, film)
    expect(accepted).toBe(true)
    expect(segments).toHaveLength(1)
    expect(Math.abs((segments[0]?.refStart ?? 0) - 731)).toBeLessThan(0.5)
    expect(Math.abs((segments[0]?.refEnd ?? 0) - 734)).toBeLessThan(0.5)
  },
  SLOW,
)

test(
  'a passage that occurs three times in a video is found three times',
  async () => {
    const passage = await videos.render('passage', { seed: 31, seconds: 6 })
    const between = await videos.render('between', { seed: 32, seconds: 9 })
    const after = await videos.render('after', { seed: 33, seconds: 7 })
    const film = await videos.join('thrice', passage, between, passage, after, passage)
    const { accepted, segments } = await matchFiles(passage, film)
    expect(accepted).toBe(true)
    const starts = segments.map(({ refStart }) => Math.round(refStart)).sort((a, b) => a - b)
    expect(starts).toEqual([0, 15, 28])
  },
  SLOW,
)
