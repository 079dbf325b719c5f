import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { median } from '../median.ts'
import { cpuSecondsOf, peakMegabytesOf } from './process-cost.ts'

test('the CPU time of a child counts after the child has ended', () => {
  const before = cpuSecondsOf(process.pid)
  execFileSync(process.execPath, [
    '-e',
    'const end = process.cpuUsage().user + 5e5; while (process.cpuUsage().user < end);',
  ])
  expect(cpuSecondsOf(process.pid) - before).toBeGreaterThan(0.4)
})

test('the peak memory is that of this process', () => {
  const megabytes = peakMegabytesOf(process.pid)
  expect(megabytes).toBeGreaterThan(20)
  expect(megabytes * 1e6).toBeGreaterThanOrEqual(process.memoryUsage().rss * 0.9)
})

test('the median of an even number of runs is the mean of the middle two', () => {
  expect(median([4, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})
