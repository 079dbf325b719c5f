import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { lowerPriority } from './process-activity.ts'
import { limitedCommand, NOT_RUN_EXITS, type ProgramLimits, toolEnvironment } from './program-limits.ts'
import { startWatchdog } from './start-watchdog.ts'

export type ProcessRun = {
  readonly program: string
  readonly args: readonly string[]
  /** Receives what comes from each file descriptor, from 1 up without gaps. Must not wait. */
  readonly sinks: Readonly<Record<number, (chunk: Buffer) => void>>
  /** A descriptor of this process that it inherits, as the next one after those of the sinks. */
  readonly inherits?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Autogroup nice value, 0 to 19; 0 unless given. See lowerPriority. */
  readonly nice?: number | undefined
  /** It is killed after this long without output, or with reports alone and without activity. */
  readonly stallMs: number
  /** The descriptor on which it only reports how far it is. */
  readonly reportsOn?: number | undefined
  /** It is killed after this long in any case. Neither limit counts time spent waiting for a CPU; see startWatchdog. */
  readonly timeoutMs: number
  readonly limits: ProgramLimits
}

/** How a run ended. Anything that a sink throws is thrown instead, after the process is gone. */
export type ProcessEnd = {
  readonly ended: 'exited' | 'aborted' | 'stalled' | 'overtime' | 'unstartable'
  readonly exit: number | null
  readonly killedBy: NodeJS.Signals | null
  readonly startError?: Error | undefined
}

/** Between the request to end and the kill. */
const GRACE_MS = 2000

/**
 * Runs a program under limits in a process group of its own, drains all its pipes, and resolves when it is gone
 * and every pipe is closed. A signal meant for this process's group (Ctrl-C) does not reach it.
 */
export const runProcess = async ({
  program,
  args,
  sinks,
  inherits,
  signal,
  nice = 0,
  stallMs,
  reportsOn,
  timeoutMs,
  limits,
}: ProcessRun): Promise<ProcessEnd> => {
  if (signal?.aborted) return { ended: 'aborted', exit: null, killedBy: null }
  const pipes = Object.keys(sinks).map(() => 'pipe' as const)
  const command = limitedCommand({ program, args }, limits)
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', ...pipes, ...(inherits === undefined ? [] : [inherits])],
    detached: true,
    env: toolEnvironment(),
  })
  if (child.pid !== undefined) lowerPriority(child.pid, nice)
  let ended: ProcessEnd['ended'] = 'exited'
  let failure: { readonly thrown: unknown } | undefined
  const stop = (reason: ProcessEnd['ended']): void => {
    if (ended === 'exited') ended = reason
    endGroup(child)
  }
  const watchdog = startWatchdog({
    pid: child.pid ?? 0,
    stallMs,
    timeoutMs,
    onStall: () => stop('stalled'),
    onTimeout: () => stop('overtime'),
  })
  const onChunk = (sink: (chunk: Buffer) => void, chunk: Buffer): void => {
    // After a failure the pipes are still drained: a full one would keep the process from ending.
    if (failure !== undefined) return
    try {
      sink(chunk)
    } catch (thrown) {
      failure = { thrown }
      endGroup(child)
    }
  }
  for (const [fd, sink] of Object.entries(sinks)) {
    const pipe = child.stdio[Number(fd)] as Readable | null | undefined
    const of = Number(fd) === reportsOn ? 'report' : 'result'
    pipe?.on('data', (chunk: Buffer) => {
      watchdog.sawOutput(of)
      onChunk(sink, chunk)
    })
    // A pipe that breaks shows in how the process ends.
    pipe?.on('error', () => undefined)
  }
  const onAbort = (): void => stop('aborted')
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const end = await closeOf(child)
    if (failure !== undefined) throw failure.thrown
    const startError = end.startError ?? notRun(program, end.exit)
    return startError === undefined ? { ...end, ended } : { ...end, ended: 'unstartable', startError }
  } finally {
    watchdog.end()
    signal?.removeEventListener('abort', onAbort)
  }
}

const notRun = (program: string, exit: number | null): Error | undefined =>
  NOT_RUN_EXITS.includes(exit) ? new Error(`${program} does not run (exit code ${exit}).`) : undefined

const closeOf = async (child: ChildProcess): Promise<Omit<ProcessEnd, 'ended'>> =>
  new Promise((resolve) => {
    child.once('error', (startError) => {
      if (child.pid === undefined) resolve({ exit: null, killedBy: null, startError })
    })
    child.once('close', (exit, killedBy) => resolve({ exit, killedBy }))
  })

/** Asks the whole group to end, and kills it if it has not after the grace. Safe to call again. */
const endGroup = (child: ChildProcess): void => {
  signalGroup(child, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS)
  child.once('close', () => clearTimeout(timer))
}

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  // Also where the program itself has ended: what it started may live on and hold its pipes.
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It ended in this moment.
  }
}
