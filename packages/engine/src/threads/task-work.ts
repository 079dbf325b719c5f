import { AsyncLocalStorage } from 'node:async_hooks'
import { recordSpan } from '@kinoprint/core'
import { observePrograms, type ProgramRun, preciseNow } from '@kinoprint/media'

/** What a task did with its time. */
export type TaskWork = {
  readonly programs: readonly ProgramRun[]
  /** Null for a task that decodes nothing. */
  readonly decoding: DecodingSeconds | null
}

/** How the seconds of a task that decodes a file divide. */
type DecodingSeconds = {
  /** Reading the header, until the first decoder starts. */
  readonly probe: number
  /** Waiting for decoders. */
  readonly decode: number
  /** Hashing frames and sound, and everything else. */
  readonly hash: number
}

/** Notes the programs that this thread runs, until `end` is called. One task at a time. */
export function startTaskWork(): { end(): TaskWork } {
  const startedAt = preciseNow()
  const programs: ProgramRun[] = []
  observePrograms((run) => programs.push(run))
  return {
    end: () => {
      observePrograms(null)
      return { programs, decoding: divide(programs, { startedAt, endedAt: preciseNow() }) }
    },
  }
}

type Interval = { readonly startedAt: number; readonly endedAt: number }

/** Divides a task. The thread handles output of programs while they run, so its own time is taken off theirs. */
export function divide(
  programs: readonly (Interval & Pick<ProgramRun, 'program' | 'handlingMs'>)[],
  { startedAt, endedAt }: Interval,
): DecodingSeconds | null {
  if (programs.length === 0) return null
  const decoders = programs.filter(({ program }) => !program.startsWith('ffprobe'))
  const isProbed = decoders.length < programs.length
  const decodingFrom = decoders.reduce((first, run) => Math.min(first, run.startedAt), endedAt)
  const probeMs = isProbed ? decodingFrom - startedAt : 0
  const handlingMs = decoders.reduce((sum, run) => sum + run.handlingMs, 0)
  const decodeMs = Math.max(0, coveredMs(decoders) - handlingMs)
  const hashMs = Math.max(0, endedAt - startedAt - probeMs - decodeMs)
  return { probe: probeMs / 1000, decode: decodeMs / 1000, hash: hashMs / 1000 }
}

/** Length of the union of intervals, in milliseconds. */
function coveredMs(intervals: readonly Interval[]): number {
  let covered = 0
  let until = Number.NEGATIVE_INFINITY
  for (const { startedAt, endedAt } of [...intervals].sort((a, b) => a.startedAt - b.startedAt)) {
    covered += Math.max(0, endedAt - Math.max(startedAt, until))
    until = Math.max(until, endedAt)
  }
  return covered
}

const observers = new AsyncLocalStorage<(work: TaskWork) => void>()

/** Calls back with the work of each task that `run` awaits. */
export function observeTasks<T>(onWork: (work: TaskWork) => void, run: () => Promise<T>): Promise<T> {
  return observers.run(onWork, run)
}

/** Passes on what a task did, in the context of the one who awaited it. */
export function reportTaskWork(work: TaskWork): void {
  for (const { program, startedAt, endedAt, exit, ended } of work.programs) {
    const attributes = { 'process.executable.name': program, 'process.exit.code': exit ?? -1 }
    const error = ended === 'exited' && exit === 0 ? undefined : ended
    recordSpan({ name: program, needsParent: true, startedAt, endedAt, attributes, error })
  }
  observers.getStore()?.(work)
}
