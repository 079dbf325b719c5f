import { afterAll, expect, test } from 'vitest'
import { matchFiles, openFootageFolder } from './footage.fixture.ts'

const videos = openFootageFolder()
afterAll(videos.close)

const SLOW = 120_000
function film() {
  return videos.render('film', { seed: 71, seconds: 24, fps: 25, sound: 'none' })
}

for (const rate of ['12', '24000/1001', '50'])
  test(
    `a copy at ${rate} frames per second is found over its whole length`,
    async () => {
      const original = await film()
      const copy = await videos.copy(
        'copy',
        original,
        '-ss',
        '7',
        '-t',
        '12',
        '-vf',
        `fps=${rate},scale=240:-2`,
      )
      const { accepted, segments, queryCoverage } = await matchFiles(copy, original)
      expect(accepted).toBe(true)
      expect(queryCoverage).toBeGreaterThan(0.95)
      expect(segments).toHaveLength(1)
      expect(segments[0]?.speed).toBe(1)
      expect(Math.abs((segments[0]?.refStart ?? 0) - 7)).toBeLessThan(0.3)
      expect(Math.abs((segments[0]?.refEnd ?? 0) - 19)).toBeLessThan(0.3)
    },
    SLOW,
  )

test(
  'a cartoon animated on twos is found at another frame rate and phase',
  async () => {
    const cartoon = { seed: 72, seconds: 24, fps: 12, sound: 'none', output: ['-r', '24'] } as const
    const original = await videos.render('cartoon', cartoon)
    const copy = await videos.copy('toon', original, '-ss', '6.54', '-t', '12', '-vf', 'fps=25,scale=240:-2')
    const { accepted, segments, queryCoverage } = await matchFiles(copy, original)
    expect(accepted).toBe(true)
    expect(queryCoverage).toBeGreaterThan(0.95)
    expect(Math.abs((segments[0]?.refStart ?? 0) - 6.54)).toBeLessThan(0.3)
  },
  SLOW,
)
