import type { Command } from 'commander'
import { vi } from 'vitest'
import { exitCodeOf } from '../failure.ts'
import type { AdminBackend, WithBackend } from './backend.ts'

export type Ran = { readonly out: string; readonly err: string; readonly code: number }

/** Runs an admin command in this process on a backend that stays open. Throws what the command throws. */
export async function runCommand(
  make: (withBackend: WithBackend) => Command,
  backend: AdminBackend,
  args: readonly string[],
): Promise<Ran> {
  const texts = { out: '', err: '' }
  const capture = (stream: 'out' | 'err') => (part: string | Uint8Array) => {
    texts[stream] += String(part)
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(capture('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(capture('err')),
  ]
  const { exitCode } = process
  process.exitCode = 0
  try {
    const command = make((work) => work(backend))
    for (const one of [command, ...command.commands])
      one.exitOverride().configureOutput({ writeErr: () => undefined })
    await command.parseAsync(args, { from: 'user' })
    return { ...texts, code: Number(process.exitCode) }
  } finally {
    process.exitCode = exitCode
    for (const spy of spies) spy.mockRestore()
  }
}

/** The message and the exit code of a command that fails. */
export async function failureOfCommand(running: Promise<Ran>): Promise<{ message: string; code: number }> {
  try {
    await running
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), code: exitCodeOf(error) }
  }
  throw new Error('The command did not fail.')
}
