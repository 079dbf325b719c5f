import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { linkSpare, moveSpare, type Spare } from './move-spare.ts'

/** A folder on another file system. Where there is none, moves out of `folder` fail as they do between two. */
const otherSystem = ['/dev/shm', '/var/tmp'].find(
  (path) => existsSync(path) && statSync(path).dev !== statSync(tmpdir()).dev,
)

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const rename: typeof real.rename = async (from, to) => {
    if (otherSystem === undefined && String(to).includes('kinoprint-other-'))
      throw Object.assign(new Error('cross-device link not permitted'), { code: 'EXDEV' })
    return real.rename(from, to)
  }
  return { ...real, rename }
})

let folder = ''
let other = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-spare-'))
  other = mkdtempSync(join(otherSystem ?? tmpdir(), 'kinoprint-other-'))
})
afterEach(() => {
  for (const one of [folder, other]) rmSync(one, { recursive: true, force: true })
})
const at = (...parts: string[]): string => join(folder, ...parts)
const act = { dryRun: false, signal: new AbortController().signal }

/** Writes both files and reads them as `duplicates` does. */
function spareOf(bytes: string, keptBytes: string, keepIn = folder): Spare {
  const keep = join(keepIn, 'keep.mp4')
  mkdirSync(at('in/deep'), { recursive: true })
  writeFileSync(at('in/deep/copy.mp4'), bytes)
  writeFileSync(keep, keptBytes)
  const found = (name: string, path: string) => ({
    ...{ name, path, stats: statSync(path), isReference: false, isOwn: true },
  })
  const facts = { durationSeconds: 1, width: 2, height: 2, hasAudio: false, codec: null, fps: null }
  const file = (path: string, content: string) => ({
    ...{ path, content, bytes: content.length, facts, isReference: false, isOwn: true },
  })
  return {
    file: file(at('in/deep/copy.mp4'), bytes),
    keep: file(keep, keptBytes),
    found: found('deep/copy.mp4', at('in/deep/copy.mp4')),
    keepFound: found('keep.mp4', keep),
  }
}

test('a spare file keeps its path below the folder, and a taken name is not overwritten', async () => {
  mkdirSync(at('out/deep'), { recursive: true })
  writeFileSync(at('out/deep/copy.mp4'), 'older')
  const dry = await moveSpare(spareOf('same', 'same'), at('out'), { ...act, dryRun: true })
  expect(dry).toMatchObject({ done: true, text: expect.stringContaining('would move') })
  expect(existsSync(at('in/deep/copy.mp4'))).toBe(true)
  const moved = await moveSpare(spareOf('same', 'same'), at('out'), act)
  expect(moved.text).toContain(at('out/deep/copy (2).mp4'))
  expect(readFileSync(at('out/deep/copy.mp4'), 'utf8')).toBe('older')
  expect(readFileSync(at('out/deep/copy (2).mp4'), 'utf8')).toBe('same')
  expect(existsSync(at('in/deep/copy.mp4'))).toBe(false)
})

test.each(['in/deep/copy.mp4', 'keep.mp4'])(
  'nothing is moved or linked if %s has changed',
  async (changed) => {
    const spare = spareOf('same', 'same')
    appendFileSync(at(changed), ' not')
    for (const outcome of [await moveSpare(spare, at('out'), act), await linkSpare(spare, act)])
      expect(outcome).toMatchObject({ done: false, text: expect.stringContaining('has changed since') })
    expect(existsSync(at('in/deep/copy.mp4'))).toBe(true)
    expect(existsSync(at('out'))).toBe(false)
  },
)

test('a spare file with the same bytes becomes a hard link', async () => {
  const spare = spareOf('same', 'same')
  expect(await linkSpare(spare, { ...act, dryRun: true })).toMatchObject({ done: true })
  expect(statSync(at('keep.mp4')).nlink).toBe(1)
  expect(await linkSpare(spare, act)).toMatchObject({ done: true })
  expect(statSync(at('in/deep/copy.mp4')).ino).toBe(statSync(at('keep.mp4')).ino)
})

test('a spare file of other bytes or permissions stays as it is', async () => {
  const other = await linkSpare(spareOf('one', 'two'), act)
  expect(other).toMatchObject({ done: false, text: expect.stringContaining('the same bytes') })
  // Equal digests are not believed.
  const spare = spareOf('one', 'two')
  const claimed = await linkSpare({ ...spare, file: { ...spare.file, content: spare.keep.content } }, act)
  expect(claimed).toMatchObject({ done: false, text: expect.stringContaining('the same bytes') })
  spareOf('same', 'same')
  chmodSync(at('in/deep/copy.mp4'), 0o600)
  chmodSync(at('keep.mp4'), 0o644)
  const modes = spareOf('same', 'same')
  expect(await linkSpare(modes, act)).toMatchObject({
    done: false,
    text: expect.stringContaining('permissions differ'),
  })
  expect(readFileSync(at('in/deep/copy.mp4'), 'utf8')).toBe('same')
})

test('a target that is a file is reported, and the spare file stays', async () => {
  writeFileSync(at('out'), '')
  const outcome = await moveSpare(spareOf('same', 'same'), at('out'), act)
  expect(outcome).toMatchObject({ done: false, text: expect.stringMatching(/left .*copy\.mp4 as it is: /) })
  expect(existsSync(at('in/deep/copy.mp4'))).toBe(true)
})

test('to another file system a spare file is copied with its times, and then removed', async () => {
  const written = spareOf('same', 'same')
  utimesSync(at('in/deep/copy.mp4'), 1_000_000, 2_000_000)
  const spare = { ...written, found: { ...written.found, stats: statSync(at('in/deep/copy.mp4')) } }
  const moved = await moveSpare(spare, other, act)
  expect(moved).toEqual({ done: true, text: expect.stringContaining(join(other, 'deep/copy.mp4')) })
  expect(readFileSync(join(other, 'deep/copy.mp4'), 'utf8')).toBe('same')
  expect(statSync(join(other, 'deep/copy.mp4')).mtimeMs).toBe(2_000_000_000)
  expect(existsSync(at('in/deep/copy.mp4'))).toBe(false)
})

test('an interrupted move to another file system leaves the spare file and no copy', async () => {
  const spare = spareOf('same', 'same')
  const outcome = await moveSpare(spare, other, { ...act, signal: AbortSignal.abort() })
  expect(outcome).toEqual({ done: false, text: `left ${spare.file.path} as it is: interrupted` })
  expect(readFileSync(at('in/deep/copy.mp4'), 'utf8')).toBe('same')
  expect(existsSync(join(other, 'deep/copy.mp4'))).toBe(false)
})

test('a spare file is no hard link to one on another file system, and the message names the way out', async () => {
  const spare = spareOf('same', 'same', other)
  const { stats } = spare.keepFound
  const keepFound = {
    ...spare.keepFound,
    stats: otherSystem === undefined ? Object.assign(stats, { dev: stats.dev + 1 }) : stats,
  }
  const outcome = await linkSpare({ ...spare, keepFound }, act)
  expect(outcome.done).toBe(false)
  expect(outcome.text).toMatch(/it is on another file system than .*keep\.mp4, so it cannot be a hard link/)
  expect(outcome.text).toContain('Use --move-to')
  expect(statSync(at('in/deep/copy.mp4')).nlink).toBe(1)
})
