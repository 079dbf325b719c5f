import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passage } from '../matches/matches.fixture.ts'
import type { Passage } from '../matches/passage.ts'
import { type IgnoredRange, markIgnored, withoutMarks } from './mark-ignored.ts'

function range(start: number, end: number, changes: Partial<IgnoredRange> = {}): IgnoredRange {
  return { ignoredId: 'ig1', everywhere: false, start, end, ...changes }
}

/** The parts of one passage, as [queryStart, queryEnd, refStart, refEnd, ignored]. */
function partsOf(one: Passage, ranges: readonly IgnoredRange[]) {
  const byEtag = new Map([['"ref"', ranges]])
  const [pair] = markIgnored([{ etag: '"ref"', isProven: true, passages: [one] }], {
    byEtag,
    queryEtag: '"query"',
  })
  return pair?.passages.map(({ queryStart, queryEnd, refStart, refEnd, ignored = null }) => [
    ...[queryStart, queryEnd, refStart, refEnd],
    ignored,
  ])
}

test('a passage within an ignored range is ignored whole', () => {
  expect(partsOf(passage(5, 8, { refStart: 0 }), [range(0, 8.4)])).toEqual([[5, 13, 0, 8, 'ig1']])
})

test('a passage beside an ignored range is left as it is', () => {
  const one = passage(5, 8, { refStart: 20 })
  expect(partsOf(one, [range(0, 20), range(28, 40)])).toEqual([[5, 13, 20, 28, null]])
})

test('a passage is divided at the edges of an ignored range, on both sides', () => {
  expect(partsOf(passage(5, 20, { refStart: 0 }), [range(8, 12)])).toEqual([
    [5, 13, 0, 8, null],
    [13, 17, 8, 12, 'ig1'],
    [17, 25, 12, 20, null],
  ])
})

test('a backwards and faster passage is divided where the query shows the range', () => {
  const one = { ...passage(10, 10, { refStart: 40 }), refEnd: 60, speed: 2, reversed: true }
  expect(partsOf(one, [range(54, 70)])).toEqual([
    [10, 13, 54, 60, 'ig1'],
    [13, 20, 40, 54, null],
  ])
})

test('what is left of a divided passage under 2 s is ignored too, and a short passage of its own is not', () => {
  expect(partsOf(passage(5, 12, { refStart: 0 }), [range(1.9, 10.1)])).toEqual([[5, 17, 0, 12, 'ig1']])
  expect(partsOf(passage(5, 12, { refStart: 0 }), [range(2, 10)])).toHaveLength(3)
  expect(partsOf(passage(5, 1.5, { refStart: 20 }), [range(0, 8)])).toEqual([[5, 6.5, 20, 21.5, null]])
})

test('two ignored ranges side by side leave nothing between them', () => {
  const two = [range(0, 8), range(8, 12, { ignoredId: 'ig2' })]
  expect(partsOf(passage(0, 12, { refStart: 0 }), two)).toEqual([
    [0, 8, 0, 8, 'ig1'],
    [8, 12, 8, 12, 'ig2'],
  ])
})

/** The ids that mark each reference's passages, where reference A has an ignored ident in its first 8 s. */
function marksOf(everywhere: boolean, ident: Passage, inOther: Passage, { isProven = true } = {}) {
  const byEtag = new Map([['"a"', [range(0, 8, { everywhere })]]])
  const pairs = [
    { etag: '"a"', isProven, passages: [ident] },
    { etag: '"b"', isProven: true, passages: [inOther] },
  ]
  return markIgnored(pairs, { byEtag, queryEtag: '"query"' }).map(({ passages }) =>
    passages.map(({ ignored = null }) => ignored),
  )
}

const ident = passage(10, 8, { refStart: 0 })

test('an ident in the query is ignored in every other reference, if it is ignored everywhere', () => {
  const other = passage(10, 8, { refStart: 300 })
  expect(marksOf(true, ident, other)).toEqual([['ig1'], ['ig1']])
  expect(marksOf(false, ident, other)).toEqual([['ig1'], [null]])
  expect(marksOf(true, ident, passage(10, 20, { refStart: 300 }))).toEqual([['ig1'], ['ig1', null]])
  expect(marksOf(true, ident, passage(30, 20, { refStart: 300 }))).toEqual([['ig1'], [null]])
})

test('other content in the seconds of an ident is kept: another track, or another part of the frame', () => {
  const left = { left: 0, top: 0, right: 0.5, bottom: 1 }
  const right = { left: 0.5, top: 0, right: 1, bottom: 1 }
  const of = (changes: Partial<Passage>) => passage(10, 8, { refStart: 300, ...changes })
  expect(marksOf(true, { ...ident, kind: 'audio' }, of({ kind: 'video' }))[1]).toEqual([null])
  expect(marksOf(true, { ...ident, kind: 'audio' }, of({ kind: 'both' }))[1]).toEqual([null])
  expect(marksOf(true, { ...ident, kind: 'audio' }, of({ kind: 'audio' }))[1]).toEqual(['ig1'])
  expect(marksOf(true, { ...ident, queryBox: left }, of({ queryBox: right }))[1]).toEqual([null])
  expect(marksOf(true, { ...ident, queryBox: left }, of({ queryBox: null }))[1]).toEqual([null])
  expect(marksOf(true, { ...ident, queryBox: left }, of({ queryBox: left }))[1]).toEqual(['ig1'])
  expect(marksOf(true, ident, of({ queryBox: right }))[1]).toEqual(['ig1'])
})

test('neither a weak passage nor a near miss tells what the query shows', () => {
  const nearMiss = marksOf(true, ident, passage(10, 8, { refStart: 300 }), { isProven: false })
  expect(nearMiss).toEqual([['ig1'], [null]])
  expect(marksOf(true, { ...ident, weak: true }, passage(10, 8, { refStart: 300 }))).toEqual([
    ['ig1'],
    [null],
  ])
})

test('a query that is itself a stored video shows its own ignored ranges', () => {
  const byEtag = new Map([['"query"', [range(10, 18, { everywhere: true })]]])
  const pairs = [{ etag: '"b"', isProven: true, passages: [passage(10, 20, { refStart: 300 })] }]
  const [pair] = markIgnored(pairs, { byEtag, queryEtag: '"query"' })
  expect(pair?.passages.map(({ ignored = null }) => ignored)).toEqual(['ig1', null])
})

test('removing the marks gives back the passages as they were found', () => {
  const time = fc.integer({ min: 0, max: 60_000 }).map((ms) => ms / 1000)
  const ranges = fc.array(
    fc
      .tuple(time, time, fc.boolean())
      .map(([a, b, everywhere]) =>
        range(Math.min(a, b), Math.max(a, b) + 0.5, { everywhere, ignoredId: `ig${a}` }),
      ),
    { maxLength: 6 },
  )
  const passages = fc.array(
    fc
      .record({
        at: time,
        seconds: fc.integer({ min: 500, max: 40_000 }),
        refStart: time,
        reversed: fc.boolean(),
      })
      .map(({ at, seconds, refStart, reversed }) => passage(at, seconds / 1000, { refStart, reversed })),
    { minLength: 1, maxLength: 4 },
  )
  fc.assert(
    fc.property(ranges, passages, (all, found) => {
      const byEtag = new Map([['"ref"', all]])
      const of = { byEtag, queryEtag: '"query"' }
      const [once] = markIgnored([{ etag: '"ref"', isProven: true, passages: found }], of)
      const [twice] = markIgnored([{ etag: '"ref"', isProven: true, passages: once?.passages ?? [] }], of)
      expect(twice?.passages).toEqual(once?.passages)
      const distinct = new Map(found.map((one) => [JSON.stringify(one), one]))
      expect(withoutMarks(once?.passages ?? [])).toEqual([...distinct.values()])
      for (const { queryStart, queryEnd, ignored = null, cutFrom } of once?.passages ?? [])
        if (cutFrom !== undefined && ignored === null) expect(queryEnd - queryStart).toBeGreaterThan(1.998)
    }),
  )
})
