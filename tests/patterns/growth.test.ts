import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const reader = fileURLToPath(new URL('read-strangers-text.ts', import.meta.url))
/**
 * Far beyond what reading takes on a slow and loaded machine (some seconds), and far under what a text of 900,000
 * characters takes where time grows with its square (hours).
 */
const KILLED_AFTER_MS = 300_000

test('long texts of strangers are read in proportion to their length, whatever they hold', {
  tags: ['linear-time'],
  timeout: 330_000,
}, async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', reader], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: KILLED_AFTER_MS,
    killSignal: 'SIGKILL',
  })
  const read = (await text(child.stdout)).trim().split('\n')
  expect(read.at(-1), `after ${read.at(-2)}`).toBe('done')
  expect(read.length).toBeGreaterThan(20)
})
