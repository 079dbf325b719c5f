import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Detection, JobResult } from './job.ts'
import { DETECTIONS_MAX, limitResult, SEGMENTS_MAX } from './limit-result.ts'

function segment(queryStart: number, seconds: number) {
  return {
    queryStart,
    queryEnd: queryStart + seconds,
    refStart: 0,
    refEnd: seconds,
    score: 1,
    kind: 'both' as const,
    speed: 1,
    mirrored: false,
    reversed: false,
    turn: 0 as const,
    queryBox: null,
    refBox: null,
    part: 'whole' as const,
    pictureScore: 0.7,
    soundScore: 0.5,
    weak: false,
  }
}

function detection(videoId: string, segments: number): Detection {
  return {
    videoId,
    object: `${videoId}.mp4`,
    durationSeconds: 1_000,
    score: 1,
    similar: 100,
    audioSimilar: 100,
    queryCoverage: 1,
    refCoverage: 1,
    segments: Array.from({ length: segments }, (_, n) => segment(n * 10, 1 + (n % 7))),
  }
}

function result(counts: readonly number[]): JobResult {
  return {
    videoId: 'dv1',
    durationSeconds: 1_000,
    detections: counts.map((segments, n) => detection(`dv${n}`, segments)),
  }
}

test('a result within the limits is unchanged', () => {
  const small = result([1, 20, 3])
  expect(limitResult(small)).toBe(small)
  const full = result(Array<number>(DETECTIONS_MAX).fill(SEGMENTS_MAX / DETECTIONS_MAX))
  expect(limitResult(full)).toBe(full)
})

test('the best detections keep their longest segments in order, and the rest is counted', {
  tags: ['cut-results'],
}, () => {
  const limited = limitResult(result([5_000, 10]))
  expect(limited.truncated).toEqual({ detections: 0, segments: 5_010 - SEGMENTS_MAX })
  expect(limited.detections[1]?.segments).toHaveLength(10)
  const [first] = limited.detections
  const starts = first?.segments.map(({ queryStart }) => queryStart) ?? []
  expect(starts).toEqual([...starts].sort((a, b) => a - b))
  expect(Math.min(...(first?.segments.map(({ refEnd }) => refEnd) ?? []))).toBeGreaterThan(3)
  const many = limitResult(result(Array<number>(700).fill(1)))
  expect(many.truncated).toEqual({ detections: 200, segments: 200 })
  expect(many.detections.map(({ videoId }) => videoId)).toEqual(
    Array.from({ length: DETECTIONS_MAX }, (_, n) => `dv${n}`),
  )
})

test('any result is cut to its limits, and each detection keeps a segment', {
  tags: ['result-limit'],
}, () => {
  const counts = fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 800 })
  fc.assert(
    fc.property(counts, (found) => {
      const limited = limitResult(result(found))
      const kept = limited.detections.map(({ segments }) => segments.length)
      expect(kept.length).toBeLessThanOrEqual(DETECTIONS_MAX)
      expect(kept.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(SEGMENTS_MAX)
      expect(kept.every((segments) => segments > 0)).toBe(true)
      const cut = limited.truncated ?? { detections: 0, segments: 0 }
      expect(kept.length + cut.detections).toBe(found.length)
      expect(kept.reduce((a, b) => a + b, 0) + cut.segments).toBe(found.reduce((a, b) => a + b, 0))
    }),
    { numRuns: 30 },
  )
})
