import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SYNTHETIC_SOUNDS, seededRandom } from '../testing/synthetic-sound.ts'
import { Chromaprint } from './chromaprint.ts'

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
