import { Fault } from '@kinoprint/core'
import type { AdminBackend } from '../admin/backend.ts'
import type { Target } from '../intake/file-job.ts'
import type { WatchEvent } from './watch-event.ts'
import type { WatchState } from './watch-state.ts'

export type GoneFiles = {
  readonly backend: AdminBackend
  readonly target: Target
  readonly state: WatchState
  /** Whether videos of deleted files are deleted. */
  readonly deletes: boolean
  readonly nameOf: (path: string) => string
  readonly report: (event: WatchEvent) => void
  readonly onProblem: (line: string) => void
}

/**
 * Forgets files that two readings of the folder in a row have missed, and deletes their videos if that is wanted: a renamed
 * file has been found by then. If every file is gone at once, nothing is deleted, because the folder may have been unmounted.
 */
export function createGoneCheck(context: GoneFiles): (present: ReadonlySet<string>) => Promise<void> {
  const { state, deletes, onProblem } = context
  let missedBefore = new Set<string>()
  return async (present) => {
    const known = state.paths()
    const missed = known.filter((path) => !present.has(path))
    if (deletes && present.size === 0 && missed.length > 1) {
      onProblem('Every file is gone. No video is deleted until a file is back in the folder.')
      return
    }
    for (const path of missed) if (missedBefore.has(path)) await removeFile(context, path)
    missedBefore = new Set(missed)
  }
}

async function removeFile({ state, deletes, ...context }: GoneFiles, path: string): Promise<void> {
  const content = state.lastContentOf(path)
  await state.removeFile(path)
  if (!deletes || content === null || state.pathsOf(content).length > 0) return
  const outcome = state.outcomeOf(content)
  if (outcome === null || outcome.state === 'submitted') return
  const { videoId, bucket, object, wasSent } = outcome
  const { backend, target, nameOf, report } = context
  if (videoId !== null)
    await backend.deleteVideo({ params: { dnaDbId: target.dnaDbId, videoId } }).catch(ignoreMissing)
  if (wasSent) await backend.deleteObject({ params: { bucket, object } }).catch(ignoreMissing)
  await state.addOutcome(content, null)
  report({ event: 'deleted', path: nameOf(path), videoId })
}

function ignoreMissing(error: unknown): void {
  const isMissing = error instanceof Fault && (error.code === 'NotFound' || error.code === 'ResourceNotFound')
  if (!isMissing) throw error
}
