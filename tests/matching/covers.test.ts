import { afterAll, expect, test } from 'vitest'
import { matchFiles, openFootageFolder } from './footage.fixture.ts'

const videos = openFootageFolder()
afterAll(videos.close)

const SLOW = 300_000
/** The same still picture with the tune of a seed. */
async function song(name: string, tune: number): Promise<string> {
  const slide = await videos.render(`${name}-slide`, {
    seed: 71,
    seconds: 1,
    picture: 'slides',
    sound: 'none',
  })
  const still = await videos.copy(`${name}-still`, slide, '-vf', 'tpad=stop_mode=clone:stop_duration=15')
  return videos.dub(
    name,
    still,
    await videos.render(`${name}-tune`, { seed: tune, seconds: 16, picture: 'none' }),
  )
}

test(
  'a cover picture is a copy with the same song, but not with another song',
  async () => {
    const first = await song('first', 72)
    expect(await matchFiles(first, await song('second', 73))).toMatchObject({ accepted: false })
    const again = await videos.copy('again', first, '-c:a', 'aac', '-b:a', '48k')
    const same = await matchFiles(again, first)
    expect(same.accepted).toBe(true)
    expect(same.segments.map(({ kind }) => kind)).not.toContain('video')
  },
  SLOW,
)
