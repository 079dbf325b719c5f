import { expect, test } from 'vitest'
import { containsCondition, containsPattern } from './contains-pattern.ts'

function conditionOf(text: string): { readonly sql: string; readonly values: readonly unknown[] } {
  const values: unknown[] = []
  const sql = containsCondition('name', text, (value) => `$${values.push(value)}`)
  return { sql, values }
}

test('the signs of a pattern stand for themselves in a searched text', () => {
  expect(containsPattern('100%_a\\b')).toBe('%100\\%\\_a\\\\b%')
})

test.each(['trailer', '100%', '預告片', '😀'])(
  'the text %s, without cased letters beyond ASCII, is folded as ASCII',
  (text) => {
    expect(conditionOf(text)).toEqual({ sql: 'name collate "C" ilike $1', values: [containsPattern(text)] })
  },
)

test('with other cased letters, the cases of the first one are searched before rows are folded', () => {
  expect(conditionOf('Der Фильм')).toEqual({
    sql: '(name collate "C" like any ($2::text[]) and name ilike $1)',
    values: ['%Der Фильм%', expect.arrayContaining(['%ф%', '%Ф%'])],
  })
})

test('the cases of a letter are all that become the same in lower case', () => {
  expect(conditionOf('Å').values[1]).toEqual(['%å%', '%Å%', '%\u212b%'])
  expect(conditionOf('ß').values[1]).toEqual(['%ß%', '%ẞ%'])
})
