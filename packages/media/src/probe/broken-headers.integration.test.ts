import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decode } from '../decode/decode.ts'
import { decodeRanges } from '../decode/decode-ranges.ts'
import { lengthenHeaders, rename, writeLengths } from '../testing/faulty-boxes.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import { probe } from './probe.ts'

let media: TestMedia
let plain: Buffer
let fragmented: Buffer
beforeAll(async () => {
  media = await openTestMedia()
  const path = await media.render('plain.mp4', [...pictures(4, 25), ...tone(4), ...H264, ...AAC])
  plain = await readFile(path)
  const fragments = ['-i', path, '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov']
  fragmented = await readFile(await media.render('fragmented.mp4', fragments))
})
afterAll(() => media.close())

async function file(name: string, content: Uint8Array): Promise<string> {
  const path = join(media.dir, name)
  await writeFile(path, content)
  return path
}

function refused(message: RegExp) {
  return expect.objectContaining({ code: 'ResourceNotSupported', message: expect.stringMatching(message) })
}

async function timesOf(path: string, which: 'system' | 'bundled'): Promise<number[]> {
  const times: number[] = []
  const info = await probe(media[which], path)
  await decode(media[which], path, { info, sampling: SAMPLING, onFrame: (timeMs) => times.push(timeMs) })
  return times
}

const ALL_ONES = 0xffff_ffff

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test.each(['mvhd', 'mdhd', 'tkhd'] as const)(
    'a length of all ones or 0 in %s is ignored and taken from the samples',
    async (type) => {
      for (const units of [ALL_ONES, ALL_ONES - 1, 0x7fff_ffff, 0]) {
        const path = await file(`${type}-${units}.mp4`, writeLengths(plain, type, units))
        expect((await probe(media[which], path)).durationSeconds).toBeCloseTo(4, 1)
      }
    },
    300_000,
  )

  test('lengths of all ones or 0 in version 1 boxes are ignored too', async () => {
    const long = lengthenHeaders(plain)
    for (const units of [2n ** 64n - 1n, 2n ** 63n - 1n, BigInt(ALL_ONES), 0n]) {
      const bytes = writeLengths(writeLengths(long, 'mvhd', units), 'mdhd', units)
      const info = await probe(media[which], await file(`long-${units}.mp4`, bytes))
      expect(info.durationSeconds).toBeCloseTo(4, 1)
    }
  })

  test('a fragmented file with unknown length in its headers gets the length of its fragments', async () => {
    const bytes = writeLengths(writeLengths(fragmented, 'mvhd', ALL_ONES), 'mdhd', ALL_ONES)
    const path = await file('fragments.mp4', bytes)
    // Without an edit list the first frame of H.264 with B-frames is displayed 0.08 s late.
    expect((await probe(media[which], path)).durationSeconds).toBeCloseTo(4.08, 1)
    await expect(probe(media[which], path, { maxSeconds: 4 })).rejects.toThrow(refused(/runs for 4\.\d s/))
  })

  test('an absurd length in one header is ignored when another header and the samples contradict it', async () => {
    const path = await file('absurd.mp4', writeLengths(plain, 'mvhd', 36_000_000))
    expect((await probe(media[which], path)).durationSeconds).toBeCloseTo(4, 1)
  })

  test('an edit list that hides everything is ignored by every kind of decoding', async () => {
    const path = await file('no-edit.mp4', writeLengths(plain, 'elst', 0))
    const info = await probe(media[which], path)
    expect(info).toMatchObject({ ignoresEditList: true })
    expect(info.durationSeconds).toBeCloseTo(4, 0)
    const times = await timesOf(path, which)
    expect(times.length).toBeGreaterThanOrEqual(16)
    const seen: number[] = []
    await decodeRanges(media[which], path, {
      info,
      sampling: SAMPLING,
      frames: 'all',
      ranges: [{ fromMs: 1000, toMs: 2000 }],
      onFrame: (timeMs) => seen.push(timeMs),
    })
    expect(seen.length).toBeGreaterThanOrEqual(4)
    expect(times).toEqual(expect.arrayContaining(seen))
  })

  test('audio in an unsupported codec is ignored with a note', async () => {
    // Object type 42 (xHE-AAC), which no decoder here supports, instead of AAC-LC.
    const bytes = Buffer.from(plain)
    const settings = bytes.indexOf(Buffer.from([0x05, 0x80, 0x80, 0x80, 0x05]))
    bytes.writeUInt16BE(0xf954, settings + 5)
    const path = await file('xhe.mp4', bytes)
    const info = await probe(media[which], path)
    const left = ['The audio is in a codec that ffmpeg cannot decode and was ignored.']
    const { frames, notes } = await decode(media[which], path, {
      info,
      sampling: SAMPLING,
      onFrame: () => undefined,
    })
    expect({ frames, notes }).toEqual({ frames: 16, notes: left })
  })
})

test('an edit list that shows a part is applied', async () => {
  const path = await file('part.mp4', writeLengths(plain, 'elst', 2000))
  expect(await probe(media.system, path)).toMatchObject({ ignoresEditList: false })
})

test('encrypted video is refused as encrypted, and encrypted audio is ignored', async () => {
  const video = await file('cenc.mp4', rename(plain, 'avc1', 'encv'))
  await expect(probe(media.system, video)).rejects.toThrow(refused(/encrypted.*unencrypted copy/))
  const sound = await probe(media.system, await file('enca.mp4', rename(plain, 'mp4a', 'enca')))
  expect(sound).toMatchObject({ hasAudio: false, notes: [expect.stringMatching(/encrypted/)] })
})

test('an index without content and a segment without an index are refused as such', async () => {
  const index = Buffer.concat([
    plain.subarray(0, plain.readUInt32BE(0)),
    plain.subarray(plain.indexOf('moov') - 4),
  ])
  await expect(probe(media.system, await file('index.mp4', index))).rejects.toThrow(
    refused(/only the video.s index/),
  )
  const start = fragmented.subarray(0, fragmented.indexOf('moof') - 4)
  await expect(probe(media.system, await file('init.mp4', start))).rejects.toThrow(
    refused(/only the video.s index/),
  )
  const segment = fragmented.subarray(fragmented.indexOf('moof') - 4)
  await expect(probe(media.system, await file('segment.mp4', segment))).rejects.toThrow(
    refused(/segment of a stream.*cat init/),
  )
})
