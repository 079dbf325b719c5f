import { expect, test } from 'vitest'
import { tableText } from '../admin/output.ts'
import { visible, visibleLines } from './visible.ts'

test('names cannot break a line, colour a terminal or turn the direction of its text', () => {
  expect(visible('new\nline\r\t.mp4')).toBe('new\\nline\\r\\t.mp4')
  expect(visible('\u001b[2J\u009b31mred')).toBe('\\u{1b}[2J\\u{9b}31mred')
  expect(visible('\u202egpj.mp4\u2066x\u200f\u2028')).toBe('\\u{202e}gpj.mp4\\u{2066}x\\u{200f}\\u{2028}')
  expect(visible('größe 影片 שלום 👍.mp4')).toBe('größe 影片 שלום 👍.mp4')
  expect(visibleLines('one\ntwo\u0007')).toBe('one\ntwo\\u{7}')
})

test('a name with a line break stays in its row of a table', () => {
  expect(tableText(['file', 'n'], [['a\nb', 1]])).toBe('file  n\na\\nb  1')
})
