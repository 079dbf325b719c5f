import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { OPTIMISE_LATE } from '../../../tests/node-options.ts'
import { productEnvironment } from '../../../tests/product-environment.ts'

/** Compiled by the global setup of the tests. From source, each start would compile all files again. */
const program = fileURLToPath(new URL('../bin/kinoprint.js', import.meta.url))

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type Running = {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<Ended>
}

/** Starts `kinoprint …` with only the given environment, in a folder without a `.env`. */
export function start(
  args: readonly string[],
  { settings = {}, cwd = tmpdir() }: { settings?: Record<string, string>; cwd?: string } = {},
): Running {
  const child = spawn(process.execPath, [...OPTIMISE_LATE, program, ...args], {
    cwd,
    env: productEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

export function run(
  args: readonly string[],
  options: { settings?: Record<string, string>; cwd?: string } = {},
): Promise<Ended> {
  return start(args, options).ended
}

/** Waits until standard output, or the given stream, contains `text`, and returns what was printed. */
export async function said(
  running: Running,
  text: string,
  { stream = 'stdout' }: { stream?: 'stdout' | 'stderr' } = {},
): Promise<string> {
  let over = false
  void running.ended.then(() => {
    over = true
  })
  while (!running[stream]().includes(text)) {
    if (over)
      throw new Error(`The command ended before it printed "${text}": ${(await running.ended).stderr}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return running[stream]()
}
