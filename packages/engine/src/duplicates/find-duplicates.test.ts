import { expect, test } from 'vitest'
import type { CollectionFile, ContentMatch } from './collection.ts'
import { findDuplicates } from './find-duplicates.ts'

type Fields = Partial<Omit<CollectionFile, 'facts'>> & { facts?: Partial<CollectionFile['facts']> }

function file(path: string, { facts, ...fields }: Fields = {}): CollectionFile {
  return {
    ...{ path, content: path, bytes: 1_000_000, isReference: false, isOwn: true, ...fields },
    facts: {
      ...{ durationSeconds: 100, width: 640, height: 360, hasAudio: true, codec: 'h264', fps: 25 },
      ...facts,
    },
  }
}

const upright = {
  ...{ speed: 1, mirrored: false, reversed: false, queryBox: null, refBox: null },
  turn: 0 as const,
  part: 'whole' as const,
}

type Kind = ContentMatch['segments'][number]['kind']

function match(
  query: string,
  ref: string,
  {
    coverage: [queryCoverage, refCoverage] = [1, 1],
    kind = 'both' as Kind,
    score = 0.9,
    ...more
  }: Partial<ContentMatch> & { coverage?: [number, number]; kind?: Kind } = {},
): ContentMatch {
  const segment = {
    ...{ queryStart: 0, queryEnd: 100 * queryCoverage, refStart: 0, refEnd: 100 * refCoverage, score, kind },
    ...upright,
    ...{ pictureScore: score, soundScore: score, weak: false },
  } as const
  const similarity = { score, similar: 90, audioSimilar: 90, accepted: true }
  return { query, ref, queryCoverage, refCoverage, segments: [segment], ...similarity, ...more }
}

const relations = ({ pairs }: ReturnType<typeof findDuplicates>) =>
  pairs.map(({ a, b, relation, tracks }) => `${a.path} ${b.path} ${relation} ${tracks}`)

test.each([
  [[0.95, 0.9], 'both', 'whole both'],
  [[1, 0.5], 'both', 'excerpt both'],
  [[0.2, 0.89], 'both', 'passages both'],
  [[1, 1], 'video', 'whole pictures'],
  [[1, 1], 'audio', 'whole sound'],
] as const)('files that cover %j of each other by %s are related as %s', (coverage, kind, expected) => {
  const found = findDuplicates([file('a'), file('b')], [match('a', 'b', { coverage: [...coverage], kind })])
  expect(relations(found)).toEqual([`a b ${expected}`])
  expect(found.groups).toHaveLength(expected === 'whole both' ? 1 : 0)
})

test('a pair found from both sides is one row, and a content never matches itself or what is not there', () => {
  const matches = [match('b', 'a'), match('a', 'b'), match('a', 'a'), match('a', 'gone')]
  const weak = match('a', 'c', { accepted: false })
  const found = findDuplicates([file('a'), file('b'), file('c')], [...matches, weak])
  expect(relations(found)).toEqual(['a b whole both'])
  const reversed = findDuplicates([file('c'), file('b'), file('a')], [weak, ...matches.toReversed()])
  expect(reversed).toEqual(found)
})

test('identical files are rows of their own, and one of them stands for all', () => {
  const same = ['x', 'y', 'z'].map((path) => file(path, { content: 'same' }))
  const found = findDuplicates([...same, file('other')], [match('other', 'same', { coverage: [1, 0.5] })])
  expect(relations(found)).toEqual(['x y identical both', 'x z identical both', 'other x excerpt both'])
  expect(found.groups).toMatchObject([{ keep: { path: 'x' }, spare: [{ path: 'y' }, { path: 'z' }] }])
})

test('the reference is kept and is never spare even if its quality is lower', () => {
  const reference = file('small', { isReference: true, facts: { width: 320, height: 180 } })
  const other = file('also', { isReference: true })
  const found = findDuplicates(
    [file('large'), reference, other],
    [match('small', 'large'), match('also', 'large'), match('small', 'also')],
  )
  expect(found.groups.map(({ keep, spare }) => [keep.path, spare.map(({ path }) => path)])).toEqual([
    ['also', ['large']],
  ])
  // Two references are no pair to act on.
  expect(relations(found)).toEqual(['also large whole both', 'small large whole both'].sort())
})

test('without a reference, most pixels are kept, then most bits a second', () => {
  const keep = (...files: CollectionFile[]) =>
    findDuplicates(files, [match('a', 'b')]).groups.map(({ keep: { path } }) => path)
  expect(keep(file('a'), file('b', { facts: { width: 1280, height: 720 } }))).toEqual(['b'])
  expect(keep(file('a'), file('b', { bytes: 2_000_000 }))).toEqual(['b'])
  expect(keep(file('a'), file('b'))).toEqual(['a'])
})

test('a file is not spare if the kept one lacks its sound, is only a copy of a copy, or it is a link', () => {
  const silent = file('a', { facts: { width: 1280, height: 720, hasAudio: false } })
  expect(findDuplicates([silent, file('b')], [match('a', 'b')]).groups[0]?.spare).toEqual([])
  const chain = [match('a', 'b'), match('b', 'c')]
  const [group] = findDuplicates([file('a', { bytes: 9e6 }), file('b'), file('c')], chain).groups
  expect(group?.files.map(({ path }) => path)).toEqual(['a', 'b', 'c'])
  expect(group?.spare.map(({ path }) => path)).toEqual(['b'])
  const linked = file('b', { isOwn: false, content: 'a' })
  expect(findDuplicates([file('a'), linked], []).groups[0]?.spare).toEqual([])
})
