import { afterAll, expect, test } from 'vitest'
import { matchFiles, openStudio } from './footage.fixture.ts'

const studio = openStudio()
afterAll(studio.close)

const SLOW = 240_000

test(
  'two videos that share only an intro match in the intro alone',
  async () => {
    const intro = await studio.render('intro', { seed: 11, seconds: 6 })
    const first = await studio.join('first', intro, await studio.render('body-1', { seed: 12, seconds: 20 }))
    const second = await studio.join(
      'second',
      intro,
      await studio.render('body-2', { seed: 13, seconds: 20 }),
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
  'an excerpt of 3 s is found at its place in 20 minutes',
  async () => {
    const film = await studio.render('long', { seed: 21, seconds: 1200, fps: 6 })
    const excerpt = await studio.copy('excerpt', film, '-ss', '731', '-t', '3', '-vf', 'scale=240:-2')
    const { accepted, segments } = await matchFiles(excerpt, film)
    expect(accepted).toBe(true)
    expect(segments).toHaveLength(1)
    expect(Math.abs((segments[0]?.refStart ?? 0) - 731)).toBeLessThan(0.5)
    expect(Math.abs((segments[0]?.refEnd ?? 0) - 734)).toBeLessThan(0.5)
  },
  SLOW,
)

test(
  'a passage that a video shows three times is found all three times',
  async () => {
    const passage = await studio.render('passage', { seed: 31, seconds: 6 })
    const between = await studio.render('between', { seed: 32, seconds: 9 })
    const after = await studio.render('after', { seed: 33, seconds: 7 })
    const film = await studio.join('thrice', passage, between, passage, after, passage)
    const { accepted, segments } = await matchFiles(passage, film)
    expect(accepted).toBe(true)
    const starts = segments.map(({ refStart }) => Math.round(refStart)).sort((a, b) => a - b)
    expect(starts).toEqual([0, 15, 28])
  },
  SLOW,
)
