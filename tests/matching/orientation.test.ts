import { afterAll, beforeAll, expect, test } from 'vitest'
import { matchFiles, openFootageFolder } from './footage.fixture.ts'

const videos = openFootageFolder()
afterAll(videos.close)
let film: string

const SLOW = 240_000
beforeAll(async () => {
  film = await videos.render('film', { seed: 91, seconds: 16, sound: 'none' })
}, SLOW)
const plain = { mirrored: false, turn: 0, reversed: false }

test.each([
  { name: 'turned clockwise', filter: 'transpose=1', laid: { turn: 90 } },
  { name: 'turned anticlockwise', filter: 'transpose=2', laid: { turn: 270 } },
  { name: 'turned by half', filter: 'hflip,vflip', laid: { turn: 180 } },
  { name: 'upside down', filter: 'vflip', laid: { mirrored: true, turn: 180 } },
  { name: 'mirrored', filter: 'hflip', laid: { mirrored: true } },
  { name: 'backwards', filter: 'reverse', laid: { reversed: true } },
])(
  'a copy that is $name is found with its orientation',
  async ({ name, filter, laid }) => {
    const copy = await videos.copy(name, film, '-ss', '4', '-t', '8', '-vf', filter)
    const { accepted, segments } = await matchFiles(copy, film)
    expect(accepted).toBe(true)
    expect(segments[0]).toMatchObject({ ...plain, ...laid })
    expect(Math.abs((segments[0]?.refStart ?? 0) - 4)).toBeLessThan(0.6)
    expect(Math.abs((segments[0]?.refEnd ?? 0) - 12)).toBeLessThan(0.6)
  },
  SLOW,
)
