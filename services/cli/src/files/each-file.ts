import { Fault } from '@kinoprint/core'
import type { WorkOptions } from '@kinoprint/engine'
import pMap from 'p-map'
import { namedFault, systemFault } from '../file-fault.ts'
import { FILES_AT_ONCE } from '../local-work.ts'
import { startProgress } from '../output/progress.ts'

type FileWork<File> = {
  readonly signal: AbortSignal
  readonly work: (file: File, reading: WorkOptions) => Promise<void>
  /** `wasRead` is false for an unreadable file. */
  readonly onDone?: (file: File, wasRead: boolean) => void
}

/**
 * Processes files, a few in parallel. Unreadable files are reported and skipped. Any other failure
 * stops the work: no new file is started, and the failure is thrown after the running files have finished.
 */
export async function eachFile<File extends { readonly name: string }>(
  title: string,
  files: readonly File[],
  { signal, work, onDone }: FileWork<File>,
): Promise<void> {
  const progress = startProgress(title, { total: files.length })
  const failures: unknown[] = []
  const process = async (file: File): Promise<void> => {
    if (failures.length > 0) return
    try {
      signal.throwIfAborted()
      const notes: string[] = []
      const onNote = (note: string): void => void notes.push(note)
      const onProgress: WorkOptions['onProgress'] = (stage, fraction) => {
        if (stage === 'fingerprint') progress.report(file.name, fraction)
      }
      await work(file, { signal, onProgress, onNote })
      onDone?.(file, true)
      progress.step(file.name, notes)
    } catch (error) {
      const failure = namedFault(file.name, systemFault(error))
      if (signal.aborted || !(failure instanceof Fault)) {
        failures.push(failure)
        return
      }
      onDone?.(file, false)
      progress.skip(file.name, `Cannot read ${failure.message}`)
    }
  }
  try {
    await pMap(files, process, { concurrency: FILES_AT_ONCE })
  } finally {
    progress.end()
  }
  if (failures.length > 0) throw failures[0]
}
