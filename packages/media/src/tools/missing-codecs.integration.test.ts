import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inputFormats } from '@kinoprint/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFfmpeg } from './find-ffmpeg.ts'
import { missingCodecs } from './missing-codecs.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-codecs-'))
})
afterAll(() => rm(dir, { recursive: true }))

test('a complete ffmpeg reads every format with its usual codecs', async () => {
  const tools = await findFfmpeg({ inputFormats })
  expect(await missingCodecs(tools)).toEqual({ demuxers: [], decoders: [] })
})

test('demuxers and decoders that a build leaves out are named, unless another decoder reads the codec', async () => {
  const ffmpeg = join(dir, 'ffmpeg')
  const lists = `case "$*" in
*-demuxers*) printf ' D  d alsa            sound card\\n D  mov,mp4,m4a     QuickTime\\n';;
*) printf ' VFS..D hevc  HEVC\\n V....D libaom-av1 AV1\\n VFS..D mpeg4 MPEG-4\\n A....D libfdk_aac AAC\\n A....D mp3 MP3\\n';;
esac`
  await writeFile(ffmpeg, `#!/bin/sh\n${lists}\n`)
  await chmod(ffmpeg, 0o755)
  const tools = { ...(await findFfmpeg()), ffmpeg }
  expect(await missingCodecs(tools)).toEqual({ demuxers: [], decoders: ['h264'] })
  const withAvi = await missingCodecs({ ...tools, inputFormats: ['mp4', 'avi'] })
  expect(withAvi).toEqual({ demuxers: ['avi'], decoders: ['h264', 'msmpeg4'] })
})
