import { expect, test } from 'vitest'
import { daysOf, groupsOf, periodOf, valuesByDay } from './usage-groups.ts'

const row = (day: string, secretId: string | null, billedMinutes: number) => ({
  day,
  secretId,
  dnaDbId: null,
  ruleType: null,
  jobs: 1,
  failed: 2,
  storedMinutes: billedMinutes - 1,
  searchedMinutes: 1,
  billedMinutes,
  matches: 3,
})
const minutes = (storedMinutes: number, searchedMinutes: number) => ({
  storedMinutes,
  searchedMinutes,
  billedMinutes: storedMinutes + searchedMinutes,
})
const rows = [
  row('2026-02-28', 'a', 1),
  row('2026-02-28', null, 6),
  row('2026-03-01', 'a', 2),
  row('2026-03-01', 'b', 1),
]

test('usage is summed for each key over the period, the largest share first', () => {
  expect(groupsOf(rows, 'key', 'billedMinutes')).toEqual([
    { id: '', jobs: 1, failed: 2, ...minutes(5, 1), matches: 3, share: 0.6 },
    { id: 'a', jobs: 2, failed: 4, ...minutes(1, 2), matches: 6, share: 0.3 },
    { id: 'b', jobs: 1, failed: 2, ...minutes(0, 1), matches: 3, share: 0.1 },
  ])
})

test('a period without usage has no groups, and a measure of zero no share', () => {
  expect(groupsOf([], 'key', 'jobs')).toEqual([])
  expect(groupsOf([row('2026-03-01', 'a', 0)], 'key', 'billedMinutes')[0]?.share).toBe(0)
})

test('the days of a period cross the end of a month and include both ends', () => {
  expect(daysOf('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
  expect(periodOf(3, Date.parse('2026-03-01T23:59:59Z'))).toEqual({ from: '2026-02-27', to: '2026-03-01' })
})

test('groups that have no colour of their own are one value of the day', () => {
  const days = valuesByDay(rows, { by: 'key', measure: 'billedMinutes', ids: [''] })
  expect([...days]).toEqual([
    ['2026-02-28', [6, 1]],
    ['2026-03-01', [0, 3]],
  ])
})
