import { expect, test } from 'vitest'
import { changeOf, shorten } from './shorten.ts'

test('secrets, queries of addresses and long texts never reach the audit log', () => {
  const given = {
    name: 'x'.repeat(300),
    secretKey: 'hidden',
    notify: { url: 'https://li:pass@hooks.test/done?token=hidden', token: 'hidden' },
    ids: Array.from({ length: 30 }, (_, at) => at),
  }
  const shown = shorten(given) as typeof given
  expect(JSON.stringify(shown)).not.toMatch(/hidden|pass|li:/)
  expect(shown.notify.url).toBe('https://hooks.test/done?…')
  expect(shown.name).toHaveLength(201)
  expect(shown.ids.at(-1)).toBe('… 10 more')
  expect(shorten({ a: { b: { c: { d: { e: 1 } } } } })).toEqual({ a: { b: { c: { d: '…' } } } })
})

test('of a change only the fields that differ are kept, of a deletion all', () => {
  const before = { name: 'films', capacity: 5, createdAt: new Date(0) }
  expect(changeOf(before, { name: 'films', capacity: 6 })).toEqual({
    before: { capacity: 5 },
    after: { capacity: 6 },
  })
  expect(changeOf(before, undefined).before).toEqual({ ...before, createdAt: '1970-01-01T00:00:00.000Z' })
  expect(changeOf(null, { added: true })).toEqual({ before: null, after: { added: true } })
})
