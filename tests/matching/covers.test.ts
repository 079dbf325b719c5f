import { afterAll, expect, test } from 'vitest'
import { matchFiles, openStudio } from './footage.fixture.ts'

const studio = openStudio()
afterAll(studio.close)

const SLOW = 300_000
/** One still picture, always the same, over the tune of a seed. */
async function song(name: string, tune: number): Promise<string> {
  const slide = await studio.render(`${name}-slide`, {
    seed: 71,
    seconds: 1,
    picture: 'slides',
    sound: 'none',
  })
  const still = await studio.copy(`${name}-still`, slide, '-vf', 'tpad=stop_mode=clone:stop_duration=15')
  return studio.dub(
    name,
    still,
    await studio.render(`${name}-tune`, { seed: tune, seconds: 16, picture: 'none' }),
  )
}

test(
  'a cover under another song is no copy, under the same song it is one',
  async () => {
    const first = await song('first', 72)
    expect(await matchFiles(first, await song('second', 73))).toMatchObject({ accepted: false })
    const again = await studio.copy('again', first, '-c:a', 'aac', '-b:a', '48k')
    const same = await matchFiles(again, first)
    expect(same.accepted).toBe(true)
    expect(same.segments.map(({ kind }) => kind)).not.toContain('video')
  },
  SLOW,
)
