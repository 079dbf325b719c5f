import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const reader = fileURLToPath(new URL('read-strangers-text.ts', import.meta.url))
/**
 * Linear reading takes seconds, even on a slow and busy machine. Quadratic reading of 900,000 characters takes hours.
 * The limit only ends a hanging process.
 */
const KILLED_AFTER_MS = 300_000

test('reading time of long untrusted texts is proportional to their length', {
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
