import { expect, test } from 'vitest'
import { cut, fingerprintOf, footage } from '../../testing/synthetic-fingerprint.ts'
import { matchFingerprints } from '../align/match-fingerprints.ts'
import { encodeFingerprint } from '../fingerprint/encode-fingerprint.ts'
import { SPARSE_INTERVAL_MS } from '../fingerprint/fingerprint.ts'
import { compareVpdq } from './compare-vpdq.ts'
import { fingerprintOfVpdq, vpdqOf } from './vpdq-fingerprint.ts'
import { formatVpdqJson, formatVpdqText, hexOf, parseVpdq } from './vpdq-frames.ts'

/**
 * Every thirtieth frame of a sample video, as Meta's C++ tool printed it (vpdq/sample-hashes/chair-19-sd-bar.txt in
 * facebook/ThreatExchange).
 */
const PRINTED = `9,100,643c8f9e5f0eb6866886255a4a4bdbe38343b4e924b969b41d321ba33a85f55e,0.287
39,100,02b456debd4b6d295aa51772cdb8fa1df0ced12ea64b82e106e53d1b7e0b8054,1.24
69,100,e64c3568ce8d8b26cc96364b6629c999d92c33566669999b9bb166e464cbdd11,2.2
99,100,47d86a5cc1ac1787f2b5cb891833c6a59e07b37ca60524ccaf1b69af9b2d9053,3.16
129,100,c5f2ada74d0649858d6f1d26adace8fcd4b98d1138d135fca75a9611b41332d2,4.12
159,100,092455b85518975cb48dad0b2b464a7552b3049345a905e904db2fde6ff66ff9,5.07
189,100,e25339b25ecca73c5b1c84650a4b17a6afd21e8c3d12fa14f00ff81bf07ce178,6.03
`
/** Frames of another encoding of the video, a second apart, as its Python test expects them (test_vpdq_hash_and_match.py). */
const EXPECTED = [
  'e42926b9cb58d261383b699f0ff2e1076fe6183dff4986d82ca36da48034fc54',
  '4ce949b11f1035e2f2eb0a5e76f68716870e70f97bd91d1049a3dbe1d164b454',
  '643c8f9e5f0eb6866886355a4a4bdbe38343a4e924b969b41d321ba33a85f55e',
  '02b456d6bd4b6d695aa51772cdb8fa1df0ced12ea64b82f106e53d1b7e0b8050',
  'e64c35684e8d8926cc96324b66b9c999d92c37566669999b9bb166e464cbdd11',
  '46d86a5cc1ac1787f2b5cb895833c6a59e07b37ca60524ccaf1b69af9b2d9053',
  'c5f2ada74d0649858d6f1d26adace8fcd4b98d1938d131fca75a9611b41332d2',
  '093455b85518971cb48dad0f2b464a7552b3049345a905e904db2fde6ff66ff9',
  'e25339b25ecca73c5b1c84650a4b17a6afd21eac3d12fa14f00ff81bf03ce178',
]
const signal = JSON.stringify(EXPECTED.map((hash, second) => `${hash},100,${second}.0`))

test('hashes that the tools of Meta printed are read, and match as they state', () => {
  const printed = parseVpdq(PRINTED)
  expect(printed.map(({ seconds }) => seconds)).toEqual([0.287, 1.24, 2.2, 3.16, 4.12, 5.07, 6.03])
  expect(hexOf(printed[0]?.hash ?? new Uint32Array())).toBe(PRINTED.slice(6, 70))
  const expected = parseVpdq(signal)
  expect(compareVpdq(printed, expected)).toEqual({ queryPercent: 100, referencePercent: (100 * 7) / 9 })
  expect(compareVpdq(expected, expected)).toEqual({ queryPercent: 100, referencePercent: 100 })
})

test('each form of a vPDQ hash is read to the same frames', () => {
  const frames = parseVpdq(signal)
  const lines = EXPECTED.map((hash, second) => `${hash},100,${second.toFixed(3)}`).join('\n')
  const older = Object.fromEntries(
    EXPECTED.map((hash, second) => [second, { quality: 100, hash, timestamp: second }]),
  )
  expect(parseVpdq(lines)).toEqual(frames)
  expect(parseVpdq(JSON.stringify(older))).toEqual(frames)
  expect(parseVpdq(formatVpdqJson(frames))).toEqual(frames)
  expect(parseVpdq(formatVpdqText(frames))).toEqual(frames)
  expect(formatVpdqText(frames).split('\n')[1]).toBe(`1,100,${EXPECTED[1]},1.000`)
})

test('times that the Python tool rounded to three digits are spread', () => {
  const line = (time: string) => `${EXPECTED[0]},100,${time}`
  const lines = ['1e+03', '1e+03', '1e+03', '1e+03', '1e+03', '1.01e+03', '1.01e+03'].map(line)
  const times = parseVpdq(lines.join('\n')).map(({ seconds }) => seconds)
  expect(times).toEqual([1000, 1002, 1004, 1006, 1008, 1010, 1011])
})

test.each([
  ['', 'three or four fields'],
  ['[]', 'no frames'],
  ['[1]', 'not text'],
  ['[', 'not JSON'],
  ['{"0": null}', '64 hexadecimal digits'],
  [`${EXPECTED[0]},100`, 'three or four fields'],
  [`${EXPECTED[0]}0,100,0`, '64 hexadecimal digits'],
  [`${EXPECTED[0]},101,0`, 'quality'],
  [`${EXPECTED[0]},1.5,0`, 'quality'],
  [`${EXPECTED[0]},100,-1`, 'within a day'],
  [`${EXPECTED[0]},100,`, 'within a day'],
  [`${EXPECTED[0]},100,1e9`, 'within a day'],
  [`${EXPECTED[0]},100,2\n${EXPECTED[1]},100,1`, 'before that of the last frame'],
])('%j is refused as a vPDQ hash', (text, message) => {
  expect(() => parseVpdq(text)).toThrow(message)
})

test('frames of low quality and of a hash that was compared already do not count', () => {
  const frames = parseVpdq(signal)
  const plain = frames.map((frame) => ({ ...frame, quality: 49 }))
  expect(compareVpdq(plain, frames)).toEqual({ queryPercent: 0, referencePercent: 0 })
  const [first, second] = frames
  if (first === undefined || second === undefined) throw new Error('There are no frames.')
  expect(compareVpdq([first, first, first, second], [first]).queryPercent).toBe(50)
})

test('a fingerprint gives a frame a second, and the frames give a fingerprint that finds the seconds', () => {
  const film = fingerprintOf(footage(1, 60))
  const frames = vpdqOf(film)
  expect(frames.map(({ seconds }) => seconds)).toEqual(Array.from({ length: 60 }, (_, second) => second))
  const reference = fingerprintOfVpdq(frames)
  expect(reference).toMatchObject({ durationSeconds: 60, audio: null, video: { intervalMs: 1000 } })
  expect(() => encodeFingerprint(reference)).not.toThrow()

  const query = fingerprintOf(cut(footage(1, 60), 20, 45), { bits: 10, seed: 2 })
  const match = matchFingerprints(query, reference)
  expect(match.accepted).toBe(true)
  expect(match.segments[0]?.refStart).toBeCloseTo(20, 0)
  expect(match.segments[0]?.refEnd).toBeCloseTo(45, 0)
  const other = matchFingerprints(fingerprintOf(footage(5, 30)), reference)
  expect(other.accepted).toBe(false)
})

test('frames closer than four a second are thinned, and rare ones make a sparse video', () => {
  const at = (seconds: number) => ({ hash: new Uint32Array(8), quality: 90, seconds })
  const dense = fingerprintOfVpdq(Array.from({ length: 100 }, (_, frame) => at(frame / 25)))
  expect(dense.video).toMatchObject({ intervalMs: 280 })
  expect(dense.video.startMs.length).toBe(15)
  const rare = fingerprintOfVpdq([at(0), at(5), at(10)])
  expect(rare.video.intervalMs).toBeGreaterThanOrEqual(SPARSE_INTERVAL_MS)
  expect(vpdqOf(rare).map(({ seconds }) => seconds)).toEqual([0, 5, 10])
  expect(fingerprintOfVpdq([at(3)])).toMatchObject({ durationSeconds: 4, video: { intervalMs: 1000 } })
})
