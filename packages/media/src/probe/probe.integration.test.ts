import { execFileSync } from 'node:child_process'
import { chmod, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { overwriteDurations } from '../testing/overwrite-durations.ts'
import { AAC, H264, openTestMedia, pictures, type TestMedia, tone } from '../testing/test-media.ts'
import { probe } from './probe.ts'

let media: TestMedia
let plain: string
beforeAll(async () => {
  media = await openTestMedia()
  plain = await media.render('plain.mp4', [...pictures(4, 25), ...tone(4), ...H264, ...AAC])
})
afterAll(() => media.close())

function refused(message: RegExp) {
  return expect.objectContaining({ code: 'ResourceNotSupported', message: expect.stringMatching(message) })
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(media.dir, name)
  await writeFile(path, content)
  return path
}

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test('a plain video is described', async () => {
    expect(await probe(media[which], plain)).toMatchObject({
      durationSeconds: 4,
      width: 160,
      height: 120,
      rotationDegrees: 0,
      pixelAspect: 1,
      frameRate: 25,
      videoCodec: 'h264',
      videoIndex: 0,
      videoStartSeconds: 0,
      videoDurationSeconds: 4,
      hasAudio: true,
      audioIndex: 1,
      audioCodec: 'aac',
      audioStartSeconds: 0,
      missingBytes: 0,
    })
  })

  test.each([90, 180, 270])('a video rotated by %d degrees has its displayed size', async (degrees) => {
    const turn = ['-c', 'copy', '-metadata:s:v', `rotate=${degrees}`]
    const path = await media.render(`turned-${degrees}.mp4`, ['-i', plain, ...turn])
    // The muxer reads the tag as a counter-clockwise rotation; the displayed size is what matters.
    const size = degrees === 180 ? { width: 160, height: 120 } : { width: 120, height: 160 }
    expect(await probe(media[which], path)).toMatchObject({ ...size, rotationDegrees: 360 - degrees })
  })

  test('audio that starts later has its own start time', async () => {
    const late = [
      ...pictures(6, 25),
      '-itsoffset',
      '2',
      ...tone(4),
      '-map',
      '0',
      '-map',
      '1',
      ...H264,
      ...AAC,
    ]
    const info = await probe(media[which], await media.render('late.mp4', late))
    expect(info.audioStartSeconds).toBeCloseTo(2, 1)
    expect(info.videoStartSeconds).toBe(0)
    expect(info.durationSeconds).toBeCloseTo(6, 1)
  })

  test('a fragmented video has a length', async () => {
    const fragmented = ['-i', plain, '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov']
    const info = await probe(media[which], await media.render('fragmented.mp4', fragmented))
    expect(info.durationSeconds).toBeCloseTo(4, 0)
  })

  test('a file truncated before its index is refused', async () => {
    const path = await file('cut.mp4', (await readFile(plain)).subarray(0, 9000))
    await expect(probe(media[which], path)).rejects.toThrow(refused(/without its index.*Use a complete copy/))
  })

  test('a garbled index is refused', async () => {
    const bytes = await readFile(plain)
    bytes.fill(0xff, bytes.indexOf('moov') + 4, bytes.length)
    await expect(probe(media[which], await file('garbled.mp4', bytes))).rejects.toThrow(
      refused(/Re-encode the file/),
    )
  })

  test('a header that states ten hours is refused', async () => {
    const bytes = overwriteDurations(await readFile(plain), 36_000)
    await expect(probe(media[which], await file('lie.mp4', bytes))).rejects.toThrow(refused(/36000\.0 s/))
  })
})

test.each([
  ['an empty file', '', /empty/],
  ['text', 'This is no video.\n', /text/],
  ['a playlist', '#EXTM3U\n#EXTINF:5,\n/etc/passwd\n', /playlist/],
  ['a concat script', "ffconcat version 1.0\nfile '/etc/passwd'\n", /text/],
  ['something binary', Buffer.alloc(5000, 0xab), /not an MP4/],
  ['a few bytes', Buffer.from([0, 0, 0]), /not an MP4/],
])('%s is refused', async (name, content, message) => {
  const path = await file(`${name}.mp4`, content)
  await expect(probe(media.system, path)).rejects.toThrow(refused(message))
})

test('a Matroska file with the name of an MP4 is refused', async () => {
  const path = await media.render('matroska.mp4', ['-i', plain, '-c', 'copy', '-f', 'matroska'])
  await expect(probe(media.system, path)).rejects.toThrow(refused(/not an MP4/))
})

test('a file with audio alone is refused', async () => {
  const path = await media.render('sound.mp4', [...tone(2), ...AAC])
  await expect(probe(media.system, path)).rejects.toThrow(refused(/no video stream/))
})

test('a cover image is not taken for the video', async () => {
  const cover = await media.render('cover.png', [...pictures(1, 1, '64x64'), '-frames:v', '1'])
  const sound = await media.render('sound.mp4', [...tone(2), ...AAC])
  const attach = ['-c', 'copy', '-disposition:v:0', 'attached_pic']
  const song = await media.render('song.mp4', ['-i', sound, '-i', cover, '-map', '0', '-map', '1', ...attach])
  await expect(probe(media.system, song)).rejects.toThrow(refused(/no video stream/))
  const both = ['-i', cover, '-i', plain, '-map', '0', '-map', '1', ...attach]
  expect((await probe(media.system, await media.render('both.mp4', both))).videoCodec).toBe('h264')
})

test('29 min 59 s is accepted and exactly 30 min is not', async () => {
  const bytes = await readFile(plain)
  const shorter = await probe(media.system, await file('29-59.mp4', overwriteDurations(bytes, 1799)))
  expect(shorter.durationSeconds).toBeGreaterThan(0)
  const longer = await file('30-00.mp4', overwriteDurations(bytes, 1800))
  await expect(probe(media.system, longer)).rejects.toThrow(refused(/1800\.0 s.*shorter than 1800 s/))
  await expect(probe(media.system, plain, { maxSeconds: 4 })).rejects.toThrow(refused(/shorter than 4 s/))
})

test('an absurd picture size is refused', async () => {
  const wide = await media.render('wide.mp4', [
    ...pictures(1, 1, '16400x16'),
    '-c:v',
    'png',
    '-pix_fmt',
    'rgb24',
  ])
  await expect(probe(media.system, wide)).rejects.toThrow(refused(/16400x16/))
})

test('too many streams are refused', async () => {
  const maps = Array.from({ length: 33 }, () => ['-map', '0:a']).flat()
  const path = await media.render('many.mp4', ['-i', plain, '-map', '0:v', ...maps, '-c', 'copy'])
  await expect(probe(media.system, path)).rejects.toThrow(refused(/34 streams/))
})

test('a truncated file with its index in front has its missing bytes counted', async () => {
  const front = await media.render('front.mp4', ['-i', plain, '-c', 'copy', '-movflags', '+faststart'])
  const bytes = await readFile(front)
  const info = await probe(media.system, await file('front-cut.mp4', bytes.subarray(0, bytes.length - 1000)))
  expect(info.missingBytes).toBe(1000)
})

test('file names that look like options or URLs are read as file names', async () => {
  for (const name of ['-y.mp4', 'http:x.mp4', 'a%d b.mp4', "o'clock;$(id).mp4"]) {
    expect((await probe(media.system, await file(name, await readFile(plain)))).durationSeconds).toBe(4)
  }
})

test('a hanging ffprobe is killed', async () => {
  const slow = await file('slow-ffprobe', '#!/bin/sh\necho $$ > "$0.pid"\nexec sleep 60\n')
  await chmod(slow, 0o755)
  const tools = { ...media.system, ffprobe: slow }
  await expect(probe(tools, plain, { timeoutMs: 400 })).rejects.toThrow(
    refused(/could not be read within 0.4 s/),
  )
  const pid = (await readFile(`${slow}.pid`, 'utf8')).trim()
  await expect
    .poll(() => execFileSync('sh', ['-c', `kill -0 ${pid} 2>&1 || true`]).toString())
    .toMatch(/No such/)
})

test('an abort stops ffprobe', async () => {
  const stopped = probe(media.system, plain, { signal: AbortSignal.timeout(1) })
  await expect(stopped).rejects.toThrow(expect.objectContaining({ code: 'Cancelled' }))
})

test('an ffprobe that does not start is not blamed on the video', async () => {
  const tools = { ...media.system, ffprobe: join(media.dir, 'no-ffprobe') }
  await expect(probe(tools, plain)).rejects.toThrow(expect.objectContaining({ code: 'ServiceUnavailable' }))
})

test('a sparse file of 50 GiB is probed without reading its content', async () => {
  const path = await file('sparse.mp4', await readFile(plain))
  const handle = await open(path, 'r+')
  await handle.truncate(50 * 1024 ** 3)
  await handle.close()
  expect((await probe(media.system, path)).durationSeconds).toBe(4)
})
