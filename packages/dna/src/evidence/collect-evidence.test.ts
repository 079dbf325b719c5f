import { expect, test } from 'vitest'
import { randomOf } from '../../testing/random.ts'
import { sampleSegment } from '../../testing/sample-segment.ts'
import {
  blankFootage,
  cut,
  type Footage,
  fingerprintOf,
  footage,
  played,
  splice,
  withNoise,
} from '../../testing/synthetic-fingerprint.ts'
import { matchFingerprints } from '../align/match-fingerprints.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { MIRRORED, orientHashes } from '../hash/orientation.ts'
import { collectEvidence, type EvidenceInput } from './collect-evidence.ts'
import type { Evidence } from './evidence.ts'
import { decodeLevels } from './levels.ts'

const film = footage(7, 60)

function evidenceFor(query: Fingerprint, ref: Fingerprint, more: Partial<EvidenceInput> = {}): Evidence {
  const match = matchFingerprints(query, ref)
  return collectEvidence({ query, ref, match, decoded: null, whyNot: null, ...more })
}
function bytes(text: string | undefined): number[] {
  return [...Buffer.from(text ?? '', 'base64')]
}
function turnedAround({ hashes, quality, items }: Footage): Footage {
  return { hashes: hashes.toReversed(), quality: quality.toReversed(), items: items.toReversed() }
}
function mirrored(fingerprint: Fingerprint): Fingerprint {
  const { video } = fingerprint
  return { ...fingerprint, video: { ...video, hashes: orientHashes(video.hashes, MIRRORED) } }
}

test('an exact copy differs in no bit at any step, in picture and in sound', () => {
  const { passages, whyNot, reduced, version } = evidenceFor(
    fingerprintOf(cut(film, 10, 30)),
    fingerprintOf(film),
  )
  expect({ whyNot, reduced, version, count: passages.length }).toEqual({
    whyNot: null,
    reduced: false,
    version: 1,
    count: 1,
  })
  const [passage] = passages
  expect(passage?.line).toEqual({ rate: 1, refAt: 10 })
  expect(passage?.picture).toMatchObject({ method: 'frames', rows: 80, alike: 80, medianBits: 0, cosine: 1 })
  expect(passage?.picture).toMatchObject({ start: 0, stepSeconds: 0.25 })
  expect(bytes(passage?.picture?.bits)).toEqual(new Array(80).fill(0))
  expect(passage?.sound?.meanBits).toBeLessThan(1)
  expect(bytes(passage?.sound?.bits)).toHaveLength((passage?.sound?.items ?? 0) + 0)
})

test('evidence repeats the scores of the segment, and its weight gives them', () => {
  const { passages, thresholds } = evidenceFor(fingerprintOf(cut(film, 10, 30)), fingerprintOf(film))
  const { picture, sound } = passages[0] ?? {}
  for (const [track, half] of [
    [picture, thresholds.halfPicture],
    [sound, thresholds.halfSound],
  ] as const) {
    const evidence = track?.evidence ?? 0
    expect(evidence / (evidence + half)).toBeCloseTo(track?.score ?? 0, 2)
  }
})

test('a mirrored copy is compared as its reference shows it', () => {
  const query = mirrored(fingerprintOf(cut(film, 10, 30), { silent: true }))
  const { passages, dots } = evidenceFor(query, fingerprintOf(film))
  expect(passages[0]).toMatchObject({ mirrored: true, sound: null })
  expect(passages[0]?.picture).toMatchObject({ medianBits: 0, alike: 80 })
  expect(dots.sound).toBeNull()
})

test('a reversed passage has a negative rate and no differing bits', () => {
  const query = fingerprintOf(turnedAround(cut(film, 10, 30)), { silent: true })
  const [passage] = evidenceFor(query, fingerprintOf(film)).passages
  expect(passage?.line.rate).toBeCloseTo(-1, 2)
  expect(passage?.line.refAt).toBeCloseTo(30, 0)
  expect(passage?.picture?.medianBits).toBe(0)
})

test('a faster copy is compared along its own speed', () => {
  const query = fingerprintOf(played(cut(film, 10, 50), 1.25), { silent: true })
  const [passage] = evidenceFor(query, fingerprintOf(film)).passages
  expect(passage?.line.rate).toBeCloseTo(1.25, 2)
  expect(passage?.picture?.alike).toBe(passage?.picture?.rows)
})

test('steps without a picture are marked as not compared', () => {
  const black = splice(cut(film, 10, 20), blankFootage(2), cut(film, 22, 32))
  const query = fingerprintOf(black)
  const segment = { ...matchFingerprints(fingerprintOf(cut(film, 10, 32)), fingerprintOf(film)).segments[0] }
  const match = { segments: [segment] } as EvidenceInput['match']
  const { picture } = evidenceFor(query, fingerprintOf(film), { match }).passages[0] ?? {}
  expect(bytes(picture?.bits).filter((bits) => bits === 255)).toHaveLength(8)
  expect(picture?.rows).toBe(80)
})

test('what was not decoded in full is compared by its keyframes', () => {
  const whole = fingerprintOf(cut(film, 10, 30))
  const { startMs, lastMs, hashes, quality } = whole.video
  const runs = (keep: (ms: number) => boolean) => {
    const at = [...startMs.keys()].filter((run) => keep(startMs[run] ?? 0))
    return {
      startMs: Uint32Array.from(at, (run) => startMs[run] ?? 0),
      lastMs: Uint32Array.from(at, (run) => lastMs[run] ?? 0),
      quality: Uint8Array.from(at, (run) => quality[run] ?? 0),
      hashes: Uint32Array.from(at.flatMap((run) => [...hashes.subarray(8 * run, 8 * run + 8)])),
    }
  }
  const part = { ...whole, video: { ...whole.video, ...runs((ms) => ms < 5000) } }
  const keyframes = {
    ...whole,
    video: { ...whole.video, ...runs((ms) => ms % 2000 === 0), intervalMs: 2000 },
  }
  const match = matchFingerprints(whole, fingerprintOf(film))
  const decoded = [{ start: 0, end: 5 }]
  const evidence = evidenceFor(part, fingerprintOf(film), { keyframes, match, decoded })
  const bits = bytes(evidence.passages[0]?.picture?.bits)
  expect(bits.slice(0, 20)).toEqual(new Array(20).fill(0))
  expect(bits.slice(20).filter((value) => value !== 255)).toEqual(new Array(7).fill(0))
  expect(evidence.decoded).toEqual(decoded)
})

test('dots of a copy lie on its line', () => {
  const { dots } = evidenceFor(fingerprintOf(cut(film, 10, 30)), fingerprintOf(film))
  expect(dots).toMatchObject({ columns: 80, rows: 240, queryStart: 0, queryEnd: 20, refStart: 0, refEnd: 60 })
  for (const text of [dots.picture, dots.sound ?? '']) {
    const { cells } = decodeLevels(text, dots)
    const onLine = Array.from({ length: 80 }, (_, column) => cells[(column + 40) * 80 + column] ?? 0)
    expect(onLine.filter((level) => level > 0).length).toBeGreaterThan(30)
  }
  const { cells } = decodeLevels(dots.picture, dots)
  const marked = [...cells.keys()].filter((cell) => (cells[cell] ?? 0) > 0)
  const near = marked.filter((cell) => Math.abs(Math.floor(cell / 80) - 40 - (cell % 80)) <= 24)
  expect(near.length).toBe(marked.length)
})

test('a pair without a passage has dots and no passages', () => {
  const evidence = evidenceFor(fingerprintOf(footage(8, 20)), fingerprintOf(film))
  expect(evidence.passages).toEqual([])
  expect(evidence.dots).toMatchObject({ columns: 80, rows: 240 })
})

test('videos of no length have one cell', () => {
  const empty = fingerprintOf({ hashes: [], quality: [], items: [] })
  const match = { segments: [] }
  const { dots } = collectEvidence({ query: empty, ref: empty, match, decoded: null, whyNot: null })
  expect(dots).toMatchObject({ columns: 1, rows: 1 })
})

const nearMiss = { step: 'confidence', has: 0.3, needs: 0.45 } as const

test('a near miss states how many seconds like its best passage it lacks', () => {
  const query = fingerprintOf(cut(film, 10, 30), { silent: true })
  const [segment] = matchFingerprints(query, fingerprintOf(film)).segments
  if (segment === undefined) throw new Error('The copy was not found.')
  // A confidence of 0.25 is evidence of 1; acceptance needs 2.4545.
  const match = { segments: [{ ...segment, pictureScore: 0.25, soundScore: 0, score: 0.25 }] }
  const { whyNot } = evidenceFor(query, fingerprintOf(film), { match, whyNot: nearMiss })
  expect(whyNot).toMatchObject(nearMiss)
  expect(whyNot?.lacksSeconds).toBeCloseTo(20 * 1.4545, 0)
})

test('more seconds do not help a pair whose picture stands still, or that another limit dropped', () => {
  const [hash] = film.hashes
  const still = { hashes: new Array(80).fill(hash), quality: new Array(80).fill(90), items: [] }
  const query = fingerprintOf(still, { silent: true })
  const moving = fingerprintOf(cut(film, 10, 30), { silent: true })
  const [segment] = matchFingerprints(moving, fingerprintOf(film)).segments
  if (segment === undefined) throw new Error('The copy was not found.')
  const match = { segments: [{ ...segment, pictureScore: 0.25, soundScore: 0, kind: 'video' as const }] }
  expect(evidenceFor(query, query, { match, whyNot: nearMiss }).whyNot?.lacksSeconds).toBeNull()
  const policy = { step: 'policySeconds', has: 3, needs: 5 } as const
  const dropped = evidenceFor(moving, fingerprintOf(film), { match, whyNot: policy })
  expect(dropped.whyNot).toEqual({ ...policy, lacksSeconds: null })
})

test('evidence of long videos that match everywhere stays under 500 kB and says that it is reduced', () => {
  const random = randomOf(3)
  const [base = new Uint32Array(8)] = film.hashes
  const noisy = (seconds: number): Footage => ({
    hashes: Array.from({ length: 4 * seconds }, () => withNoise(base, 20, random)),
    quality: new Array(4 * seconds).fill(90),
    items: Array.from({ length: 8 * seconds }, (_, i) => (i % 7) * 0x01010101 + Math.floor(random() * 16)),
  })
  const query = fingerprintOf(noisy(1800))
  const ref = fingerprintOf(noisy(1800))
  const whole = sampleSegment({ queryEnd: 1800, refEnd: 1800 })
  const match = { segments: new Array(20).fill(whole) }
  const evidence = collectEvidence({ query, ref, match, decoded: null, whyNot: null })
  expect(JSON.stringify(evidence).length).toBeLessThan(500_000)
  expect(evidence.reduced).toBe(true)
  expect(evidence.passages).toHaveLength(20)
  expect(evidence.passages[0]?.picture?.stepSeconds).toBeGreaterThan(0.25)
  const many = { segments: new Array(400).fill({ ...whole, queryEnd: 2, refEnd: 2 }) }
  const capped = collectEvidence({ query, ref, match: many, decoded: null, whyNot: null })
  expect(JSON.stringify(capped).length).toBeLessThan(500_000)
  expect(capped).toMatchObject({ reduced: true, passages: { length: 150 } })
})

/** One frame of the film as a picture: without length and sound. */
function stillAt(seconds: number): Fingerprint {
  const { video, ...rest } = fingerprintOf(cut(film, seconds, seconds + 0.25))
  const first = (track: typeof video) => ({
    ...track,
    startMs: track.startMs.slice(0, 1),
    lastMs: track.startMs.slice(0, 1),
    hashes: track.hashes.slice(0, 8),
    quality: track.quality.slice(0, 1),
  })
  return { ...rest, durationSeconds: 0, video: first(video), audio: null }
}

test('the evidence of a still picture has finite times and at least one cell', () => {
  const picture = stillAt(12)
  for (const [query, ref] of [
    [picture, fingerprintOf(film)],
    [fingerprintOf(film), picture],
    [picture, picture],
  ] as const) {
    const evidence = evidenceFor(query, ref)
    expect(evidence.passages.length).toBeGreaterThan(0)
    const { rate, refAt } = evidence.passages[0]?.line ?? {}
    expect([rate, refAt].every(Number.isFinite)).toBe(true)
    expect([evidence.dots.columns, evidence.dots.rows].every((count) => count >= 1)).toBe(true)
  }
})
