import { Fault } from '@kinoprint/core'
import pMap from 'p-map'
import { systemFault } from '../file-fault.ts'
import { startProgress } from '../output/progress.ts'

/** What became of one file or object of an import. */
export type Imported = {
  readonly name: string
  readonly state: 'stored' | 'skipped' | 'failed'
  /** Why it was skipped or failed; null if it was stored. */
  readonly reason: string | null
  readonly videoId: string | null
  readonly jobId: string | null
}

export type ImportItem = {
  readonly name: string
  run(options: {
    readonly signal: AbortSignal
    readonly onProgress: (fraction: number) => void
  }): Promise<Omit<Imported, 'name'>>
}

/** Items in progress at once. The server decides how many of their jobs run. */
const AT_ONCE = 4
/** Failures that every other item would share. */
const COMMON_FAULTS: readonly string[] = [
  'ServiceUnavailable',
  'Unauthorized',
  'CapacityExceeded',
  'QueueSaturated',
]

/**
 * Imports items, a few at once. A failed item is reported and the others go on; a failure that concerns all of them ends
 * the import and is thrown. After an interruption, returns without the items that were not finished.
 */
export async function importItems(
  items: readonly ImportItem[],
  { signal, onDone }: { readonly signal: AbortSignal; readonly onDone: (imported: Imported) => void },
): Promise<void> {
  const progress = startProgress('importing', { total: items.length })
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  const take = async ({ name, run }: ImportItem): Promise<void> => {
    if (stopped.aborted) return
    try {
      const done = await run({ signal: stopped, onProgress: (fraction) => progress.report(name, fraction) })
      onDone({ name, ...done })
      if (done.reason === null) progress.step(name)
      else progress.skip(name, `${name}: ${done.reason}`)
    } catch (error) {
      if (stopped.aborted) return
      const failure = systemFault(error)
      if (!(failure instanceof Fault) || COMMON_FAULTS.includes(failure.code)) {
        stop.abort(failure)
        return
      }
      onDone({ name, state: 'failed', reason: failure.message, videoId: null, jobId: null })
      progress.skip(name, `${name}: ${failure.message}`)
    }
  }
  try {
    await pMap(items, take, { concurrency: AT_ONCE })
  } finally {
    progress.end()
  }
  if (stop.signal.aborted) throw stop.signal.reason
}
