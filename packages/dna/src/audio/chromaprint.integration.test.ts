import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomOf } from '../../testing/random.ts'
import { SYNTHETIC_SOUNDS } from '../../testing/synthetic-sound.ts'
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
  if (!make) throw new Error(`There is no synthetic sound named ${name}.`)
  return make()
}

/** The items that the installed fpcalc prints for the same samples. */
function fpcalc(pcm: Int16Array): number[] {
  const options = ['-raw', '-length', '1000', '-format', 's16le', '-rate', '11025', '-channels', '1', '-']
  const input = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)
  const { error, stdout, stderr } = spawnSync('fpcalc', options, { input, encoding: 'utf8' })
  if (error)
    throw new Error('This test needs fpcalc: apt-get install libchromaprint-tools', {
      cause: error,
    })
  const printed = stdout.match(/FINGERPRINT=(.+)/)?.[1]
  if (!printed) throw new Error(`fpcalc printed no fingerprint: ${stderr}`)
  return printed.split(',').map(Number)
}

describe('Chromaprint', () => {
  test('has golden items for every synthetic sound', () => {
    expect(golden.sounds.map(({ name }) => name)).toEqual(Object.keys(SYNTHETIC_SOUNDS))
  })

  test.each(golden.sounds)('gives the items of fpcalc 1.5.1 for $name', ({ name, sha256, items }) => {
    const pcm = soundOf(name)
    expect(createHash('sha256').update(new Uint8Array(pcm.buffer)).digest('hex')).toBe(sha256)
    expect(itemsOf(pcm)).toEqual(items)
  })

  test.each(Object.keys(SYNTHETIC_SOUNDS))('gives the items of the installed fpcalc for %s', (name) => {
    const pcm = soundOf(name)
    expect(itemsOf(pcm)).toEqual(fpcalc(pcm))
  })

  test('gives the items of the installed fpcalc for two minutes of continuous audio', () => {
    // Long sums round differently from short ones: this catches an image that does not sum from the beginning.
    const random = randomOf(99)
    const parts = Array.from(
      { length: 10 },
      () => Object.values(SYNTHETIC_SOUNDS)[Math.floor(random() * 5)]?.() ?? [],
    )
    const pcm = Int16Array.from(parts.flatMap((part) => [...part]))
    expect(itemsOf(pcm, 10_000)).toEqual(fpcalc(pcm))
  })

  test('gives the same items for samples in pieces of any size', () => {
    const pcm = soundOf('chords')
    const whole = itemsOf(pcm)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (pieceLength) => {
        expect(itemsOf(pcm, pieceLength)).toEqual(whole)
      }),
      { numRuns: 20 },
    )
  })

  test('gives no item for audio too short for one', () => {
    const enough = 19 * 1365 + 4096
    expect(itemsOf(new Int16Array(enough - 1))).toHaveLength(0)
    expect(itemsOf(new Int16Array(enough))).toHaveLength(1)
    expect(itemsOf(new Int16Array(0))).toHaveLength(0)
  })
})

test('the sub-fingerprint of silence is SILENT_ITEM', () => {
  const chromaprint = new Chromaprint()
  chromaprint.push(new Int16Array(11_025 * 5))
  expect(new Set(chromaprint.items())).toEqual(new Set([SILENT_ITEM]))
})

test('bits that a little noise changes have higher error rates than others', () => {
  const tone = Int16Array.from(
    { length: 11_025 * 20 },
    (_, i) => 6000 * Math.sin(i / (3 + (i % 20_000) / 4000)),
  )
  const noisy = tone.map((sample, i) => sample + (Math.imul(i, 0x9e3779b1) >>> 21) - 1024)
  const [clean, other] = [new Chromaprint({ forQuery: true }), new Chromaprint()]
  clean.push(tone)
  other.push(noisy)
  const [items, copy, rates] = [clean.items(), other.items(), clean.bitErrorRates() ?? new Uint8Array()]
  expect(rates).toHaveLength(32 * items.length)
  const changed: number[] = []
  const kept: number[] = []
  for (const [bit, rate] of rates.entries()) {
    const differs = (((items[bit >>> 5] ?? 0) ^ (copy[bit >>> 5] ?? 0)) >>> (31 - (bit & 31))) & 1
    ;(differs ? changed : kept).push(rate)
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  expect(changed.length).toBeGreaterThan(20)
  expect(mean(changed)).toBeGreaterThan(1.5 * mean(kept))
})
