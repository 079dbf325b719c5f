import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleSegment } from '../../../dna/testing/sample-segment.ts'
import {
  addSamples,
  isConfirmed,
  type KeyframeResult,
  rangesToRefine,
  refinementCandidates,
  widenRanges,
} from './plan-refinement.ts'
import type { LibraryMatch } from './search-library.ts'

const keyframes = Array.from({ length: 75 }, (_, i) => i * 4000)

type Seconds = readonly [startSeconds: number, endSeconds: number]
function pair(videoId: string, ranges: readonly Seconds[], fields: Partial<LibraryMatch> = {}): LibraryMatch {
  return {
    videoId,
    object: `${videoId}.mp4`,
    durationSeconds: 300,
    score: 0.95,
    similar: 95,
    audioSimilar: 95,
    queryCoverage: 0.5,
    refCoverage: 0.5,
    accepted: true,
    pictures: [],
    segments: ranges.map(([queryStart, queryEnd]) =>
      sampleSegment({ queryStart, queryEnd, refStart: queryStart, refEnd: queryEnd, score: 0.95 }),
    ),
    ...fields,
  }
}
function keyframeResult(
  matches: readonly LibraryMatch[],
  hits: KeyframeResult['hits'] = [],
  seeds: KeyframeResult['seeds'] = [],
): KeyframeResult {
  return {
    matches,
    hits,
    seeds,
    timesMs: keyframes,
    durationMs: 300_000,
  }
}
function hit(queryMs: number, distance: number): KeyframeResult['hits'][number] {
  return {
    videoId: 'dv9',
    kind: 'video',
    queryMs,
    refMs: 0,
    distance,
  }
}

test('only the two ends of a complete copy are refined', () => {
  expect(rangesToRefine(keyframeResult([pair('dv1', [[0, 300]])]))).toEqual([
    { fromMs: 0, toMs: 4000 },
    { fromMs: 296_000, toMs: 300_000 },
  ])
})

test('a segment that ends within the query is refined to one second beyond the next keyframe', () => {
  expect(rangesToRefine(keyframeResult([pair('dv1', [[99.9, 200.1]])]))).toEqual([
    { fromMs: 96_400, toMs: 103_900 },
    { fromMs: 196_100, toMs: 205_000 },
  ])
})

/** Sound over one range of the query, and pictures over a part of it. */
function heard(sound: Seconds, [start, end]: Seconds, pictureScore = 0.95): LibraryMatch {
  const match = pair('dv1', [sound], { pictures: [{ fromMs: 1000 * start, toMs: 1000 * end }] })
  return { ...match, segments: match.segments.map((one) => ({ ...one, pictureScore })) }
}

test('sound that ends between two keyframes tells where between them the pictures end', () => {
  expect(rangesToRefine(keyframeResult([heard([97.5, 202.5], [99.9, 200.1])]))).toEqual([
    { fromMs: 96_400, toMs: 101_500 },
    { fromMs: 198_500, toMs: 205_000 },
  ])
})

test('sound that starts a little before a keyframe does not move the range before that keyframe', () => {
  expect(rangesToRefine(keyframeResult([heard([95, 205.5], [99.9, 200.1])]))).toEqual([
    { fromMs: 96_400, toMs: 100_400 },
    { fromMs: 200_000, toMs: 205_000 },
  ])
})

test('where sound continues over two keyframes, the range reaches to the pictures', () => {
  expect(rangesToRefine(keyframeResult([heard([89.5, 211], [99.9, 200.1])]))).toEqual([
    { fromMs: 88_400, toMs: 103_900 },
    { fromMs: 196_100, toMs: 213_000 },
  ])
})

test('where sound continues over many keyframes, only the ends of the pictures are refined', () => {
  const ends = [
    { fromMs: 96_400, toMs: 103_900 },
    { fromMs: 196_100, toMs: 205_000 },
  ]
  expect(rangesToRefine(keyframeResult([heard([60, 260], [99.9, 200.1])]))).toEqual(ends)
  expect(rangesToRefine(keyframeResult([heard([0, 300], [99.9, 200.1])]))).toEqual(ends)
})

test('few or faint pictures do not tell where they end, so the ends of the sound are refined', () => {
  expect(rangesToRefine(keyframeResult([heard([60, 260], [99.9, 200.1], 0.3)]))).toEqual(
    rangesToRefine(keyframeResult([pair('dv1', [[60, 260]])])),
  )
})

test('every range at an end of a segment can show its pictures, however far the sound continues', () => {
  const seconds = (min: number, max: number) => fc.double({ min, max, noNaN: true })
  fc.assert(
    fc.property(
      seconds(40, 100),
      seconds(160, 260),
      seconds(0, 40),
      seconds(0, 40),
      (from, to, lead, tail) => {
        const ranges = rangesToRefine(
          keyframeResult([heard([from - lead, Math.min(300, to + tail)], [from, to])]),
        )
        if (ranges === 'whole') throw new Error('The ends are short.')
        // The pictures may start after the keyframe before them, and end before the one after them.
        const [before, after] = [1000 * from - 4250, 1000 * to + 4250]
        for (const { fromMs, toMs } of ranges) {
          expect(Math.min(toMs, after) - Math.max(fromMs, before)).toBeGreaterThanOrEqual(2500)
        }
      },
    ),
  )
})

test('the middle of a segment without audio is refined', () => {
  const silent = pair('dv1', [[0, 300]])
  const segments = silent.segments.map((one) => ({ ...one, kind: 'video' as const }))
  expect(rangesToRefine(keyframeResult([{ ...silent, segments }]))).toContainEqual({
    fromMs: 148_400,
    toMs: 153_400,
  })
})

test('three samples of a match with a low score are refined', () => {
  const ranges = rangesToRefine(keyframeResult([pair('dv1', [[0, 300]], { score: 0.5 })]))
  for (const fromMs of [72_400, 148_400, 224_400])
    expect(ranges).toContainEqual({ fromMs, toMs: fromMs + 5000 })
})

test('a segment that matches only in its audio is refined as a whole', () => {
  const audioOnly = pair('dv1', [[100, 120]])
  const segments = audioOnly.segments.map((one) => ({ ...one, kind: 'audio' as const }))
  expect(rangesToRefine(keyframeResult([{ ...audioOnly, segments }]))).toEqual([
    { fromMs: 96_000, toMs: 124_000 },
  ])
})

test('a segment that matches only in its audio is not refined if the picture matches another video', () => {
  const seen = pair('dv1', [[98, 121]])
  const audioOnly = pair('dv2', [[100, 120]])
  const segments = audioOnly.segments.map((one) => ({ ...one, kind: 'audio' as const }))
  expect(rangesToRefine(keyframeResult([seen, { ...audioOnly, segments }]))).toEqual(
    rangesToRefine(keyframeResult([seen])),
  )
  const elsewhere = rangesToRefine(keyframeResult([pair('dv1', [[98, 110]]), { ...audioOnly, segments }]))
  expect(elsewhere).toContainEqual({ fromMs: 96_000, toMs: 124_000 })
})

test('the whole file is refined if only a weak match or none was found', () => {
  expect(rangesToRefine(keyframeResult([]))).toBe('whole')
  expect(rangesToRefine(keyframeResult([pair('dv1', [[0, 300]], { accepted: false, score: 0.3 })]))).toBe(
    'whole',
  )
})

test('a weak match is refined if no better match covers that part of the query', () => {
  const better = pair('dv1', [[0, 200]])
  const weak = { accepted: false, score: 0.2 }
  const elsewhere = rangesToRefine(keyframeResult([better, pair('dv2', [[240, 260]], weak)]))
  expect(elsewhere).toContainEqual({ fromMs: 236_000, toMs: 264_000 })
  const within = rangesToRefine(keyframeResult([better, pair('dv2', [[100, 120]], weak)]))
  expect(within).toEqual(rangesToRefine(keyframeResult([better])))
})

test('a weak reading of an accepted match is refined if its picture may match', () => {
  const match = pair('dv1', [
    [0, 200],
    [240, 260],
  ])
  const weak = (kind: 'audio' | 'video') =>
    rangesToRefine(
      keyframeResult([
        {
          ...match,
          segments: match.segments.map((one, i) => (i === 1 ? { ...one, kind, weak: true } : one)),
        },
      ]),
    )
  const without = rangesToRefine(keyframeResult([pair('dv1', [[0, 200]])]))
  expect(weak('audio')).toEqual(without)
  expect(weak('video')).toEqual([...(without === 'whole' ? [] : without), { fromMs: 236_000, toMs: 264_000 }])
})

test('a frame close to a stored one is refined, a frame unlike any is not', () => {
  const found = [pair('dv1', [[0, 200]])]
  const near = keyframeResult(found, [hit(250_000, 40), hit(252_000, 90), hit(100_000, 10)])
  expect(rangesToRefine(near)).toContainEqual({ fromMs: 248_000, toMs: 252_000 })
  expect(rangesToRefine(keyframeResult(found, [hit(252_000, 90)]))).toEqual(
    rangesToRefine(keyframeResult(found)),
  )
  expect(refinementCandidates(near)).toEqual([{ videoId: 'dv1' }, { videoId: 'dv9' }])
})

test('a range is widened by two keyframes at the edge that a segment reaches', () => {
  const ranges = [
    { fromMs: 96_400, toMs: 104_000 },
    { fromMs: 196_000, toMs: 205_000 },
  ]
  const result = keyframeResult([])
  const wider = (segment: Seconds) => widenRanges([pair('dv1', [segment])], { ranges, result })
  expect(wider([100, 200])).toBeNull()
  expect(wider([96, 200])).toEqual([{ fromMs: 88_400, toMs: 104_000 }, ranges[1]])
  expect(wider([96.375, 204.625]), 'The first frame, of 96.25 s, and the last one differ').toBeNull()
  expect(wider([96.125, 200])).toEqual([{ fromMs: 88_400, toMs: 104_000 }, ranges[1]])
  expect(wider([100, 204.9])).toEqual([ranges[0], { fromMs: 196_000, toMs: 213_000 }])
  expect(widenRanges([pair('dv1', [[96, 205]], { accepted: false })], { ranges, result })).toBeNull()
})

test('a range is not widened beyond the ends of the query', () => {
  const ranges = [{ fromMs: 0, toMs: 300_000 }]
  expect(widenRanges([pair('dv1', [[0, 300]])], { ranges, result: keyframeResult([]) })).toBeNull()
})

test('a refinement confirms the keyframes if it matches as much of the query and of its picture as they did', () => {
  const matches = [
    pair('dv1', [[0, 150]]),
    pair('dv2', [[200, 210]], { accepted: false, queryCoverage: 0.03 }),
  ]
  const isConfirmedBy = (...refined: LibraryMatch[]): boolean => isConfirmed(matches, refined, 300_000)
  const full = pair('dv1', [[0, 149]], { queryCoverage: 0.497 })
  expect(isConfirmedBy(full)).toBe(true)
  expect(isConfirmedBy(pair('dv1', [[0, 60]], { queryCoverage: 0.2 }))).toBe(false)
  expect(isConfirmedBy({ ...full, accepted: false })).toBe(false)
  expect(isConfirmedBy({ ...full, score: 0.6 })).toBe(false)
  const heard = full.segments.map((one) => ({ ...one, kind: 'audio' as const }))
  expect(isConfirmedBy({ ...full, segments: heard })).toBe(false)
  expect(isConfirmedBy()).toBe(false)
})

test('a sample inside each segment with a picture is added once to what was refined', () => {
  const matches = [pair('dv1', [[99.9, 200.1]])]
  const result = keyframeResult(matches)
  const ends = [
    { fromMs: 96_400, toMs: 103_900 },
    { fromMs: 196_100, toMs: 205_000 },
  ]
  const sampled = addSamples(matches, { ranges: ends, result })
  expect(sampled).toEqual([ends[0], { fromMs: 148_400, toMs: 153_400 }, ends[1]])
  expect(addSamples(matches, { ranges: sampled === 'whole' ? [] : (sampled ?? []), result })).toBeNull()
  const heard = matches.map((match) => ({
    ...match,
    segments: match.segments.map((one) => ({ ...one, kind: 'audio' as const })),
  }))
  expect(addSamples(heard, { ranges: ends, result })).toBeNull()
})

test('in a library of keyframes, seeds outside the segments are refined with their videos', () => {
  const matches = [pair('a', [[0, 100]])]
  const seeds = [
    { videoId: 'a', queryMs: 50_000 },
    { videoId: 'b', queryMs: 202_000 },
  ]
  const plain = rangesToRefine(keyframeResult(matches))
  const ranges = rangesToRefine(keyframeResult(matches, [], seeds))
  expect(ranges).toEqual([...(plain === 'whole' ? [] : plain), { fromMs: 200_000, toMs: 204_000 }])
  const videoIds = refinementCandidates(keyframeResult(matches, [], seeds)).map(({ videoId }) => videoId)
  expect(videoIds).toEqual(['a', 'b'])
})
