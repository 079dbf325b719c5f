import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isActive, meterCpuWait, readActivity } from './process-activity.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-proc-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a thread's schedstat: time on a CPU and time waiting for one, in ns, and the number of time slices. */
function writeThread(pid: number, thread: number, waitedNs: number): void {
  const dir = join(folder, String(pid), 'task', String(thread))
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'schedstat'), `1000000 ${waitedNs} 7\n`)
}

test('CPU time and bytes read count as activity, and so does an unknown reading', () => {
  const idle = { cpuMs: 500, readBytes: 1000 }
  expect(isActive(idle, { cpuMs: 560, readBytes: 2000 }, 120_000)).toBe(false)
  expect(isActive(idle, { cpuMs: 3000, readBytes: 1000 }, 120_000)).toBe(true)
  expect(isActive(idle, { cpuMs: 560, readBytes: 20e6 }, 120_000)).toBe(true)
  expect(isActive(null, idle, 120_000)).toBe(true)
})

test('the activity of this process grows as it computes', () => {
  const before = readActivity(process.pid)
  // The system counts in hundredths of a second: compute until it must have counted some of them.
  const cpu = process.cpuUsage()
  while (process.cpuUsage(cpu).user < 200_000);
  const after = readActivity(process.pid)
  if (process.platform !== 'linux') expect(after).toBeNull()
  else expect((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)).toBeGreaterThan(0)
})

test('the CPU wait of all threads is summed from the first reading on, ended threads included', () => {
  writeThread(10, 10, 4_000_000)
  const cpuWaitMs = meterCpuWait(10, folder)
  expect(cpuWaitMs()).toBe(0)
  writeThread(10, 10, 9_000_000)
  writeThread(10, 11, 2_500_000)
  expect(cpuWaitMs()).toBe(7.5)
  rmSync(join(folder, '10', 'task', '11'), { recursive: true })
  writeThread(10, 10, 10_000_000)
  expect(cpuWaitMs()).toBe(8.5)
})

test('a system without scheduler statistics reports no CPU wait', () => {
  expect(meterCpuWait(11, folder)()).toBe(0)
  mkdirSync(join(folder, '12', 'task', '12'), { recursive: true })
  expect(meterCpuWait(12, folder)()).toBe(0)
  writeFileSync(join(folder, '12', 'task', '12', 'schedstat'), 'unknown\n')
  expect(meterCpuWait(12, folder)()).toBe(0)
})
