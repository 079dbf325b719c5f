import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import { systemFault } from '../file-fault.ts'
import type { LocalFile } from '../intake/file-job.ts'
import { tell } from '../scan/scan-output.ts'
import { type TakeContext, takeFile } from './take-file.ts'
import type { WatchEvent } from './watch-event.ts'
import type { FolderWatch } from './watch-folder.ts'

/** How often the progress of a long job is reported. */
const PROGRESS_MS = 10_000
/** Failures that pass, so that the file is taken again at the next reading of the folder. */
const PASSING: readonly string[] = ['ServiceUnavailable', 'SlowDown', 'QueueSaturated']
/** Failures that every other file would share. */
const LASTING: readonly string[] = ['Unauthorized', 'InvalidSettings']

export type TakesOptions = {
  readonly signal: AbortSignal
  readonly once: boolean
  readonly report: (event: WatchEvent) => void
  readonly onProblem: (line: string) => void
}

/** What `watchFolder` does with files: takes those that are new or have changed, and reports what became of them. */
export function createTakes(
  context: TakeContext,
  { signal, once, report, onProblem }: TakesOptions,
): Pick<FolderWatch, 'isKnown' | 'take'> {
  const { state } = context
  /** Files that cannot be read, with their time of change. They are tried again when they change. */
  const unreadable = new Map<string, number>()

  const isKnown = ({ path, stats }: LocalFile & { readonly stats: Stats }): boolean => {
    if (unreadable.get(path) === stats.mtimeMs) return true
    const content = state.contentOf({ path, stats })
    if (content === null || state.lastContentOf(path) !== content) return false
    const outcome = state.outcomeOf(content)
    return outcome !== null && outcome.state !== 'submitted'
  }

  const fail = ({ path, name }: LocalFile, failure: Fault, mtimeMs: number): void => {
    if (PASSING.includes(failure.code) && !once) {
      onProblem(`${name}: ${failure.message}`)
      return
    }
    unreadable.set(path, mtimeMs)
    report({ event: 'failed', path: name, jobId: null, reason: failure.message })
  }

  return {
    isKnown,
    take: async (file) => {
      let toldMs = performance.now()
      const onProgress = (fraction: number): void => {
        if (performance.now() - toldMs < PROGRESS_MS) return
        toldMs = performance.now()
        tell(`${file.name} ${Math.floor(100 * fraction)} %`)
      }
      try {
        const event = await takeFile(context, file, { signal, onProgress })
        if (event !== null) report(event)
        return true
      } catch (error) {
        if (signal.aborted) return true
        const failure = systemFault(error)
        if (!(failure instanceof Fault) || LASTING.includes(failure.code)) throw failure
        // It is taken again when it has settled.
        if (failure.code === 'Conflict') return false
        const stats = await stat(file.path).catch(() => null)
        if (stats !== null) fail(file, failure, stats.mtimeMs)
        return true
      }
    },
  }
}
