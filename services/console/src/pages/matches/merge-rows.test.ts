import { expect, test } from 'vitest'
import { mergeRows, newcomersOf } from './merge-rows.ts'

function rows(...ids: readonly string[]) {
  return ids.map((id) => ({ matchId: id[0] ?? '', version: Number(id[1] ?? 1) }))
}

test('rows keep their order and change in place, and those that the list lost stay', () => {
  expect(mergeRows(rows('a', 'b', 'c'), rows('c', 'a2'))).toEqual(rows('a2', 'b', 'c'))
})

test('new rows before the shown ones wait, and rows after them are added', () => {
  const shown = rows('a', 'b')
  const listed = rows('x', 'a', 'y', 'b', 'z')
  const merged = mergeRows(shown, listed)
  expect(merged).toEqual(rows('a', 'b', 'z'))
  expect(newcomersOf(merged, listed, new Map())).toEqual(rows('x', 'y'))
})

test('a match that the reviewer has just decided is no newcomer', () => {
  expect(newcomersOf(rows('a'), rows('b', 'a'), new Map([['b', 1]]))).toEqual([])
})

test('when nothing of what was shown is left, the whole list is shown', () => {
  expect(mergeRows([], rows('a', 'b'))).toEqual(rows('a', 'b'))
})
