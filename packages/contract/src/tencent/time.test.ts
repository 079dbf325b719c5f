import { Fault } from '@kinoprint/core'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { formatTime, parseTime } from './time.ts'

const zoneBefore = process.env.TZ
function restoreZone(): void {
  if (zoneBefore === undefined) delete process.env.TZ
  else process.env.TZ = zoneBefore
}
afterEach(restoreZone)

test('a time is formatted in the zone of the process', { tags: ['times'] }, () => {
  const date = new Date('2022-06-27T07:23:10.999Z')
  process.env.TZ = 'Asia/Shanghai'
  expect(formatTime(date)).toBe('2022-06-27T15:23:10+0800')
  process.env.TZ = 'UTC'
  expect(formatTime(date)).toBe('2022-06-27T07:23:10+0000')
  process.env.TZ = 'America/St_Johns'
  expect(formatTime(date)).toBe('2022-06-27T04:53:10-0230')
})

test('a time is parsed with and without colon, with Z, and with a space for an unescaped plus', () => {
  const expected = new Date('2001-01-01T00:00:00+08:00')
  for (const text of ['2001-01-01T00:00:00+0800', '2001-01-01T00:00:00+08:00', '2001-01-01T00:00:00 0800']) {
    expect(parseTime(text, 'startCreationTime')).toEqual(expected)
  }
  expect(parseTime('2000-12-31T16:00:00Z', 't')).toEqual(expected)
  expect(parseTime('2000-12-31T16:00:00.000Z', 't')).toEqual(expected)
})

test.each(['', '2001-01-01', '2001-02-30T00:00:00Z', '2001-01-01T25:00:00Z', '2001-01-01T00:00:00', 'now'])(
  'the time %j is refused',
  (text) => {
    expect(() => parseTime(text, 'endCreationTime')).toThrow(Fault)
    expect(() => parseTime(text, 'endCreationTime')).toThrow(/endCreationTime/)
  },
)

test('a formatted time parses to the same second', () => {
  const date = fc.date({ min: new Date('1980-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(date, (moment) => {
      expect(parseTime(formatTime(moment), 't').getTime()).toBe(Math.floor(moment.getTime() / 1000) * 1000)
    }),
  )
})
