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
}

test('programs of the system or of a setting need no warning', () => {
  expect(bundledWarning(system, debian)).toBeNull()
  expect(bundledWarning({ ...system, source: 'setting', ffprobeSource: 'setting' }, debian)).toBeNull()
})

test('a machine without ffmpeg is warned of the bundled programs and told the command that installs current ones', async () => {
  const tools = await findFfmpeg({ searchPath: '/no-such-folder' })
  expect(bundledWarning(tools, debian)).toMatch(
    /^The bundled ffmpeg N-\S+ and ffprobe N-\S+ are years old and unsafe for files from strangers\. Install a current ffmpeg and restart: sudo apt-get install -y ffmpeg$/,
  )
})

test('one bundled program of the two is enough for the warning', () => {
  expect(bundledWarning({ ...system, ffprobeSource: 'package' }, debian)).toContain(
    'bundled ffprobe 5.1.9 is',
  )
})

test('the command fits the machine', () => {
  const tools = { ...system, source: 'package' } as const
  expect(bundledWarning(tools, { platform: 'linux', isRoot: true })).toMatch(/: apt-get install -y ffmpeg$/)
  expect(bundledWarning(tools, { platform: 'darwin', isRoot: false })).toMatch(/: brew install ffmpeg$/)
})
