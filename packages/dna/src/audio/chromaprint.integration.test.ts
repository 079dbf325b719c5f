import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SYNTHETIC_SOUNDS, seededRandom } from '../testing/synthetic-sound.ts'
import { Chromaprint, SILENT_ITEM } from './chromaprint.ts'

type Golden = { sounds: { name: string; sha256: string; items: number[] }[] }
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../golden/chromaprint-items.json', import.meta.url), 'utf8'),
)

function itemsOf(pcm: Int16Array, pieceLength = pcm.length): number[] {
  const chromaprint = new Chromaprint()
  for (let at = 0; at < pcm.length; at += pieceLength) chromaprint.push(pcm.subarray(at, at + pieceLength))
  return [...chromaprint.items()]
}

function soundOf(name: string): Int16Array {
  const make = SYNTHETIC_SOUNDS[name]
  if (!make) throw new Error(`no synthetic sound is called ${name}`)
  return make()
}

/** What the installed fpcalc prints for the same samples. */
function fpcalc(pcm: Int16Array): number[] {
  const options = ['-raw', '-length', '1000', '-format', 's16le', '-rate', '11025', '-channels', '1', '-']
  const input = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)
  const { error, stdout, stderr } = spawnSync('fpcalc', options, { input, encoding: 'utf8' })
  if (error)
    throw new Error('fpcalc must be installed for this test: apt-get install libchromaprint-tools', {
      cause: error,
    })
  const printed = stdout.match(/FINGERPRINT=(.+)/)?.[1]
  if (!printed) throw new Error(`fpcalc printed no fingerprint: ${stderr}`)
  return printed.split(',').map(Number)
}

describe('Chromaprint', () => {
  test('the golden file covers every synthetic sound', () => {
    expect(golden.sounds.map(({ name }) => name)).toEqual(Object.keys(SYNTHETIC_SOUNDS))
  })

  test.each(golden.sounds)(
    'gives the items that fpcalc 1.5.1 printed for $name',
    ({ name, sha256, items }) => {
      const pcm = soundOf(name)
      expect(createHash('sha256').update(new Uint8Array(pcm.buffer)).digest('hex')).toBe(sha256)
      expect(itemsOf(pcm)).toEqual(items)
    },
  )

  test.each(Object.keys(SYNTHETIC_SOUNDS))('gives the items of the installed fpcalc for %s', (name) => {
    const pcm = soundOf(name)
    expect(itemsOf(pcm)).toEqual(fpcalc(pcm))
  })

  test('gives the items of the installed fpcalc for two minutes without a break', () => {
    // Long sums round differently from short ones: this catches an image that forgets its beginning.
    const random = seededRandom(99)
    const parts = Array.from(
      { length: 10 },
      () => Object.values(SYNTHETIC_SOUNDS)[Math.floor(random() * 5)]?.() ?? [],
    )
    const pcm = Int16Array.from(parts.flatMap((part) => [...part]))
    expect(itemsOf(pcm, 10_000)).toEqual(fpcalc(pcm))
  })

  test('the pieces in which the samples come do not matter', () => {
    const pcm = soundOf('chords')
    const whole = itemsOf(pcm)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (pieceLength) => {
        expect(itemsOf(pcm, pieceLength)).toEqual(whole)
      }),
      { numRuns: 20 },
    )
  })

  test('sound too short for one item gives none', () => {
    const enough = 19 * 1365 + 4096
    expect(itemsOf(new Int16Array(enough - 1))).toHaveLength(0)
    expect(itemsOf(new Int16Array(enough))).toHaveLength(1)
    expect(itemsOf(new Int16Array(0))).toHaveLength(0)
  })
})

test('silence has one item of its own', () => {
  const chromaprint = new Chromaprint()
  chromaprint.push(new Int16Array(11_025 * 5))
  expect(new Set(chromaprint.items())).toEqual(new Set([SILENT_ITEM]))
})

test('the doubtful bits are those that a little noise changes', () => {
  const tone = Int16Array.from(
    { length: 11_025 * 20 },
    (_, i) => 6000 * Math.sin(i / (3 + (i % 20_000) / 4000)),
  )
  const noisy = tone.map((sample, i) => sample + (Math.imul(i, 0x9e3779b1) >>> 21) - 1024)
  const [clean, other] = [new Chromaprint({ withDoubts: true }), new Chromaprint()]
  clean.push(tone)
  other.push(noisy)
  const [items, copy, doubts] = [clean.items(), other.items(), clean.doubts() ?? new Uint8Array()]
  expect(doubts).toHaveLength(32 * items.length)
  const changed: number[] = []
  const kept: number[] = []
  for (const [bit, doubt] of doubts.entries()) {
    const differs = (((items[bit >>> 5] ?? 0) ^ (copy[bit >>> 5] ?? 0)) >>> (31 - (bit & 31))) & 1
    ;(differs ? changed : kept).push(doubt)
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(changed.length).toBeGreaterThan(20)
  expect(mean(changed)).toBeGreaterThan(1.5 * mean(kept))
})
