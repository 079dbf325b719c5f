import { expect, test } from 'vitest'
import { randomOf } from '../../../testing/random.ts'
import {
  cut,
  type Footage,
  fingerprintOf,
  footage,
  splice,
  withNoise,
} from '../../../testing/synthetic-fingerprint.ts'
import { ITEM_MS, SILENT_ITEM } from '../../audio/chromaprint.ts'
import { compareFingerprints } from '../compare-fingerprints.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import type { PairMatch } from '../segments/segment.ts'

const film = footage(7, 60)
const other = footage(8, 60)

/** A static picture over the audio of `under`. */
function staticPicture(seed: number, under: Footage): Footage {
  const [card = new Uint32Array(8)] = footage(seed, 1).hashes
  return { ...under, hashes: under.hashes.map(() => card) }
}

function silent(part: Footage): Footage {
  return { ...part, items: [] }
}

function match(query: Footage, ref: Footage) {
  return matchFingerprints(fingerprintOf(query, { bits: 4 }), fingerprintOf(ref, { bits: 4, seed: 2 }))
}

function kinds({ segments }: PairMatch) {
  return segments.map(({ kind }) => kind)
}

test.each([5, 30, 60])('a static picture of %i s is not accepted as a copy', (seconds) => {
  const query = silent(staticPicture(90, cut(film, 0, seconds)))
  expect(match(query, query).accepted).toBe(false)
})

test('two videos with the same end card are not copies', () => {
  const card = silent(staticPicture(90, cut(film, 0, 8)))
  const query = splice(silent(cut(film, 0, 12)), card)
  expect(match(query, splice(silent(cut(other, 20, 32)), card)).accepted).toBe(false)
})

test('a shared album cover is a copy under the same song, but not under another one', () => {
  const song = staticPicture(91, cut(film, 0, 40))
  expect(match(song, staticPicture(91, cut(other, 0, 40))).accepted).toBe(false)
  const same = match(song, song)
  expect(same.accepted).toBe(true)
  expect(kinds(same)).toEqual(['both'])
})

test('two episodes with the same cover and jingle match only in the jingle', () => {
  const jingle = cut(film, 0, 12)
  const query = staticPicture(91, splice(jingle, cut(film, 20, 50)))
  const found = match(query, staticPicture(91, splice(jingle, cut(other, 20, 50))))
  expect(found.accepted).toBe(true)
  expect(found.segments).toHaveLength(1)
  expect(found.segments[0]?.queryEnd).toBeLessThan(15)
})

test('two episodes with the same title cards are not copies', () => {
  const card = (seed: number) => silent(staticPicture(seed, cut(film, 0, 6)))
  const episode = (of: Footage) =>
    splice(
      card(92),
      silent(cut(of, 0, 12)),
      card(93),
      silent(cut(of, 20, 32)),
      card(94),
      silent(cut(of, 40, 52)),
      card(95),
    )
  expect(match(episode(film), episode(other)).accepted).toBe(false)
})

/** Slides of four seconds each, over the audio of `under`. */
function slides(under: Footage): Footage {
  const pictures = footage(96, 60).hashes
  return { ...under, hashes: under.hashes.map((_, i) => pictures[12 * (i >> 4)] ?? new Uint32Array(8)) }
}

test('slides match without audio and with the same audio, but not under other audio', () => {
  const talk = slides(cut(film, 0, 24))
  expect(match(silent(talk), silent(talk)).accepted).toBe(true)
  expect(kinds(match(talk, talk))).toEqual(['both'])
  expect(match(talk, slides(cut(other, 0, 24))).accepted).toBe(false)
})

/** A quiet scene: little changes over time, and each moment looks like those around it. */
function quietScene(seconds: number): Footage {
  const random = randomOf(6)
  let [picture = new Uint32Array(8)] = footage(9, 1).hashes
  const hashes = Array.from({ length: 4 * seconds }, () => {
    picture = withNoise(picture, 6, random)
    return picture
  })
  return { hashes, quality: hashes.map(() => 90), items: [] }
}

test('a loop of two seconds of a quiet scene is found, and every segment maps to its source', () => {
  const scene = splice(silent(cut(film, 0, 14)), quietScene(12), silent(cut(other, 0, 14)))
  const part = cut(scene, 20, 22)
  const loop = splice(...Array.from({ length: 10 }, () => part))
  const found = compareFingerprints(fingerprintOf(loop, { bits: 4 }), fingerprintOf(scene))
  expect(found.accepted).toBe(true)
  expect(found.queryCoverage).toBeGreaterThan(0.9)
  expect(found.segments).toHaveLength(10)
  for (const { refStart, refEnd, speed } of found.segments) {
    expect(speed).toBe(1)
    expect(Math.abs(refStart - 20)).toBeLessThan(0.5)
    expect(Math.abs(refEnd - 22)).toBeLessThan(0.5)
  }
})

test('an audio segment ends where one side falls silent, even if the other side hums', () => {
  const hum = withNoise(Uint32Array.of(SILENT_ITEM), 6, randomOf(12))[0] ?? 0
  const filled = (seconds: number, item: number) =>
    new Array<number>(Math.round((seconds * 1000) / ITEM_MS)).fill(item)
  const song = cut(film, 0, 20)
  const paused = { ...cut(other, 0, 30), items: [...song.items, ...filled(10, SILENT_ITEM)] }
  const humming = { ...cut(film, 0, 30), items: [...song.items, ...filled(10, hum)] }
  const { segments } = matchFingerprints(fingerprintOf(paused), fingerprintOf(humming))
  expect(segments).toHaveLength(1)
  expect(segments[0]?.queryEnd).toBeLessThan(23)
})

test('sparse pictures, such as one shape on black, are weaker evidence', () => {
  const passage = silent(cut(film, 0, 4))
  const sparse = { ...passage, quality: passage.quality.map(() => 20) }
  expect(match(sparse, sparse).score).toBeLessThan(match(passage, passage).score - 0.1)
})
