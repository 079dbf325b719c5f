import { basename } from 'node:path'
import type { ProcessEnd } from './run-process.ts'

/** One run of ffmpeg or ffprobe. Times are milliseconds since 1970. */
export type ProgramRun = {
  /** Its file name, such as `ffmpeg`. */
  readonly program: string
  readonly startedAt: number
  readonly endedAt: number
  /** Milliseconds in which this process handled its output. */
  readonly handlingMs: number
  readonly ended: ProcessEnd['ended']
  readonly exit: number | null
}

type Observer = (run: ProgramRun) => void

let observer: Observer | null = null

/** Calls back for every run that ends from now on in this thread; null ends it. */
export function observePrograms(next: Observer | null): void {
  observer = next
}

/** Milliseconds since 1970, to fractions of one. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now()
}

export function reportRun({ program, ...run }: ProgramRun): void {
  observer?.({ program: basename(program), ...run })
}
