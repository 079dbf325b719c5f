import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProgramLimits } from './program-limits.ts'
import { runProcess } from './run-process.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-limits-test-'))
})
afterAll(() => rm(dir, { recursive: true }))

const generous = { memoryBytes: 2 ** 30, cpuSeconds: 60, fileBytes: 2 ** 20 }
async function run(
  program: string,
  args: readonly string[],
  { nice, ...limits }: Partial<ProgramLimits> & { readonly nice?: number } = {},
) {
  const output = { out: '', error: '' }
  const end = await runProcess({
    program,
    args,
    sinks: {
      1: (chunk) => {
        output.out += String(chunk)
      },
      2: (chunk) => {
        output.error += String(chunk)
      },
    },
    nice,
    // Far more than any test takes, even on an overloaded machine.
    stallMs: 300_000,
    timeoutMs: 300_000,
    limits: { ...generous, ...limits },
  })
  return { ...end, ...output }
}

test('a program is stopped at its memory limit', {
  tags: ['program-limits'],
}, async () => {
  const end = await run('tail', ['/dev/zero'], { memoryBytes: 100 * 2 ** 20 })
  expect(end.exit).toBe(1)
  expect(end.error).toMatch(/memory exhausted|cannot allocate/i)
})

test('the system kills a program at its CPU time limit', {
  tags: ['program-limits'],
  timeout: 300_000,
}, async () => {
  const end = await run('sh', ['-c', 'while :; do :; done'], { cpuSeconds: 1 })
  expect(['SIGKILL', 'SIGXCPU']).toContain(end.killedBy)
})

test('a file that a program writes is cut at the size limit', { tags: ['program-limits'] }, async () => {
  const path = join(dir, 'grown')
  const end = await run('head', ['-c', '9000000', '/dev/zero'], {})
  expect(end.out.length).toBe(9_000_000)
  await run('dd', ['if=/dev/zero', `of=${path}`, 'bs=1M', 'count=9'])
  expect((await stat(path)).size).toBe(generous.fileBytes)
})

test("the processes of a program's user are limited", { tags: ['program-limits'] }, async () => {
  const end = await run('sh', ['-c', '(ulimit -u || ulimit -p) 2>/dev/null'])
  expect(Number(end.out)).toBeGreaterThan(0)
  expect(Number(end.out)).toBeLessThanOrEqual(8192)
})

test('a program gets the autogroup nice value of its run', async () => {
  // Elsewhere the file does not exist and the priority stays as it is.
  const script =
    'until [ ! -e /proc/self/autogroup ] || grep -q "nice $0" /proc/self/autogroup; do :; done; echo seen'
  for (const nice of [0, 7, 19])
    expect((await run('sh', ['-c', script, String(nice)], { nice })).out).toBe('seen\n')
})

test('the shell that sets the limits interprets no word of a command', { tags: ['no-shell'] }, async () => {
  const words = ['$(touch a)', '`touch b`', '; touch c', '-c', '"', "'", '$HOME', '*', '', '\\', 'a\nb', '--']
  const end = await run('printf', ['%s|', ...words])
  expect(end.out).toBe(words.map((word) => `${word}|`).join(''))
  expect(await readdir(dir)).not.toContain('a')
  const named = await run('$(touch d)', [])
  expect(named).toMatchObject({ ended: 'not-started', exit: 127 })
})
