import { expect, test } from 'vitest'
import { runProcess } from './run-process.ts'
import { isAtWork, workOf } from './work-of.ts'

const STALL_MS = 600
const limits = { memoryBytes: 2 ** 30, cpuSeconds: 60, fileBytes: 2 ** 20 }

/** Runs a script of the shell whose descriptor 3 only reports, and says after how long it was ended and why. */
const watched = async (script: string, { reports = true } = {}) => {
  const began = performance.now()
  const end = await runProcess({
    program: 'sh',
    args: ['-c', script],
    sinks: { 1: () => undefined, 2: () => undefined, 3: () => undefined },
    stallMs: STALL_MS,
    reportsOn: reports ? 3 : undefined,
    timeoutMs: 20_000,
    limits,
  })
  return { ended: end.ended, tookMs: performance.now() - began }
}

const REPORT = 'echo frame=1 >&3; sleep 0.2'
const WORK = 'n=0; while [ $n -lt 20000 ]; do n=$((n+1)); done'

test('a program that only says again and again how far it is stands still, as newer ffmpegs do', async () => {
  expect((await watched(`while :; do ${REPORT}; done`)).ended).toBe('stalled')
})

test('one that computes meanwhile is given longer, but not for ever', async () => {
  const { ended, tookMs } = await watched(`while :; do echo frame=1 >&3; ${WORK}; done`)
  expect(ended).toBe('stalled')
  expect(tookMs).toBeGreaterThan(3 * STALL_MS)
})

test('one that computes and says nothing at all stands still', async () => {
  const { ended, tookMs } = await watched(`while :; do ${WORK}; done`)
  expect(ended).toBe('stalled')
  expect(tookMs).toBeLessThan(5 * STALL_MS)
})

test('what it says elsewhere is a sign of life', async () => {
  const seconds = Math.ceil((3 * STALL_MS) / 1000)
  const script = `n=0; while [ $n -lt ${5 * seconds} ]; do echo line; sleep 0.2; n=$((n+1)); done`
  expect((await watched(script)).ended).toBe('exited')
})

test('work is time of the processor or bytes that were read, and what nobody tells', () => {
  const idle = { cpuMs: 500, readBytes: 1000 }
  expect(isAtWork(idle, { cpuMs: 560, readBytes: 2000 }, 120_000)).toBe(false)
  expect(isAtWork(idle, { cpuMs: 3000, readBytes: 1000 }, 120_000)).toBe(true)
  expect(isAtWork(idle, { cpuMs: 560, readBytes: 20e6 }, 120_000)).toBe(true)
  expect(isAtWork(null, idle, 120_000)).toBe(true)
})

test('what this process has done grows as it computes', () => {
  const before = workOf(process.pid)
  for (const until = performance.now() + 200; performance.now() < until; );
  const after = workOf(process.pid)
  if (process.platform !== 'linux') expect(after).toBeNull()
  else expect((after?.cpuMs ?? 0) - (before?.cpuMs ?? 0)).toBeGreaterThan(0)
})
