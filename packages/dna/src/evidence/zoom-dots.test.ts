import { expect, test } from 'vitest'
import { fingerprintOf, footage, splice } from '../../testing/synthetic-fingerprint.ts'
import { matchFingerprints } from '../align/match-fingerprints.ts'
import { type Fingerprint, SPARSE_INTERVAL_MS } from '../fingerprint/fingerprint.ts'
import { MIRRORED, orientHashes } from '../hash/orientation.ts'
import { collectEvidence } from './collect-evidence.ts'
import { cropDots } from './crop-dots.ts'
import type { Dots } from './evidence.ts'
import { decodeLevels } from './levels.ts'
import { type DotsWindow, type ZoomInput, zoomDots } from './zoom-dots.ts'

const copied = footage(7, 40)
const query = fingerprintOf(splice(footage(1, 300), copied, footage(2, 260)))
const ref = fingerprintOf(splice(footage(3, 200), copied, footage(4, 360)))
// Around the copy, which runs from 300 s in the query and from 200 s in the reference.
const window = { from: 290, to: 350, refFrom: 190, refTo: 250 }

function inputOf(one: Fingerprint, other: Fingerprint): ZoomInput {
  const match = matchFingerprints(one, other)
  const evidence = collectEvidence({ query: one, ref: other, match, decoded: null, whyNot: null })
  return { query: one, ref: other, segments: match.segments, evidence }
}
const input = inputOf(query, ref)

function computed(of: ZoomInput, seconds: DotsWindow): Dots | null {
  const steps = zoomDots(of, seconds)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The seconds of a column and a row, and how many columns of the copy have their highest level within 0.3 s of it. */
function sharpness(dots: Dots) {
  const { cells } = decodeLevels(dots.picture, dots)
  const cell = (dots.queryEnd - dots.queryStart) / dots.columns
  const refCell = (dots.refEnd - dots.refStart) / dots.rows
  let near = 0
  for (let column = 0; column < dots.columns; column++) {
    const levels = Array.from({ length: dots.rows }, (_, row) => cells[row * dots.columns + column] ?? 0)
    const best = Math.max(...levels)
    // The copy begins 100 s earlier in the reference.
    const paired = dots.queryStart + column * cell - 100 - dots.refStart
    const isNear = (row: number) => row * refCell < paired + 0.3 && (row + 1) * refCell > paired - 0.3
    if (best > 0 && levels.every((level, row) => level < best || isNear(row))) near++
  }
  return { near, cell, refCell }
}

test('the dots of a window are finer than the part that is cut from the stored dots', () => {
  const dots = computed(input, window)
  if (dots === null) throw new Error('Nothing was computed.')
  expect(dots).toMatchObject({ queryStart: 290, queryEnd: 350, refStart: 190, refEnd: 250 })
  const [fine, coarse] = [sharpness(dots), sharpness(cropDots(input.evidence.dots, window))]
  expect(fine.cell).toBeCloseTo(0.125, 3)
  expect(coarse.cell).toBeGreaterThan(1)
  // 40 s of copy, 8 columns a second.
  expect(fine.near).toBeGreaterThan(280)
  expect(coarse.near).toBeLessThan(60)
  expect(decodeLevels(dots.sound ?? '', dots).cells.some((level) => level > 0)).toBe(true)
})

test('a window has at most as many dots as were requested, and at most 512 a side', () => {
  const few = computed(input, { ...window, columns: 7, rows: 5 })
  expect(few).toMatchObject({ columns: 7, rows: 5 })
  expect(computed(input, { from: 0, to: 600, refFrom: 0, refTo: 600 })).toMatchObject({
    columns: 512,
    rows: 512,
    queryEnd: 600,
    refEnd: 600,
  })
})

test('a mirrored passage is shown as its reference shows it', () => {
  const { video } = query
  const mirrored = {
    ...query,
    video: { ...video, hashes: orientHashes(video.hashes, MIRRORED) },
    audio: null,
  }
  const segments = input.segments.map((segment) => ({ ...segment, mirrored: true }))
  const dots = computed({ ...input, query: mirrored, segments }, window)
  if (dots === null) throw new Error('Nothing was computed.')
  expect(sharpness(dots).near).toBeGreaterThan(280)
  expect(dots.sound).toBeNull()
})

test.each([
  ['longer than ten minutes', { ...window, from: 0, to: 601 }],
  ['longer than ten minutes in the reference', { ...window, refFrom: 0, refTo: 600.5 }],
  ['after the end of the query', { ...window, from: 600, to: 610 }],
  ['after the end of the reference', { ...window, refFrom: 900, refTo: 910 }],
  ['empty', { ...window, from: 10, to: 10 }],
  ['not a number', { ...window, from: Number.NaN }],
])('a window that is %s has no dots', (_, asked) => {
  const longer = (one: Fingerprint) => ({
    ...one,
    durationSeconds: asked.to === 610 || asked.refTo === 910 ? 600 : 700,
  })
  expect(computed({ ...input, query: longer(query), ref: longer(ref) }, asked)).toBeNull()
})

test('a query whose keyframes alone are kept has no finer dots if its search compared more', () => {
  const sparse = { ...query, video: { ...query.video, intervalMs: SPARSE_INTERVAL_MS } }
  expect(computed({ ...input, query: sparse }, window)).toBeNull()
  const some = { ...input.evidence, decoded: [{ start: 300, end: 340 }] }
  expect(computed({ ...input, query: sparse, evidence: some }, window)).toBeNull()
  const none = { ...input.evidence, decoded: [] }
  expect(computed({ ...input, query: sparse, evidence: none }, window)).not.toBeNull()
})

test('a crop that the kept query lacks has no finer dots', () => {
  const queryBox = { left: 0.1, top: 0.1, right: 0.9, bottom: 0.9 }
  const segments = input.segments.map((segment) => ({ ...segment, queryBox }))
  const passages = input.evidence.passages.map((passage) => ({ ...passage, queryBox }))
  const lost = { ...input, segments, evidence: { ...input.evidence, passages } }
  expect(computed(lost, window)).toBeNull()
  // Keypoints found this crop: the search compared no frames of it either.
  const found = passages.map(({ picture, ...passage }) => ({
    ...passage,
    picture: picture && ({ ...picture, method: 'keypoints' } as const),
  }))
  expect(computed({ ...lost, evidence: { ...input.evidence, passages: found } }, window)).not.toBeNull()
})
