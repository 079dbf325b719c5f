import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DESCRIPTOR_WORDS } from '../local/descriptor.ts'
import { joinLocalFrames, type LocalTrack } from '../local/local-track.ts'
import { decodeFingerprint } from './decode-fingerprint.ts'
import { encodeFingerprint } from './encode-fingerprint.ts'
import type { Fingerprint } from './fingerprint.ts'
import { FingerprintFormatError, FORMAT_VERSION } from './format.ts'

const word = fc.integer({ min: 0, max: 0xffffffff })
function words(length: number) {
  return fc.uint32Array({ minLength: length, maxLength: length })
}

/** Gap to the previous run, length and quality of each run: together they give any valid times. */
const runs = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.integer({ min: 0, max: 1_000_000 }),
    fc.integer({ min: 0, max: 100 }),
  ),
  { maxLength: 60 },
)

const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)
const span = fc.tuple(share, share).filter(([a, b]) => a !== b)

const video = runs.chain((list) =>
  fc
    .record({
      intervalMs: fc.integer({ min: 1, max: 10_000 }),
      hashes: words(list.length * 8),
      x: span,
      y: span,
    })
    .map(({ intervalMs, hashes, x, y }) => {
      const startMs = new Uint32Array(list.length)
      const lastMs = new Uint32Array(list.length)
      let before = -1
      for (const [index, [gap, length]] of list.entries()) {
        startMs[index] = before + gap
        lastMs[index] = before + gap + length
        before += gap + length
      }
      const picture = [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)] as const
      return { intervalMs, startMs, lastMs, hashes, quality: Uint8Array.from(list, ([, , q]) => q), picture }
    }),
)

const views = fc.array(
  fc.tuple(video, fc.nat(1000)).map(([{ picture: _, ...track }, viewId]) => ({ ...track, viewId })),
  { maxLength: 3 },
)

/** Step from the previous peak, and its frequency. */
const peaks = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.nat(1_000_000)), fc.nat(189)), {
    maxLength: 60,
  })
  .map((list) => {
    const at = { spectrum: 0, bin: -1 }
    const kept = list.flatMap(([step, bin]) => {
      if (step === 0 && bin <= at.bin) return []
      at.spectrum += step
      at.bin = bin
      return [[at.spectrum, bin] as const]
    })
    return {
      spectra: Uint32Array.from(kept, ([spectrum]) => spectrum),
      bins: Uint8Array.from(kept, ([, bin]) => bin),
    }
  })
const localFrames = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.nat(5), fc.nat(4), fc.nat(255)),
  { maxLength: 10 },
)

const local: fc.Arbitrary<LocalTrack> = fc
  .tuple(localFrames, fc.double({ min: 0.1, max: 10, noNaN: true }))
  .map(([frames, aspect]) => {
    let timeMs = 0
    return joinLocalFrames(
      frames.map(([gap, count, level, value]) => {
        timeMs += gap
        return {
          timeMs,
          columns: new Uint8Array(count).fill(value),
          rows: new Uint8Array(count).fill(255 - value),
          levels: new Uint8Array(count).fill(level),
          descriptors: new Uint32Array(DESCRIPTOR_WORDS * count).fill(value * 0x01010101),
        }
      }),
      aspect,
    )
  })

const withoutViews: fc.Arbitrary<Fingerprint> = fc.record({
  durationSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
  video,
  audio: fc.option(
    fc.record(
      {
        startMs: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        items: fc.uint32Array({ maxLength: 100 }),
        peaks,
      },
      { requiredKeys: ['startMs', 'items'] },
    ),
  ),
})

const fingerprints: fc.Arbitrary<Fingerprint> = fc
  .tuple(withoutViews, fc.option(views), fc.option(local))
  .map(([fingerprint, list, keypoints]) => ({
    ...fingerprint,
    ...(list && { views: list }),
    ...(keypoints && { local: keypoints }),
  }))

/** Decodes bytes; returns the FingerprintFormatError if they are rejected, and throws any other error. */
function rejectionOf(bytes: Uint8Array): FingerprintFormatError | null {
  try {
    decodeFingerprint(bytes)
    return null
  } catch (error) {
    if (error instanceof FingerprintFormatError) return error
    throw error
  }
}

/** Corrects the checksum, so that damage reaches the reader. */
function reseal(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, Math.max(0, bytes.length - 4))
  const sealed = new Uint8Array(body.length + 4)
  sealed.set(body)
  new DataView(sealed.buffer).setUint32(body.length, crc32(body))
  return sealed
}

describe('the fingerprint format', () => {
  test('decodes every fingerprint to its original value', () => {
    fc.assert(
      fc.property(fingerprints, (fingerprint) => {
        expect(decodeFingerprint(encodeFingerprint(fingerprint))).toEqual(fingerprint)
      }),
    )
  })

  test('decodes bytes in the middle of a larger buffer', () => {
    fc.assert(
      fc.property(fingerprints, (fingerprint) => {
        const bytes = encodeFingerprint(fingerprint)
        const larger = new Uint8Array(bytes.length + 20).fill(0xff)
        larger.set(bytes, 7)
        expect(decodeFingerprint(larger.subarray(7, 7 + bytes.length))).toEqual(fingerprint)
      }),
      { numRuns: 20 },
    )
  })

  test('decodes the golden bytes of versions 1 and 2, and encodes the newest identically', () => {
    for (const version of [1, FORMAT_VERSION]) {
      const path = new URL(`../../golden/fingerprint-v${version}.json`, import.meta.url)
      const golden = JSON.parse(readFileSync(path, 'utf8'))
      const bytes = Uint8Array.from(Buffer.from(golden.bytes, 'hex'))
      const { video: track, audio, durationSeconds } = decodeFingerprint(bytes)
      const plain = {
        durationSeconds,
        video: {
          intervalMs: track.intervalMs,
          startMs: [...track.startMs],
          lastMs: [...track.lastMs],
          hashes: [...track.hashes],
          quality: [...track.quality],
          picture: [...track.picture],
        },
        audio: audio && {
          startMs: audio.startMs,
          items: [...audio.items],
          ...(audio.peaks && {
            peaks: { spectra: [...audio.peaks.spectra], bins: [...audio.peaks.bins] },
          }),
        },
      }
      expect(plain).toEqual(golden.fingerprint)
      if (version === FORMAT_VERSION) expect(encodeFingerprint(decodeFingerprint(bytes))).toEqual(bytes)
    }
  })

  test('rejects random bytes', { tags: ['fingerprint-bytes'] }, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(rejectionOf(bytes)).not.toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  test('rejects every truncation and every flipped bit', () => {
    fc.assert(
      fc.property(fingerprints, fc.nat(), fc.nat(7), (fingerprint, position, bit) => {
        const bytes = encodeFingerprint(fingerprint)
        const at = position % bytes.length
        expect(rejectionOf(bytes.subarray(0, at))).not.toBeNull()
        const flipped = bytes.slice()
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        expect(rejectionOf(flipped)).not.toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  test('accepts or rejects arbitrary bytes with a valid checksum', () => {
    const start = fc.constant([0x4b, 0x50, 0x46, 0x50, FORMAT_VERSION])
    const forged = fc
      .tuple(start, fc.uint8Array({ maxLength: 400 }))
      .map(([head, rest]) => [...head, ...rest, 0, 0, 0, 0])
    fc.assert(
      fc.property(forged, (list) => {
        const bytes = reseal(Uint8Array.from(list))
        expect(rejectionOf(bytes) === null ? encodeFingerprint(decodeFingerprint(bytes)) : bytes).toEqual(
          bytes,
        )
      }),
      { numRuns: 1000 },
    )
  })

  test('rejects or faithfully decodes a fingerprint with bytes changed, removed or added under a valid checksum', () => {
    const change = fc.record({
      at: fc.nat(),
      value: fc.nat(255),
      removed: fc.nat(20),
      add: fc.uint8Array({ maxLength: 5 }),
    })
    fc.assert(
      fc.property(fingerprints, change, (fingerprint, { at, value, removed, add }) => {
        const bytes = encodeFingerprint(fingerprint).slice(0, -4)
        bytes[5 + (at % (bytes.length - 5))] = value
        const kept = bytes.subarray(0, bytes.length - removed)
        const forged = reseal(Buffer.concat([kept, add, new Uint8Array(4)]))
        // Each accepted fingerprint has exactly one encoding: nothing can hide in the bytes.
        if (rejectionOf(forged) === null) expect(encodeFingerprint(decodeFingerprint(forged))).toEqual(forged)
      }),
      { numRuns: 1000 },
    )
  })

  test('rejects a count larger than the input before allocating memory for it', {
    tags: ['fingerprint-bytes'],
  }, () => {
    const head = encodeFingerprint({
      durationSeconds: 1,
      video: {
        intervalMs: 250,
        startMs: new Uint32Array(),
        lastMs: new Uint32Array(),
        hashes: new Uint32Array(),
        quality: new Uint8Array(),
        picture: [0, 0, 1, 1],
      },
      audio: null,
    }).slice(0, -5)
    const huge = reseal(Uint8Array.from([...head, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0]))
    expect(rejectionOf(huge)?.message).toBe('4294967295 entries do not fit in 0 bytes.')
    const flagged = Uint8Array.from(head)
    flagged[5] = 2
    const manyViews = reseal(Uint8Array.from([...flagged, 0, 65, ...new Uint8Array(3 * 65), 0, 0, 0, 0]))
    expect(rejectionOf(manyViews)?.message).toBe('There are 65 views, more than 64.')
  })

  test('decodes and encodes the golden bytes of keypoints, and rejects them in version 1 or out of range', () => {
    const path = new URL('../../golden/fingerprint-v2-keypoints.json', import.meta.url)
    const golden = JSON.parse(readFileSync(path, 'utf8'))
    const bytes = Uint8Array.from(Buffer.from(golden.bytes, 'hex'))
    const fingerprint = decodeFingerprint(bytes)
    const track = fingerprint.local as LocalTrack
    const { aspect, timeMs, counts, columns, rows, levels, descriptors } = track
    expect({
      aspect,
      timeMs: [...timeMs],
      counts: [...counts],
      columns: [...columns],
      rows: [...rows],
      levels: [...levels],
      descriptors: [...descriptors],
    }).toEqual(golden.local)
    expect(encodeFingerprint(fingerprint)).toEqual(bytes)
    const older = bytes.slice()
    older[4] = 1
    expect(rejectionOf(reseal(older))?.message).toBe('Unknown flags: 9.')
    const broken = (keypoints: Partial<LocalTrack>) => () =>
      encodeFingerprint({ ...fingerprint, local: { ...track, ...keypoints } })
    expect(broken({ aspect: 0 })).toThrow('The shape of the frame is 0.')
    expect(broken({ levels: Uint8Array.of(0, 5, 1) })).toThrow('A keypoint has a level above 4.')
    expect(broken({ columns: Uint8Array.of(1) })).toThrow('The arrays of the keypoints differ in length.')
    expect(broken({ timeMs: Uint32Array.of(7, 7) })).toThrow('frame 1 are not in order')
  })

  test('rejects peaks in version 1, without audio, out of order or out of range', () => {
    const golden = JSON.parse(
      readFileSync(new URL('../../golden/fingerprint-v2.json', import.meta.url), 'utf8'),
    )
    const bytes = Uint8Array.from(Buffer.from(golden.bytes, 'hex'))
    const changed = (at: number, value: number) => {
      const copy = bytes.slice()
      copy[at < 0 ? bytes.length + at : at] = value
      return rejectionOf(reseal(copy))?.message
    }
    expect(changed(4, 1)).toBe('Unknown flags: 5.')
    expect(changed(5, 4)).toBe('Unknown flags: 4.')
    // The last bytes are five frequencies (3, 77, 189, 10, 10), nine half bytes of time, one unused, and the checksum.
    expect(changed(-12, 190)).toBe('The frequency 190 of peak 2 is 190 or more.')
    expect(changed(-13, 190)).toBe('The frequency 190 of peak 1 is 190 or more.')
    expect(changed(-12, 76)).toBe('Peak 2 is not in order.')
    expect(changed(-5, 1)).toBe('The last half byte of the peaks is not zero.')
    const audio = { startMs: 0, items: new Uint32Array() }
    const peaks = { spectra: Uint32Array.of(4, 3), bins: Uint8Array.of(1, 2) }
    const [fingerprint] = fc.sample(withoutViews, 1) as [Fingerprint]
    expect(() => encodeFingerprint({ ...fingerprint, audio: { ...audio, peaks } })).toThrow(
      'Peak 1 is not in order.',
    )
  })

  test('names the version of a fingerprint that it does not support', () => {
    const bytes = Uint8Array.of(0x4b, 0x50, 0x46, 0x50, 9, 0, 0, 0, 0, 0)
    expect(rejectionOf(bytes)?.message).toBe(
      'Format version 9 is not supported. This program reads versions 1 to 2.',
    )
  })

  test('does not encode a value that is not a fingerprint', () => {
    fc.assert(
      fc.property(fingerprints, word, (fingerprint, more) => {
        const broken = { ...fingerprint, video: { ...fingerprint.video, startMs: Uint32Array.of(more) } }
        if (fingerprint.video.lastMs.length === 1) return
        expect(() => encodeFingerprint(broken)).toThrow(RangeError)
      }),
      { numRuns: 20 },
    )
    const noLength = { durationSeconds: Number.NaN, video: fc.sample(video, 1)[0], audio: null }
    expect(() => encodeFingerprint(noLength as Fingerprint)).toThrow(
      'Not a valid fingerprint: The duration is NaN s.',
    )
  })
})
