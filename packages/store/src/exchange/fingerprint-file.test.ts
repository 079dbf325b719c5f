import { createHash } from 'node:crypto'
import { decodeFingerprint, encodeFingerprint } from '@kinoprint/dna'
import { expect, test } from 'vitest'
import { fingerprintOf, footage } from '../../../dna/testing/synthetic-fingerprint.ts'
import { decodeFingerprintFile, encodeFingerprintFile, etagOfFingerprint } from './fingerprint-file.ts'
import type { PortableVideo } from './portable-video.ts'

const data = encodeFingerprint(fingerprintOf(footage(1, 12)))
const video: PortableVideo = {
  name: 'a/film.mp4',
  durationSeconds: decodeFingerprint(data).durationSeconds,
  width: 640,
  height: 360,
  hasAudio: true,
  frameCount: 48,
  codec: 'h264',
  fps: 25,
  bytes: 1_000_000,
  data,
}
const file = encodeFingerprintFile(video)

/** Replaces bytes of the content and writes the checksum that belongs to it. */
function forged(change: (content: Buffer) => Buffer): Uint8Array {
  const content = change(Buffer.from(file.subarray(0, -32)))
  return Buffer.concat([content, createHash('sha256').update(content).digest()])
}

function withDescription(fields: object): Uint8Array {
  return encodeFingerprintFile({ ...video, ...fields } as PortableVideo)
}

test('a fingerprint file keeps the fingerprint and the facts of its video', () => {
  const read = decodeFingerprintFile(file)
  expect({ ...read, data: undefined }).toEqual({ ...video, data: undefined })
  expect(Buffer.from(read.data).equals(data)).toBe(true)
  expect(encodeFingerprintFile(read)).toEqual(file)
})

test('a fingerprint file that is cut short anywhere is refused', () => {
  for (let length = 0; length < file.length; length += length < 64 ? 1 : 97)
    expect(() => decodeFingerprintFile(file.subarray(0, length))).toThrow(/cut short|not a fingerprint file/)
})

test('a fingerprint file with one wrong bit anywhere is refused', () => {
  for (let at = 0; at < file.length; at += 61) {
    const changed = Buffer.from(file)
    changed[at] = (changed[at] ?? 0) ^ 0x10
    expect(() => decodeFingerprintFile(changed), `byte ${at}`).toThrow(/fingerprint/)
  }
})

test.each([
  ['a newer version', (content: Buffer) => content.fill(2, 8, 9), /has version 2.*update it/],
  ['bytes after its end', (content: Buffer) => Buffer.concat([content, Buffer.alloc(1)]), /bytes follow/],
  ['a huge description', (content: Buffer) => content.fill(0xff, 9, 13), /description is too long/],
  ['a huge fingerprint', (content: Buffer) => content.fill(0xff, 13, 17), /cut short/],
  ['a description that is no JSON', (content: Buffer) => content.fill(0x7b, 17, 20), /not JSON/],
  [
    'a damaged fingerprint',
    (content: Buffer) => content.fill(0, content.length - 8),
    /checksum does not match/,
  ],
])('a fingerprint file with %s is refused even if its checksum fits', (_, change, message) => {
  expect(() => decodeFingerprintFile(forged(change))).toThrow(message)
})

test.each([
  ['name', ''],
  ['name', 'a\0b'],
  ['name', 'x'.repeat(851)],
  ['name', 7],
  ['width', -1],
  ['width', 1.5],
  ['height', 65_536],
  ['frameCount', null],
  ['codec', 'x'.repeat(65)],
  ['fps', 'fast'],
  ['bytes', 2 ** 60],
])('a fingerprint file whose field %s is %j is refused', (field, value) => {
  expect(() => decodeFingerprintFile(withDescription({ [field]: value }))).toThrow(`its field ${field}`)
})

test('a fingerprint whose runs would flood the index, or that lasts longer than a day, is refused', () => {
  const whole = decodeFingerprint(data)
  const { video: track } = whole
  const long = { ...track, lastMs: track.startMs.map((start) => start), startMs: track.startMs.slice() }
  long.lastMs[long.lastMs.length - 1] = 80_000_000
  const flooding = encodeFingerprint({ ...whole, video: long })
  expect(() => decodeFingerprintFile(withDescription({ data: flooding }))).toThrow(/longer than 8 s/)
  const endless = encodeFingerprint({ ...whole, durationSeconds: 86_401 })
  expect(() => decodeFingerprintFile(withDescription({ data: endless }))).toThrow(/lasts 86401 s/)
})

test('the ETag of a fingerprint depends on its bytes only', () => {
  expect(etagOfFingerprint(data)).toBe(etagOfFingerprint(Buffer.from(data)))
  expect(etagOfFingerprint(data)).toMatch(/^"kfp-[0-9a-f]{32}"$/)
  expect(etagOfFingerprint(data.slice(1))).not.toBe(etagOfFingerprint(data))
})
