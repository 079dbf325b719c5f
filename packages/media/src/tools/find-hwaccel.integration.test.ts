import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeArguments } from '../decode/decode-arguments.ts'
import type { MediaInfo } from '../media-info.ts'
import { SAMPLING } from '../testing/test-sampling.ts'
import { describeTools, findFfmpeg } from './find-ffmpeg.ts'
import { findHwaccel } from './find-hwaccel.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-hwaccel-'))
  await chmod(dir, 0o755)
})
afterAll(() => rm(dir, { recursive: true }))

/** An ffmpeg that opens one kind of device only. */
async function standIn(device: string): Promise<string> {
  const path = join(dir, `ffmpeg-${device}`)
  const script = `case "$*" in *"-init_hw_device ${device} "*) exit 0;; esac\necho "[AVHWDevice @ 0x1] No such device." >&2\nexit 1`
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

test('a device that opens is used, and auto takes the first that does', async () => {
  const ffmpeg = await standIn('vaapi')
  expect(await findHwaccel(ffmpeg, 'vaapi')).toEqual({ method: 'vaapi', problem: null })
  expect(await findHwaccel(ffmpeg, 'auto')).toEqual({ method: 'vaapi', problem: null })
})

test('a device that does not open falls back to software, and the line about ffmpeg gives the reason', async () => {
  const ffmpeg = await standIn('none-of-them')
  expect(await findHwaccel(ffmpeg, 'cuda')).toEqual({ method: null, problem: 'cuda: No such device.' })
  expect((await findHwaccel(ffmpeg, 'auto')).problem).toMatch(/^cuda: .*; vaapi: .*; videotoolbox: /)
  const tools = await findFfmpeg({ hwaccel: 'videotoolbox' })
  expect(tools.hwaccel.method).toBeNull()
  expect(describeTools(tools)).toMatch(/, decoding in software \(videotoolbox: .+\)$/)
  expect(describeTools(await findFfmpeg())).not.toMatch(/decoding/)
})

test('ffmpeg gets the method before the input, and only where it decodes pictures', async () => {
  const tools = { ...(await findFfmpeg()), hwaccel: { method: 'vaapi', problem: null } as const }
  const info = { format: 'mp4', videoIndex: 0, audioIndex: 1, videoCodec: 'h264' } as MediaInfo
  const run = { info, sampling: SAMPLING, lengthSeconds: 5, threads: 1, thumbnails: null, fromSeconds: 0 }
  const pictures = decodeArguments(tools, '/a.mp4', { ...run, frames: 'all', withAudio: true })
  expect(pictures.join(' ')).toMatch(/ -hwaccel vaapi .* -i file:/)
  const sound = decodeArguments(tools, '/a.mp4', { ...run, frames: 'none', withAudio: true })
  expect(sound).not.toContain('-hwaccel')
})
