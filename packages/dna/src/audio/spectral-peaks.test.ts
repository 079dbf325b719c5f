import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SYNTHETIC_SOUNDS } from '../../testing/synthetic-sound.ts'
import { PEAK_BINS, SPECTRUM_MS, SpectralPeakFinder, type SpectralPeaks } from './spectral-peaks.ts'

const RATE = 11_025

function peaksOf(pcm: Int16Array, pieceLength = pcm.length): SpectralPeaks {
  const finder = new SpectralPeakFinder()
  for (let at = 0; at < pcm.length; at += pieceLength) finder.push(pcm.subarray(at, at + pieceLength))
  return finder.peaks()
}

function soundOf(name: string): Int16Array {
  return SYNTHETIC_SOUNDS[name]?.() ?? new Int16Array()
}

/** Tones of 100 ms at the given times in seconds and frequencies. */
function tones(list: readonly (readonly [number, number])[]): Int16Array {
  const pcm = new Int16Array(5 * RATE)
  for (const [second, frequencyHz] of list) {
    for (let i = 0; i < 0.1 * RATE; i++) {
      const swell = Math.sin((Math.PI * i) / (0.1 * RATE))
      const at = Math.round(second * RATE) + i
      pcm[at] = (pcm[at] ?? 0) + 6000 * swell * Math.sin((2 * Math.PI * frequencyHz * i) / RATE)
    }
  }
  return pcm
}

test('short tones are spectral peaks at their times and frequencies', () => {
  const { spectra, bins } = peaksOf(
    tones([
      [1, 500],
      [2, 1500],
      [2, 3000],
    ]),
  )
  const found = [...bins].map((bin, i) => [((spectra[i] ?? 0) * SPECTRUM_MS) / 1000, 215.3 + 21.53 * bin])
  expect(found).toHaveLength(3)
  for (const [i, [second, frequencyHz]] of [
    [1, 500],
    [2, 1500],
    [2, 3000],
  ].entries()) {
    // A spectrum starts half its length of 46 ms before the middle of a tone.
    expect(Math.abs((found[i]?.[0] ?? 0) - ((second ?? 0) + 0.05 - 0.023))).toBeLessThan(0.03)
    expect(Math.abs((found[i]?.[1] ?? 0) - (frequencyHz ?? 0))).toBeLessThan(22)
  }
})

test('samples in pieces of any size have the same spectral peaks', () => {
  const pcm = soundOf('speech')
  const whole = peaksOf(pcm)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), (pieceLength) => {
      expect(peaksOf(pcm, pieceLength)).toEqual(whole)
    }),
    { numRuns: 20 },
  )
})

test('silence has no spectral peak, and a steady tone few', () => {
  expect(peaksOf(soundOf('silence')).bins).toHaveLength(0)
  expect(peaksOf(soundOf('noise one step high')).bins).toHaveLength(0)
  const steady = Int16Array.from({ length: 10 * RATE }, (_, i) => 8000 * Math.sin((2 * Math.PI * i) / 11.025))
  expect(peaksOf(steady).bins.length).toBeLessThan(30)
})

test('no sound has more spectral peaks than the format was sized for', () => {
  for (const name of ['noise', 'clipped noise', 'sweep', 'chords', 'speech']) {
    const { spectra, bins } = peaksOf(soundOf(name))
    expect(spectra).toHaveLength(bins.length)
    expect(bins.length / (soundOf(name).length / RATE)).toBeLessThan(60)
    expect(Math.max(...bins)).toBeLessThan(PEAK_BINS)
  }
})

test('a louder sound mixed in hides spectral peaks, but moves none', () => {
  const chords = soundOf('chords')
  const speech = soundOf('speech')
  const own = peaksOf(chords)
  const mixed = peaksOf(chords.map((sample, i) => 0.3 * sample + 0.7 * (speech[i] ?? 0)))
  const times = new Set([...own.bins].map((bin, i) => `${own.spectra[i]} ${bin}`))
  const kept = [...mixed.bins].filter((bin, i) => times.has(`${mixed.spectra[i]} ${bin}`))
  expect(kept.length / own.bins.length).toBeGreaterThan(0.2)
})
