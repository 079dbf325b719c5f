import { expect, test, vi } from 'vitest'

vi.stubGlobal('navigator', { language: 'en', onLine: true })
vi.stubGlobal('document', { documentElement: { dataset: {}, lang: '' } })
const { ageText, bytesText, lengthText, spanText } = await import('./format.ts')
const { preferences } = await import('../preferences.ts')

/** With usual spaces. */
const plain = (text: string) => text.replaceAll('\u00A0', ' ')

test.each([
  [0, '0 s'],
  [0.44, '0.4 s'],
  [9.96, '10 s'],
  [59.6, '1 min'],
  [125, '2 min 5 s'],
  [3600, '1 h'],
  [11_040, '3 h 4 min'],
  [90_000, '1 d 1 h'],
])('%s seconds are written as a span: %s', (seconds, text) => {
  expect(plain(spanText(seconds))).toBe(text)
})

test.each([
  [44.6, '0:45'],
  [289, '4:49'],
  [3723, '1:02:03'],
])('a video of %s seconds has the length %s', (seconds, text) => {
  expect(lengthText(seconds)).toBe(text)
})

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1500, '1.5 kB'],
  [331_000_000, '331 MB'],
  [5e15, '5,000 TB'],
])('%s bytes are written as %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

test('ages are rounded down, and less than a minute is just now', () => {
  const now = Date.parse('2026-01-02T00:00:00Z')
  expect(plain(ageText('2026-01-01T23:59:01Z', now))).toBe('just now')
  expect(plain(ageText('2026-01-01T23:53:10Z', now))).toBe('6 min ago')
  expect(plain(ageText('2025-12-30T01:00:00Z', now))).toBe('2 d ago')
})

test('Chinese spans have the spaces that other Chinese messages have', () => {
  const before = preferences.value
  preferences.value = { ...before, language: 'zh' }
  expect(plain(spanText(3.42))).toBe('3.4 秒')
  expect(plain(spanText(11_040))).toBe('3 小时 4 分钟')
  preferences.value = before
})
