import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confinementFor } from './confinement.ts'
import { withInput } from './open-input.ts'
import type { Confinement } from './program-limits.ts'
import { runProcess } from './run-process.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinoprint-confinement-test-'))
})
afterAll(() => rm(dir, { recursive: true }))

const limits = { memoryBytes: 2 ** 31, cpuSeconds: 60, fileBytes: 2 ** 20 }
async function file(name: string, mode: number): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, 'the content')
  await chmod(path, mode)
  return path
}

/** Output of a shell that runs confined and inherits the file as descriptor 3. */
function runShell(path: string, confinement: Confinement, script: string): Promise<string> {
  return withInput(path, async ({ inherits, pathAt }) => {
    let output = ''
    const end = await runProcess({
      program: 'sh',
      args: ['-c', script, 'sh', pathAt(3)],
      sinks: {
        1: (chunk) => {
          output += String(chunk)
        },
        2: () => undefined,
      },
      inherits,
      stallMs: 60_000,
      timeoutMs: 60_000,
      limits: { ...limits, confinement },
    })
    expect(end.ended).toBe('exited')
    return output
  })
}

const OWNER_ONLY = 0o600
const FOR_ALL = 0o644
/** Reads what it can of its parent, as a compromised program would. */
const SPY =
  'for f in environ maps; do cat /proc/$PPID/$f; done; head -c 1 /proc/$PPID/mem; for f in /proc/$PPID/fd/*; do readlink $f; done'

test('a confined program reads the file that it inherits and nothing of its parent process', async () => {
  for (const mode of [OWNER_ONLY, FOR_ALL]) {
    const path = await file(`file-${mode}`, mode)
    const confinement = await confinementFor('sh', await stat(path))
    expect(await runShell(path, confinement, 'cat "$1"')).toBe('the content')
    // Some systems allow no confinement (SECURITY.md).
    if (confinement !== 'none') expect(await runShell(path, confinement, SPY)).toBe('')
  }
})

test('root runs the program as another user, unless the file is readable only by its owner', async () => {
  const isRoot = process.geteuid?.() === 0
  const open = await confinementFor('sh', await stat(await file('open', FOR_ALL)))
  const closed = await confinementFor('sh', await stat(await file('closed', OWNER_ONLY)))
  expect(open === 'user').toBe(isRoot && open !== 'none')
  expect(closed).not.toBe('user')
  if (open === 'user') expect(await runShell(join(dir, 'open'), open, 'id -u; id -G')).toBe('65533\n65533\n')
})

test('a program that the other user cannot access is not run as that user', async () => {
  const hidden = join(dir, 'hidden')
  await writeFile(hidden, '#!/bin/sh\n')
  await chmod(hidden, 0o700)
  expect(await confinementFor(hidden, await stat(await file('any', FOR_ALL)))).not.toBe('user')
})

test('a file that is replaced after it was opened is read as it was', async () => {
  const path = await file('swapped', FOR_ALL)
  const output = await withInput(path, async ({ inherits }) => {
    await rm(path)
    await writeFile(path, 'another content')
    return runShell(`/proc/self/fd/${inherits[0]}`, 'none', 'cat "$1"')
  })
  expect(output).toBe('the content')
})
