import { afterAll, expect, test } from 'vitest'
import { matchFiles, openFootageFolder } from './footage.fixture.ts'

const videos = openFootageFolder()
afterAll(videos.close)

const SLOW = 300_000
function film() {
  return videos.render('film', { seed: 81, seconds: 30, output: ['-ac', '2'] })
}
/** A different picture with 14 s of the film's sound, starting at 9 s, encoded with the options. */
async function dubbed(name: string, ...sound: string[]): Promise<string> {
  const picture = await videos.render(`${name}-picture`, { seed: 82, seconds: 14, sound: 'none' })
  const part = await videos.copy(`${name}-part`, await film(), '-ss', '9', '-t', '14')
  return videos.dub(name, picture, part, '-c:a', 'aac', ...sound)
}

test(
  'sound that is delayed by 2 s does not hide the picture',
  async () => {
    const original = await film()
    const late = await videos.copy('late', original, '-ss', '5', '-t', '16', '-af', 'adelay=2000:all=1')
    const { accepted, segments } = await matchFiles(late, original)
    expect(accepted).toBe(true)
    const pictures = segments.filter(({ kind }) => kind !== 'audio')
    expect(pictures).toHaveLength(1)
    expect(Math.abs((pictures[0]?.refStart ?? 0) - (pictures[0]?.queryStart ?? 0) - 5)).toBeLessThan(0.3)
    expect((pictures[0]?.queryEnd ?? 0) - (pictures[0]?.queryStart ?? 0)).toBeGreaterThan(15)
  },
  SLOW,
)

test(
  'a silent copy is found by picture alone',
  async () => {
    const original = await film()
    const silent = await videos.copy('silent', original, '-ss', '5', '-t', '12', '-af', 'volume=0')
    const match = await matchFiles(silent, original)
    expect(match).toMatchObject({ accepted: true, audioSimilar: 0 })
    expect(match.segments.map(({ kind }) => kind)).toEqual(['video'])
  },
  SLOW,
)

test(
  'silence is not a copy of silence',
  async () => {
    const first = await videos.render('silent-1', { seed: 83, seconds: 20, sound: 'silence' })
    const second = await videos.render('silent-2', { seed: 84, seconds: 20, sound: 'silence' })
    expect(await matchFiles(first, second)).toMatchObject({ accepted: false, audioSimilar: 0 })
  },
  SLOW,
)

for (const [name, ...options] of [
  ['mono', '-ac', '1'],
  ['8 kHz', '-ac', '1', '-ar', '8000'],
] as const)
  test(
    `sound in ${name} is found under a different picture`,
    async () => {
      const match = await matchFiles(await dubbed('dub', ...options), await film())
      expect(match).toMatchObject({ accepted: true, similar: 0 })
      expect(match.segments.map(({ kind }) => kind)).toEqual(['audio'])
      expect(Math.abs((match.segments[0]?.refStart ?? 0) - 9)).toBeLessThan(0.5)
      expect(match.queryCoverage).toBeGreaterThan(0.9)
    },
    SLOW,
  )
