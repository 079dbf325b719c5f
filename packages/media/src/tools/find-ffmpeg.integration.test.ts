import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asksForFpsMode, askVersion } from './ask-version.ts'
import { copyRunnable } from './copy-runnable.ts'
import { describeTools, findFfmpeg } from './find-ffmpeg.ts'
import { makeRunnable, packagedTool } from './packaged-tool.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-tools-test-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** A program that answers -version as ffmpeg does. */
const imposter = async (name: string, version: string, libavcodec: number): Promise<string> => {
  const path = join(dir, name)
  const answer = `${name.split('-')[0]} version ${version} Copyright\\nlibavcodec     ${libavcodec}. 1.100 / 1`
  await writeFile(path, `#!/bin/sh\nprintf '${answer}\\n'\n`)
  await chmod(path, 0o755)
  return path
}

test('without a program on the path the packaged ones run', async () => {
  const tools = await findFfmpeg({ searchPath: dir })
  expect(tools).toMatchObject({ source: 'package', ffprobeSource: 'package', frameSyncOption: '-vsync' })
  expect(tools.ffmpeg).toContain('@ffmpeg-installer')
  expect(tools.ffprobe).toContain('@ffprobe-installer')
  expect(describeTools(tools)).toMatch(/^ffmpeg N-\d+\S* \(package: .*\), ffprobe N-\d+\S* \(package: /)
})

test("the system's program comes before the packaged one, each of the two by itself", async () => {
  const path = await imposter('ffmpeg', '5.1.9-0+deb12u1', 59)
  const tools = await findFfmpeg({ searchPath: `:/no-such-folder:${dir}` })
  expect(tools).toMatchObject({ ffmpeg: path, source: 'system', version: '5.1.9-0+deb12u1' })
  expect(tools).toMatchObject({ frameSyncOption: '-vsync', ffprobeSource: 'package' })
})

test("a system's program that does not run is passed over", async () => {
  await writeFile(join(dir, 'ffmpeg'), 'not a program', { mode: 0o755 })
  expect((await findFfmpeg({ searchPath: dir })).source).toBe('package')
})

test('a setting comes before everything, and builds of 6.0 on are told so', async () => {
  await imposter('ffmpeg', '5.1', 59)
  const ffmpegPath = await imposter('ffmpeg-mine', '7.1', 61)
  const tools = await findFfmpeg({ ffmpegPath, ffprobePath: '', searchPath: dir })
  expect(tools).toMatchObject({ ffmpeg: ffmpegPath, source: 'setting', frameSyncOption: '-fps_mode' })
})

test('a setting that does not run is an error that names the setting', async () => {
  const ffprobePath = join(dir, 'missing')
  await expect(findFfmpeg({ ffprobePath })).rejects.toThrow(
    expect.objectContaining({
      code: 'InvalidSettings',
      message: expect.stringMatching(/FFPROBE_PATH names .*missing/),
    }),
  )
  const ffmpegPath = join(dir, 'other')
  await writeFile(ffmpegPath, '#!/bin/sh\necho hello\n', { mode: 0o755 })
  await expect(findFfmpeg({ ffmpegPath })).rejects.toThrow(
    expect.objectContaining({ message: expect.stringMatching(/FFMPEG_PATH/) }),
  )
})

test('the version is read from every kind of build', async () => {
  const packaged = await askVersion(await packagedTool('ffmpeg'))
  expect(packaged.libavcodecMajor).toBe(58)
  expect([58, 59, 60, 62].map((libavcodecMajor) => asksForFpsMode({ text: '', libavcodecMajor }))).toEqual([
    false,
    false,
    true,
    true,
  ])
})

test('a packaged program whose install script did not run is made runnable', async () => {
  const path = await imposter('ffmpeg', '4.1', 58)
  await chmod(path, 0o644)
  expect(await makeRunnable(path)).toBe(path)
  expect((await stat(path)).mode & 0o111).not.toBe(0)
})

test('one that cannot be made runnable where it lies is copied, once, where only we can write', async () => {
  const path = await imposter('ffmpeg', '4.1', 58)
  const copy = await copyRunnable(path, dir)
  expect(copy).not.toBe(path)
  expect(await readFile(copy)).toEqual(await readFile(path))
  expect((await stat(copy)).mode & 0o777).toBe(0o700)
  expect((await stat(dirname(copy))).mode & 0o777).toBe(0o700)
  const { mtimeMs } = await stat(copy)
  expect(await copyRunnable(path, dir)).toBe(copy)
  expect((await stat(copy)).mtimeMs).toBe(mtimeMs)
})

test('a folder of copies that others can write to is not trusted', async () => {
  const path = await imposter('ffmpeg', '4.1', 58)
  const first = await copyRunnable(path, dir)
  await chmod(dirname(first), 0o777)
  expect(dirname(await copyRunnable(path, dir))).not.toBe(dirname(first))
})
