import { expect, test } from 'vitest'
import { bundledWarning } from './bundled-warning.ts'
import { findFfmpeg, type Tools } from './find-ffmpeg.ts'

const debian = { platform: 'linux', isRoot: false } as const
const system: Tools = {
  ffmpeg: '/usr/bin/ffmpeg',
  ffprobe: '/usr/bin/ffprobe',
  source: 'system',
  ffprobeSource: 'system',
  version: '5.1.9',
  ffprobeVersion: '5.1.9',
  frameSyncOption: '-vsync',
  stallMs: 1_000,
  decoderNice: 0,
  inputFormats: ['mp4'],
  hwaccel: { method: null, problem: null },
}

test('installed programs and programs from settings cause no warning', () => {
  expect(bundledWarning(system, debian)).toBeNull()
  expect(bundledWarning({ ...system, source: 'setting', ffprobeSource: 'setting' }, debian)).toBeNull()
})

test('without an installed ffmpeg the warning names the bundled programs and the install command', async () => {
  const tools = await findFfmpeg({ searchPath: '/no-such-folder' })
  expect(bundledWarning(tools, debian)).toMatch(
    /^The bundled ffmpeg N-\S+ and ffprobe N-\S+ are years old and unsafe for untrusted files\. Install a current ffmpeg and restart: sudo apt-get install -y ffmpeg$/,
  )
})

test('one bundled program of the two causes the warning', () => {
  expect(bundledWarning({ ...system, ffprobeSource: 'bundled' }, debian)).toContain(
    'bundled ffprobe 5.1.9 is',
  )
})

test('the install command depends on the operating system and user', () => {
  const tools = { ...system, source: 'bundled' } as const
  expect(bundledWarning(tools, { platform: 'linux', isRoot: true })).toMatch(/: apt-get install -y ffmpeg$/)
  expect(bundledWarning(tools, { platform: 'darwin', isRoot: false })).toMatch(/: brew install ffmpeg$/)
})
