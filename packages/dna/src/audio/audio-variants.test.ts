import { expect, test } from 'vitest'
import { song } from '../../testing/synthetic-sound.ts'
import { popcount } from '../hash/hamming.ts'
import { AUDIO_VARIANTS, type AudioVariant, spectraOfItems, variantItems } from './audio-variants.ts'
import { Chromaprint } from './chromaprint.ts'
import { COMPACT_SIZE } from './compact-spectrum.ts'

function printed(pcm: Int16Array): { items: Uint32Array; spectra: Uint8Array } {
  const chromaprint = new Chromaprint({ forQuery: true })
  chromaprint.push(pcm)
  return { items: chromaprint.items(), spectra: chromaprint.spectra() ?? new Uint8Array() }
}

/** Mean share of differing bits. */
function differenceOf(a: Uint32Array, b: Uint32Array): number {
  const length = Math.min(a.length, b.length)
  let bits = 0
  for (let i = 0; i < length; i++) bits += popcount(((a[i] ?? 0) ^ (b[i] ?? 0)) >>> 0)
  return bits / length / 32
}

const original = printed(song({ seed: 5, seconds: 20 })).items
const semitone = 2 ** (1 / 12)
const changes: [string, { semitones: number; speed: number }, AudioVariant][] = [
  ['two semitones up', { semitones: 2, speed: 1 }, { pitch: semitone ** 2, speed: 1 }],
  ['three semitones down', { semitones: -3, speed: 1 }, { pitch: semitone ** -3, speed: 1 }],
  ['1.2 times as fast', { semitones: 12 * Math.log2(1.2), speed: 1.2 }, { pitch: 1.2, speed: 1.2 }],
  ['0.85 times as fast', { semitones: 12 * Math.log2(0.85), speed: 0.85 }, { pitch: 0.85, speed: 0.85 }],
]

test.each(changes)('a variant undoes audio that is %s', (_, change, variant) => {
  const copy = printed(song({ seed: 5, seconds: 20, ...change }))
  expect(differenceOf(copy.items, original)).toBeGreaterThan(0.3)
  const { items } = variantItems(copy.spectra, variant)
  expect(Math.abs(items.length - original.length)).toBeLessThan(5)
  expect(differenceOf(items, original)).toBeLessThan(0.2)
})

test('the variant of another pitch does not resemble the original', () => {
  const copy = printed(song({ seed: 5, seconds: 20, semitones: 2 }))
  expect(
    differenceOf(variantItems(copy.spectra, { pitch: semitone ** -2, speed: 1 }).items, original),
  ).toBeGreaterThan(0.3)
})

test('compact spectra of unchanged audio give almost the same items', () => {
  const { spectra } = printed(song({ seed: 5, seconds: 20 }))
  expect(spectra).toHaveLength((original.length + 19) * COMPACT_SIZE)
  expect(differenceOf(variantItems(spectra, { pitch: 1, speed: 1 }).items, original)).toBeLessThan(0.02)
})

test('part of a variant has the items and error rates of the whole', () => {
  const { spectra } = printed(song({ seed: 5, seconds: 20 }))
  const variant = { pitch: 1.1, speed: 1.1 }
  const whole = variantItems(spectra, variant, { withBitErrorRates: true })
  const part = variantItems(spectra, variant, { from: 30, to: 50, withBitErrorRates: true })
  expect(part.items).toEqual(whole.items.slice(30, 50))
  expect(part.bitErrorRates).toHaveLength(32 * 20)
  expect(part.bitErrorRates).toEqual(whole.bitErrorRates.slice(32 * 30, 32 * 50))
})

test('the spectra of some items give these items', () => {
  const { spectra } = printed(song({ seed: 5, seconds: 20 }))
  const same = { pitch: 1, speed: 1 }
  const part = variantItems(spectraOfItems(spectra, { from: 10, to: 40 }), same)
  expect(part.items).toEqual(variantItems(spectra, same).items.slice(10, 40))
  expect(spectraOfItems(spectra, { from: 10, to: 10 })).toHaveLength(0)
})

test('audio without an item has no variants', () => {
  expect(variantItems(new Uint8Array(), { pitch: 1.1, speed: 1.1 }).items).toHaveLength(0)
  expect(variantItems(new Uint8Array(3 * COMPACT_SIZE), { pitch: 0.9, speed: 0.9 }).items).toHaveLength(0)
})

test('no two variants are the same', () => {
  expect(new Set(AUDIO_VARIANTS.map(({ pitch, speed }) => `${pitch} ${speed}`)).size).toBe(
    AUDIO_VARIANTS.length,
  )
})
