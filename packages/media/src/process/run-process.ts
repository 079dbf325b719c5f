import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { preciseNow, reportRun } from './observe-programs.ts'
import { lowerPriority } from './process-activity.ts'
import { limitedCommand, NOT_STARTED_EXITS, type ProgramLimits, toolEnvironment } from './program-limits.ts'
import { startWatchdog } from './start-watchdog.ts'

export type ProcessRun = {
  readonly program: string
  readonly args: readonly string[]
  /** Receives the output of each file descriptor, from 1 up without gaps. Synchronous. */
  readonly sinks: Readonly<Record<number, (chunk: Buffer) => void>>
  /** Descriptors of this process that the program inherits, numbered after those of the sinks. */
  readonly inherits?: readonly number[] | undefined
  /** Variables besides those of toolEnvironment. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
  /** Autogroup nice value, 0 to 19. Default: 0. See lowerPriority. */
  readonly nice?: number | undefined
  /** The program is killed after this long without output, or with progress reports but no activity. */
  readonly stallMs: number
  /** The descriptor on which it reports its progress. */
  readonly reportsOn?: number | undefined
  /**
   * The program is killed after this long in any case. Time spent waiting for a CPU does not count; see startWatchdog.
   */
  readonly timeoutMs: number
  readonly limits: ProgramLimits
}

/** How a run ended. */
export type ProcessEnd = {
  readonly ended: 'exited' | 'aborted' | 'stalled' | 'timed-out' | 'not-started'
  readonly exit: number | null
  readonly killedBy: NodeJS.Signals | null
  readonly startError?: Error | undefined
}

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2000

/**
 * Runs a program under limits in its own process group and drains its pipes. Resolves when it has ended and every pipe
 * is closed. A signal to this process's group (Ctrl-C) does not reach it. An error that a sink throws ends the program
 * and is rethrown afterwards.
 */
export async function runProcess(run: ProcessRun): Promise<ProcessEnd> {
  const { program, sinks, signal, stallMs, reportsOn, timeoutMs } = run
  if (signal?.aborted) return { ended: 'aborted', exit: null, killedBy: null }
  const startedAt = preciseNow()
  let handlingMs = 0
  const child = start(run)
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
    onTimeout: () => stop('timed-out'),
  })
  const onChunk = (sink: (chunk: Buffer) => void, chunk: Buffer): void => {
    // After a failure the pipes are still drained, because a full pipe would keep the program from ending.
    if (failure !== undefined) return
    const fromMs = performance.now()
    try {
      sink(chunk)
    } catch (thrown) {
      failure = { thrown }
      endGroup(child)
    } finally {
      handlingMs += performance.now() - fromMs
    }
  }
  for (const [fd, sink] of Object.entries(sinks)) {
    const pipe = child.stdio[Number(fd)] as Readable | null | undefined
    const of = Number(fd) === reportsOn ? 'report' : 'result'
    pipe?.on('data', (chunk: Buffer) => {
      watchdog.sawOutput(of)
      onChunk(sink, chunk)
    })
    // Ignored: a broken pipe is evident from how the program ends.
    pipe?.on('error', () => undefined)
  }
  const onAbort = (): void => stop('aborted')
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const end = await closeOf(child)
    reportRun({ program, startedAt, endedAt: preciseNow(), handlingMs, ended, exit: end.exit })
    if (failure !== undefined) throw failure.thrown
    const startError = end.startError ?? startErrorOf(program, end.exit)
    return startError === undefined ? { ...end, ended } : { ...end, ended: 'not-started', startError }
  } finally {
    watchdog.end()
    signal?.removeEventListener('abort', onAbort)
  }
}

function start({
  program,
  args,
  sinks,
  inherits = [],
  environment,
  nice = 0,
  limits,
}: ProcessRun): ChildProcess {
  const pipes = Object.keys(sinks).map(() => 'pipe' as const)
  const command = limitedCommand({ program, args }, limits)
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', ...pipes, ...inherits],
    detached: true,
    env: { ...toolEnvironment(), ...environment },
  })
  if (child.pid !== undefined) lowerPriority(child.pid, nice)
  return child
}

function startErrorOf(program: string, exit: number | null): Error | undefined {
  return NOT_STARTED_EXITS.includes(exit)
    ? new Error(`${program} does not run (exit code ${exit}).`)
    : undefined
}

function closeOf(child: ChildProcess): Promise<Omit<ProcessEnd, 'ended'>> {
  return new Promise((resolve) => {
    child.once('error', (startError) => {
      if (child.pid === undefined) resolve({ exit: null, killedBy: null, startError })
    })
    child.once('close', (exit, killedBy) => resolve({ exit, killedBy }))
  })
}

/** Sends SIGTERM to the whole group, and SIGKILL after the grace period. Safe to call again. */
function endGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS)
  child.once('close', () => clearTimeout(timer))
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  // Also after the program has ended: processes that it started may survive and keep its pipes open.
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group has just ended.
  }
}
