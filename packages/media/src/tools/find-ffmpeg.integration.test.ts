import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bundledTool, copyExecutable, makeExecutable } from './bundled-tool.ts'
import { describeTools, findFfmpeg } from './find-ffmpeg.ts'
import { hasFpsMode, readToolVersion } from './tool-version.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-tools-test-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** A program that responds to -version as ffmpeg does. */
async function imposter(name: string, version: string, libavcodec: number): Promise<string> {
  const path = join(dir, name)
  const answer = `${name.split('-')[0]} version ${version} Copyright\\nlibavcodec     ${libavcodec}. 1.100 / 1`
  await writeFile(path, `#!/bin/sh\nprintf '${answer}\\n'\n`)
  await chmod(path, 0o755)
  return path
}

test('without a program on the path the bundled ones are used', async () => {
  const tools = await findFfmpeg({ searchPath: dir })
  expect(tools).toMatchObject({ source: 'bundled', ffprobeSource: 'bundled', frameSyncOption: '-vsync' })
  expect(tools.ffmpeg).toContain('@ffmpeg-installer')
  expect(tools.ffprobe).toContain('@ffprobe-installer')
  expect(describeTools(tools)).toMatch(/^ffmpeg N-\d+\S* \(bundled: .*\), ffprobe N-\d+\S* \(bundled: /)
})

test('an installed program is preferred to the bundled one, separately for ffmpeg and ffprobe', async () => {
  const path = await imposter('ffmpeg', '5.1.9-0+deb12u1', 59)
  const tools = await findFfmpeg({ searchPath: `:/no-such-folder:${dir}` })
  expect(tools).toMatchObject({ ffmpeg: path, source: 'system', version: '5.1.9-0+deb12u1' })
  expect(tools).toMatchObject({ frameSyncOption: '-vsync', ffprobeSource: 'bundled' })
})

test('an installed program that does not run is skipped', async () => {
  await writeFile(join(dir, 'ffmpeg'), 'not a program', { mode: 0o755 })
  expect((await findFfmpeg({ searchPath: dir })).source).toBe('bundled')
})

test('a setting takes precedence, and builds from 6.0 on get -fps_mode', async () => {
  await imposter('ffmpeg', '5.1', 59)
  const ffmpegPath = await imposter('ffmpeg-mine', '7.1', 61)
  const tools = await findFfmpeg({ ffmpegPath, ffprobePath: '', searchPath: dir })
  expect(tools).toMatchObject({ ffmpeg: ffmpegPath, source: 'setting', frameSyncOption: '-fps_mode' })
})

test('a program in a setting that does not run is an error that names the setting', async () => {
  const ffprobePath = join(dir, 'missing')
  await expect(findFfmpeg({ ffprobePath })).rejects.toThrow(
    expect.objectContaining({
      code: 'InvalidSettings',
      message: expect.stringMatching(/FFPROBE_PATH is .*missing/),
    }),
  )
  const ffmpegPath = join(dir, 'other')
  await writeFile(ffmpegPath, '#!/bin/sh\necho hello\n', { mode: 0o755 })
  await expect(findFfmpeg({ ffmpegPath })).rejects.toThrow(
    expect.objectContaining({ message: expect.stringMatching(/FFMPEG_PATH/) }),
  )
})

test('the version is read from every kind of build', async () => {
  const bundled = await readToolVersion(await bundledTool('ffmpeg'))
  expect(bundled.libavcodecMajor).toBe(58)
  expect([58, 59, 60, 62].map((libavcodecMajor) => hasFpsMode({ text: '', libavcodecMajor }))).toEqual([
    false,
    false,
    true,
    true,
  ])
})

test('a bundled program whose install script did not run is made executable', async () => {
  const path = await imposter('ffmpeg', '4.1', 58)
  await chmod(path, 0o644)
  expect(await makeExecutable(path)).toBe(path)
  expect((await stat(path)).mode & 0o111).not.toBe(0)
})

test('a program that cannot be made executable in place is copied once to a private folder', async () => {
  const path = await imposter('ffmpeg', '4.1', 58)
  const copy = await copyExecutable(path, dir)
  expect(copy).not.toBe(path)
  expect(await readFile(copy)).toEqual(await readFile(path))
  expect((await stat(copy)).mode & 0o777).toBe(0o700)
  expect((await stat(dirname(copy))).mode & 0o777).toBe(0o700)
  const { mtimeMs } = await stat(copy)
  expect(await copyExecutable(path, dir)).toBe(copy)
  expect((await stat(copy)).mtimeMs).toBe(mtimeMs)
})

test('a folder of copies that other users can write to is not used', async () => {
  const path = await imposter('ffmpeg', '4.1', 58)
  const first = await copyExecutable(path, dir)
  await chmod(dirname(first), 0o777)
  expect(dirname(await copyExecutable(path, dir))).not.toBe(dirname(first))
})
