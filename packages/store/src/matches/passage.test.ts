import { expect, test } from 'vitest'
import { passage } from './matches.fixture.ts'
import { factsOf } from './passage.ts'
import { isChanged } from './passage-change.ts'

test('overlapping passages count their common seconds of the query once', () => {
  const facts = factsOf([passage(5, 10), passage(0, 8), passage(30, 1.5)])
  expect(facts).toMatchObject({ similarSeconds: 16.5, passageCount: 3, ignored: false })
})

test('weak and ignored passages change no fact of a match', () => {
  const counted = passage(0, 5, { kind: 'audio' })
  const others = [
    passage(10, 5, { kind: 'video', weak: true, mirrored: true }),
    passage(20, 5, { ignored: 'ig1', speed: 1.5, turn: 90 }),
  ]
  expect(factsOf([counted, ...others])).toEqual(factsOf([counted]))
  expect(factsOf([counted])).toMatchObject({ hasPicture: false, hasSound: true, alterations: [], speed: 1 })
})

test('a match counts as ignored if an ignored passage leaves it none that counts', () => {
  expect(factsOf([passage(0, 5, { ignored: 'ig1' })]).ignored).toBe(true)
  expect(factsOf([passage(0, 5, { ignored: 'ig1' }), passage(9, 5, { weak: true })]).ignored).toBe(true)
  expect(factsOf([passage(0, 5, { ignored: 'ig1' }), passage(9, 5)]).ignored).toBe(false)
  expect(factsOf([]).ignored).toBe(false)
})

test('a match names every alteration of its passages, and the speed that differs most from 1', () => {
  const facts = factsOf([
    passage(0, 5, { mirrored: true, speed: 1.25 }),
    passage(9, 5, { turn: 270, speed: 0.5 }),
    passage(20, 5, { reversed: true, part: 'query', speed: 1.004 }),
  ])
  expect(facts.alterations).toEqual(['mirrored', 'turned', 'reversed', 'speed', 'part'])
  expect(facts.speed).toBe(0.5)
  expect(factsOf([passage(0, 5, { speed: 1.004 })]).alterations).toEqual([])
})

test.each([
  ['equal passages', [passage(0, 10)], [passage(0, 10)], false],
  ['ends that moved by under 2 s', [passage(2, 10)], [passage(0.5, 13)], false],
  ['an end that moved by 2 s', [passage(0, 10)], [passage(0, 12)], true],
  ['a passage that was lost', [passage(0, 10), passage(30, 2)], [passage(0, 10)], true],
  ['a passage of under 2 s more', [passage(0, 10)], [passage(0, 10), passage(30, 1.9)], false],
  ['one passage that became two neighbours', [passage(0, 10)], [passage(0, 4), passage(5, 5)], false],
  ['the same seconds of the query elsewhere', [passage(0, 10)], [passage(0, 10, { refStart: 103 })], true],
  ['the same seconds up to a second', [passage(0, 10)], [passage(0, 10, { refStart: 100.9 })], false],
  ['pictures besides the sound', [passage(0, 10, { kind: 'audio' })], [passage(0, 10)], true],
  ['a weak reading more', [passage(0, 10)], [passage(0, 10), passage(30, 9, { weak: true })], false],
  ['a passage ignored since', [passage(0, 10)], [passage(0, 10, { ignored: 'ig1' })], false],
  ['the passage backwards', [passage(0, 10)], [passage(0, 10, { reversed: true })], true],
  ['a slightly different speed', [passage(0, 10)], [passage(0, 10, { refEnd: 110.8 })], false],
  ['no passages twice', [], [], false],
])('two searches with %s: changed is decided by 2 s', (_name, before, after, expected) => {
  expect(isChanged(before, after)).toBe(expected)
  expect(isChanged(after, before)).toBe(expected)
})
