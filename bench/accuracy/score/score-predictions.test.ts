import { describe, expect, test } from 'vitest'
import type { BenchQuery, ExpectedSegment, Manifest, Prediction } from '../manifest.ts'
import { boundaryErrors } from './boundary-error.ts'
import { unionLength } from './interval.ts'
import { atPrecision, microAveragePrecision, operatingPoints, withoutFalse } from './micro-ap.ts'
import { scorePredictions } from './score-predictions.ts'
import { segmentAveragePrecision } from './segment-ap.ts'
import { segmentAgreement } from './vcsl.ts'

function passage(
  queryStart: number,
  queryEnd: number,
  refStart: number,
  refEnd = refStart + queryEnd - queryStart,
) {
  return {
    queryStart,
    queryEnd,
    refStart,
    refEnd,
  }
}
function expected(ref: string, ...times: Parameters<typeof passage>): ExpectedSegment {
  return {
    ...passage(...times),
    ref,
    speed: 1,
    tracks: 'av',
    reversed: false,
  }
}
function query(id: string, segments: ExpectedSegment[], more: Partial<BenchQuery> = {}): BenchQuery {
  return {
    id,
    path: `${id}.mp4`,
    family: 'crop',
    variant: '10',
    label: segments.length > 0 ? 'positive' : 'negative',
    duration: 10,
    segments,
    ignore: [],
    ...more,
  }
}
function bench(...queries: BenchQuery[]): Manifest {
  return {
    name: 'by hand',
    skipped: [],
    library: ['a', 'b', 'c'].map((id) => ({ id, path: `${id}.mp4`, duration: 60 })),
    queries,
  }
}
function row(
  ids: string,
  score: number,
  times = passage(0, 10, 20),
  more: Partial<Prediction> = {},
): Prediction {
  return { query: ids[0] ?? '', ref: ids[1] ?? '', score, ...times, ...more }
}

test('overlapping intervals count once', () => {
  expect(
    unionLength([
      [0, 4],
      [3, 6],
      [10, 11],
      [5, 5],
      [8, 7],
    ]),
  ).toBe(7)
})

describe('micro average precision', () => {
  test('a wrong pair between two copies gives 1/2 + 2/3 x 1/2', () => {
    const points = operatingPoints(
      [
        { score: 0.9, copy: true },
        { score: 0.8, copy: false },
        { score: 0.7, copy: true },
      ],
      2,
    )
    expect(microAveragePrecision(points)).toBeCloseTo(1 / 2 + 2 / 3 / 2)
    expect(withoutFalse(points)).toMatchObject({ score: 0.9, recall: 0.5 })
    expect(atPrecision(points, 0.66)).toMatchObject({ score: 0.7, recall: 1 })
  })

  test('equal scores make one step, in any order', () => {
    const pairs = [
      { score: 1, copy: true },
      { score: 1, copy: false },
      { score: 0.5, copy: true },
    ]
    for (const order of [pairs, [...pairs].reverse()])
      expect(microAveragePrecision(operatingPoints(order, 2))).toBeCloseTo(0.5 * 0.5 + (2 / 3) * 0.5)
  })

  test('a copy that is never found limits it, and it is 0 if nothing is found', () => {
    expect(microAveragePrecision(operatingPoints([{ score: 1, copy: true }], 4))).toBe(0.25)
    expect(microAveragePrecision(operatingPoints([], 4))).toBe(0)
    expect(withoutFalse([]).recall).toBe(0)
  })
})

describe('segments', () => {
  test('half of a segment has full precision and a recall of a quarter, half on each side', () => {
    const { precision, recall } = segmentAgreement([passage(0, 5, 10)], [passage(0, 10, 10)])
    expect([precision, recall]).toEqual([expect.closeTo(1), expect.closeTo(0.25)])
  })

  test('the right query time at the wrong reference time counts for nothing', () => {
    expect(segmentAgreement([passage(0, 10, 0)], [passage(0, 10, 20)])).toEqual({ precision: 0, recall: 0 })
  })

  test('a segment found in two pieces loses nothing', () => {
    const { precision, recall } = segmentAgreement(
      [passage(0, 5, 10), passage(5, 10, 15)],
      [passage(0, 10, 10)],
    )
    expect([precision, recall]).toEqual([expect.closeTo(1), expect.closeTo(1)])
  })

  test('a missed copy has no recall, and a false one no precision', () => {
    expect(segmentAgreement([], [passage(0, 1, 0)])).toEqual({ precision: 1, recall: 0 })
    expect(segmentAgreement([passage(0, 1, 0)], [])).toEqual({ precision: 0, recall: 1 })
  })

  test('the boundary error is the mean over the four ends of the segment that overlaps most', () => {
    const said = [passage(0, 2, 10), passage(1, 10, 12, 20)]
    expect(boundaryErrors(said, [passage(0, 10, 10)])).toEqual([(1 + 0 + 2 + 0) / 4])
    expect(boundaryErrors(said, [passage(0, 10, 40)])).toEqual([])
  })

  test('average precision over seconds counts a correct half, then as many wrong seconds, then the other half', () => {
    const copy = {
      expected: [passage(0, 10, 0)],
      rows: [
        { ...passage(0, 5, 0), score: 0.9 },
        { ...passage(5, 10, 5), score: 0.5 },
      ],
    }
    const other = { expected: [], rows: [{ ...passage(0, 5, 0), score: 0.7 }] }
    expect(segmentAveragePrecision([copy, other])).toBeCloseTo(0.5 * 1 + 0.5 * (10 / 15))
    expect(segmentAveragePrecision([copy])).toBeCloseTo(1)
  })
})

describe('a bench', () => {
  const manifest = bench(
    query('1', [expected('a', 0, 10, 20)]),
    query('2', [expected('b', 0, 10, 20)], { family: 'flip' }),
    query('3', []),
    query('4', [], { ignore: [{ ref: 'c' }] }),
  )

  test('the expected segments score 1 everywhere', () => {
    const score = scorePredictions(manifest, [row('1a', 0.9), row('2b', 0.9)])
    expect(score).toMatchObject({ pairs: 2, microAP: 1, acceptedAndWrong: [], withoutFalse: { recall: 1 } })
    expect(score.segmentAP).toBeCloseTo(1)
    expect(score.withoutFalse.segments.f1).toBeCloseTo(1)
    expect(score.withoutFalse.segments.boundaryMedian).toBe(0)
  })

  test('a false pair between two copies reduces recall without false pairs, by family too', () => {
    const wrong = row('3a', 0.8, passage(0, 5, 0), { accepted: true })
    const score = scorePredictions(manifest, [row('1a', 0.9), wrong, row('2b', 0.7)])
    expect(score.microAP).toBeCloseTo(0.5 + 1 / 3)
    expect(score.withoutFalse).toMatchObject({ recall: 0.5, score: 0.9 })
    expect(score.atAny).toMatchObject({ recall: 1, wrong: 1 })
    expect(score.acceptedAndWrong).toEqual(['3 -> a'])
    const families = new Map(score.families.map((one) => [one.family, one]))
    expect(families.get('crop')).toMatchObject({ pairs: 1, recallWithoutFalse: 1 })
    expect(families.get('flip')).toMatchObject({ pairs: 1, recallWithoutFalse: 0, recallAtAny: 1 })
    expect(families.get('(negative)')).toMatchObject({ queries: 2, pairs: 0, falsePairs: 1 })
  })

  test('severities are scored apart, mildest first, without negatives', () => {
    const graded = bench(
      query('1', [expected('a', 0, 10, 20)], { severity: 'severe' }),
      query('2', [expected('b', 0, 10, 20)], { severity: 'mild' }),
      query('3', [], { severity: 'mild' }),
    )
    const { severities } = scorePredictions(graded, [row('2b', 0.9), row('3a', 0.8), row('1a', 0.7)])
    expect(severities).toMatchObject([
      { family: 'mild', pairs: 1, recallWithoutFalse: 1 },
      { family: 'severe', pairs: 1, recallWithoutFalse: 0, recallAtAny: 1 },
    ])
    expect(scorePredictions(manifest, []).severities).toEqual([])
  })

  test('an ignored pair is neither right nor wrong', () => {
    const score = scorePredictions(manifest, [
      row('1a', 0.5),
      row('2b', 0.5),
      row('4c', 0.9, passage(0, 5, 0)),
    ])
    expect(score).toMatchObject({ microAP: 1, atAny: { wrong: 0 } })
  })

  test('if audio is shifted against the video, the video determines the expected times', () => {
    const sound: ExpectedSegment = { ...expected('a', 2, 10, 20), tracks: 'a' }
    const shifted = bench(query('1', [{ ...expected('a', 0, 10, 20), tracks: 'v' }, sound]))
    const score = scorePredictions(shifted, [row('1a', 1)])
    expect(score.withoutFalse.segments.recall).toBeCloseTo(1)
    expect(score.pairs).toBe(1)
  })

  test('rows of unknown videos are refused', () => {
    expect(() => scorePredictions(manifest, [row('1z', 1)])).toThrow('no pair 1 / z')
    expect(() => scorePredictions(manifest, [row('1a', Number.NaN)])).toThrow('not a number')
  })
})
