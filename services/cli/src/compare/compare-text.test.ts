import { expect, test } from 'vitest'
import { compareText } from './compare-text.ts'

const hasAudio = { a: true, b: true }
const kinds = { a: 'video', b: 'video' } as const

const match = {
  score: 0.9312,
  similar: 96,
  audioSimilar: 0,
  queryCoverage: 1,
  refCoverage: 0.25,
  accepted: true,
  segments: [
    {
      queryStart: 0,
      queryEnd: 10,
      refStart: 65,
      refEnd: 75,
      score: 0.93,
      kind: 'video' as const,
      speed: 1.05,
      mirrored: true,
      reversed: true,
      turn: 90 as const,
      queryBox: null,
      refBox: null,
      part: 'whole' as const,
      pictureScore: 0.7,
      soundScore: 0.5,
      weak: false,
    },
  ],
}

test('compare prints the score, the coverage and each segment', () => {
  const text = compareText(match, {
    seconds: { a: 10, b: 40 },
    hasAudio,
    kinds,
    tracks: 'both',
    columns: null,
  })
  expect(text.split('\n')).toEqual([
    'score     0.931 (the pictures match, the sound does not)',
    'similar   pictures 96 of 100, sound 0 of 100',
    'covered   100 % of A, 25 % of B',
    '',
    '   in A               in B               score  by     speed',
    'a  0:00.00 - 0:10.00  1:05.00 - 1:15.00  0.930  video  x1.05  mirrored, rotated 90°, backwards',
  ])
})

test('on a terminal, both files are drawn', () => {
  const text = compareText(match, {
    seconds: { a: 10, b: 100 },
    hasAudio,
    kinds,
    tracks: 'both',
    columns: 20,
  })
  expect(text).toContain('  A |aaaaaaaaaaaaaaaaaaaa|\n  B |.............aa.....|')
})

test('two files without a shared segment are reported as having nothing in common', () => {
  expect(
    compareText(
      { ...match, segments: [] },
      { seconds: { a: 1, b: 1 }, hasAudio, kinds, tracks: 'both', columns: 20 },
    ),
  ).toBe('The two files have nothing in common.')
})

test('shared sound without shared pictures is not reported as a copy', () => {
  const segments = match.segments.map((one) => ({ ...one, kind: 'audio' as const }))
  const sound = { ...match, similar: 0, audioSimilar: 98, segments }
  const text = compareText(sound, {
    seconds: { a: 10, b: 40 },
    hasAudio,
    kinds,
    tracks: 'both',
    columns: null,
  })
  expect(text).toContain('score     0.931 (the sound matches, the picture differs)')
})

test('the sound line names the file without sound', () => {
  const told = (a: boolean, b: boolean) =>
    compareText(match, {
      seconds: { a: 10, b: 40 },
      hasAudio: { a, b },
      kinds,
      tracks: 'both',
      columns: null,
    }).split('\n')[1]
  expect(told(false, true)).toBe('similar   pictures 96 of 100, sound not compared: A has none')
  expect(told(true, false)).toContain('B has none')
  expect(told(false, false)).toContain('both have none')
})

test('tracks that are not compared are named instead of a similarity', () => {
  const files = { seconds: { a: 10, b: 40 }, hasAudio, kinds, columns: null }
  const pictures = compareText(match, { ...files, tracks: 'pictures' })
  expect(pictures).toContain('(the pictures are a copy, the sound is not compared)')
  expect(pictures).toContain('pictures 96 of 100, sound not compared\n')
  const segments = match.segments.map((one) => ({ ...one, kind: 'audio' as const }))
  const sound = compareText({ ...match, audioSimilar: 98, segments }, { ...files, tracks: 'sound' })
  expect(sound).toContain('(the sound matches, the picture is not compared)')
  expect(sound).toContain('pictures not compared, sound 98 of 100\n')
})

test('a picture has no time of its own, and is drawn as long as its line', () => {
  const [segment] = match.segments
  const segments = segment ? [{ ...segment, queryStart: 0, queryEnd: 0, speed: 1 }] : []
  const text = compareText(
    { ...match, segments },
    {
      seconds: { a: 0, b: 100 },
      hasAudio: { a: false, b: true },
      kinds: { a: 'picture', b: 'video' },
      tracks: 'both',
      columns: 10,
    },
  )
  expect(text).toContain('(B shows picture A)')
  expect(text).toContain('a  the picture  1:05.00 - 1:15.00')
  expect(text).toContain('  A |aaaaaaaaaa|\n  B |......aa..|')
})

test.each([
  ['sound', 'picture', { a: true, b: false }, 'both', 'A has only sound, B has no sound'],
  ['video', 'sound', { a: false, b: true }, 'both', 'A has no sound, B has only sound'],
  [
    'video',
    'sound',
    { a: true, b: true },
    'pictures',
    'B has only sound, and only pictures would be compared',
  ],
  [
    'picture',
    'video',
    { a: false, b: true },
    'sound',
    'A has no sound, B has pictures and sound, and only sound',
  ],
] as const)(
  'a %s and a %s without a common track are not compared, and the text says why',
  (a, b, audio, tracks, why) => {
    const files = { seconds: { a: 0, b: 40 }, hasAudio: audio, kinds: { a, b }, tracks, columns: null }
    const text = compareText({ ...match, accepted: false, segments: [] }, files)
    expect(text).toContain('There is nothing to compare: ')
    expect(text).toContain(why)
  },
)

test('sound alone that matches is said so, without pictures that differ', () => {
  const segments = match.segments.map((one) => ({ ...one, kind: 'audio' as const }))
  const files = {
    seconds: { a: 10, b: 40 },
    hasAudio,
    kinds: { a: 'sound', b: 'video' },
    tracks: 'both',
  } as const
  const text = compareText({ ...match, segments }, { ...files, columns: null })
  expect(text).toContain('(the sound matches)\nsimilar   pictures not compared: A has none')
})
