import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import type { AdminBackend } from '../admin/backend.ts'
import { type EndedJob, failureOf, waitForJob } from '../admin/wait-for-job.ts'
import { contentOf, type LocalFile, objectFor, startFileJob, type Target } from '../intake/file-job.ts'
import type { WatchEvent } from './watch-event.ts'
import type { Outcome, WatchState } from './watch-state.ts'

export type TakeContext = {
  readonly backend: AdminBackend
  readonly target: Target
  readonly state: WatchState
  /** Contents whose jobs are running, so that two copies that appear at once are one job. */
  readonly running: Map<string, Promise<WatchEvent>>
}

export type TakeOptions = {
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
}

/**
 * Stores a complete file or searches with it, each content once. Null if nothing is to be reported: the file is known and
 * has not changed.
 *
 * @throws Fault Conflict if the file changes meanwhile; take it again when it is complete.
 */
export async function takeFile(
  context: TakeContext,
  file: LocalFile,
  options: TakeOptions,
): Promise<WatchEvent | null> {
  const { state, running, target } = context
  const { path, name } = file
  const stats = await stat(path)
  const lastContent = state.lastContentOf(path)
  const content = state.contentOf({ path, stats }) ?? (await contentOf(path, options.signal))
  const others = state.pathsOf(content).filter((other) => other !== path)
  if (lastContent !== content) await state.addFile({ path, stats }, content)
  const outcome = state.outcomeOf(content)
  const isNew = lastContent !== content
  if (outcome?.state === 'done' || (outcome?.state === 'failed' && !isNew)) {
    if (!isNew) return null
    const other = others.find((one) => existsSync(one))
    if (other !== undefined) return { event: 'duplicate', path: name, of: other }
    const [from] = others
    return from === undefined ? null : { event: 'renamed', path: name, from }
  }
  const twin = running.get(content)
  if (twin !== undefined) {
    await twin
    return { event: 'duplicate', path: name, of: others[0] ?? path }
  }
  const isReplacing = target.ruleType === 'GetFingerPrint' && isNew
  const replaced = isReplacing ? lastContent : null
  const work = submitAndWait(context, { ...file, content, replaced }, options)
  running.set(content, work)
  try {
    return await work
  } finally {
    running.delete(content)
  }
}

type FileContent = LocalFile & { readonly content: string; readonly replaced: string | null }

/** What an object held before is no longer stored, so that it is taken again if it comes back. */
async function forgetReplaced(
  state: WatchState,
  { replaced }: FileContent,
  { object }: Outcome,
): Promise<void> {
  if (replaced !== null && state.outcomeOf(replaced)?.object === object)
    await state.addOutcome(replaced, null)
}

async function submitAndWait(
  { backend, target, state }: TakeContext,
  file: FileContent,
  { signal, onProgress }: TakeOptions,
): Promise<WatchEvent> {
  const { content, name: path } = file
  const known = state.outcomeOf(content)
  const resumed = known?.state === 'submitted' ? known : null
  const { bucket, object, isThere } = await objectFor(backend, target, file)
  const jobId = resumed?.jobId ?? (await startFileJob(backend, target, { ...file, signal }))
  const submitted: Outcome = resumed ?? {
    ...{ state: 'submitted', jobId, bucket, object, wasSent: !isThere, videoId: null },
  }
  if (resumed === null) await state.addOutcome(content, submitted)
  await forgetReplaced(state, file, submitted)
  const job = await waitForJob(backend, jobId, { signal, onProgress }).catch(async (error: unknown) => {
    // The job was deleted, so the next look at the file submits another one.
    if (error instanceof Fault && error.code === 'NotFound') await state.addOutcome(content, null)
    throw error
  })
  const reason = failureOf(job)
  if (reason !== null) {
    await state.addOutcome(content, { ...submitted, state: 'failed' })
    return { event: 'failed', path, jobId, reason }
  }
  const isStored = target.ruleType === 'GetFingerPrint' && job.result?.stored !== false
  const videoId = isStored ? (job.result?.videoId ?? null) : null
  await state.addOutcome(content, { ...submitted, state: 'done', videoId })
  return foundBy(job, { path, isStored })
}

function foundBy(
  { jobId, result }: EndedJob,
  { path, isStored }: { readonly path: string; readonly isStored: boolean },
): WatchEvent {
  const detections = result?.detections ?? []
  return {
    event: isStored ? 'stored' : 'searched',
    path,
    jobId,
    videoId: result?.videoId ?? null,
    durationSeconds: result?.durationSeconds ?? 0,
    // A stored video also finds itself.
    found: isStored ? detections.filter(({ videoId }) => videoId !== result?.videoId) : detections,
  }
}
