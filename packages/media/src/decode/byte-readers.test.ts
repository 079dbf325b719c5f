import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorLog } from '../process/error-log.ts'
import { FrameReader, PcmReader } from './byte-readers.ts'
import { FrameClock } from './frame-clock.ts'

/** Bytes, and the positions at which they are split into chunks. */
const splitBytes = fc
  .uint8Array({ maxLength: 200 })
  .chain((bytes) => fc.tuple(fc.constant(bytes), fc.array(fc.nat(bytes.length), { maxLength: 20 })))

function chunksOf(bytes: Uint8Array, splits: readonly number[]): Buffer[] {
  const ends = [...splits, bytes.length].sort((a, b) => a - b)
  return ends.map((end, i) => Buffer.from(bytes.slice(i === 0 ? 0 : ends[i - 1], end)))
}

test('frames do not depend on how the bytes are split into chunks', () => {
  fc.assert(
    fc.property(splitBytes, ([bytes, splits]) => {
      const frames: Uint8Array[] = []
      const reader = new FrameReader(7, (frame) => frames.push(frame))
      for (const chunk of chunksOf(bytes, splits)) reader.push(chunk)
      expect(frames.length).toBe(Math.floor(bytes.length / 7))
      expect(frames.flatMap((frame) => [...frame])).toEqual([...bytes.subarray(0, 7 * frames.length)])
    }),
  )
})

test('a returned frame buffer is reused, and others stay untouched', () => {
  const frames: Uint8Array[] = []
  const reader = new FrameReader(2, (frame) => frames.push(frame))
  reader.push(Uint8Array.of(1, 1, 2, 2))
  if (frames[0]) reader.reuse(frames[0])
  // The buffer for the third frame was allocated before the first was returned.
  reader.push(Uint8Array.of(3, 3, 4, 4))
  expect(frames.map(([value]) => value)).toEqual([4, 2, 3, 4])
  expect(frames[3]).toBe(frames[0])
})

test('samples do not depend on how the bytes are split into chunks', () => {
  fc.assert(
    fc.property(splitBytes, ([bytes, splits]) => {
      const samples: number[] = []
      const reader = new PcmReader((pcm) => samples.push(...pcm))
      for (const chunk of chunksOf(bytes, splits)) reader.push(chunk)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const whole = Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(2 * i, true))
      expect(samples).toEqual(whole)
    }),
  )
})

test('each frame is paired with its timestamp, in any order of arrival', () => {
  const lines = [0, 250, 501].map((pts) => `0, ${pts},        ${pts}, 42, 36864, 0xb81975b2\n`)
  const text = `#tb 0: 1/1000\n#dimensions 0: 192x192\n${lines.join('')}`
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 30 }), fc.integer({ min: 1, max: 20 }), (order, step) => {
      const seen: (readonly [number, number | undefined])[] = []
      const clock = new FrameClock((timeMs, gray) => seen.push([timeMs, gray[0]]))
      let [frame, at] = [0, 0]
      for (const isFrame of [...order, ...Array(3).fill(true), ...Array(text.length).fill(false)]) {
        if (isFrame && frame < 3) clock.pushFrame(Uint8Array.of(frame++))
        else if (!isFrame) {
          clock.pushTimes(Buffer.from(text.slice(at, at + step)))
          at += step
        }
      }
      expect(seen).toEqual([
        [0, 0],
        [250, 1],
        [501, 2],
      ])
    }),
  )
})

test('a line that is not a timestamp, and missing timestamps, are errors', () => {
  const clock = new FrameClock(() => undefined)
  expect(() => clock.pushTimes(Buffer.from('0, NOPTS, NOPTS, 1, 36864, 0x0\n'))).toThrow('framecrc')
  const push = (): void => clock.pushFrame(new Uint8Array(1))
  expect(() => Array.from({ length: 600 }, push)).toThrow('without their times')
})

test('error lines are counted and only the last one is kept', () => {
  const log = new ErrorLog()
  for (const chunk of ['one\ntw', 'o\n\n', `${'x'.repeat(10_000)}`, '\nlast\npartial'])
    log.push(Buffer.from(chunk))
  expect([log.count, log.last]).toEqual([4, 'last'])
})
