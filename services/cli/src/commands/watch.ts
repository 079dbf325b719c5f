import { relative, sep } from 'node:path'
import { Fault } from '@kinoprint/core'
import { loadSettings } from '@kinoprint/runtime'
import type { AdminBackend } from '../admin/backend.ts'
import { excludeNames } from '../files/exclude-names.ts'
import { type Target, targetOf } from '../intake/file-job.ts'
import { intakeFormats } from '../intake/intake-formats.ts'
import { openAdminBackend } from '../product/open-admin-backend.ts'
import { tell } from '../scan/scan-output.ts'
import { untilInterrupted } from '../until-interrupted.ts'
import { createTakes } from '../watch/create-takes.ts'
import { createGoneCheck } from '../watch/remove-gone.ts'
import { eventText, type WatchEvent } from '../watch/watch-event.ts'
import { watchedRoot, watchFolder } from '../watch/watch-folder.ts'
import { openWatchState, type WatchState } from '../watch/watch-state.ts'

export type WatchOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly folder: string
  readonly library: string
  readonly search: boolean
  readonly bucket?: string | undefined
  readonly prefix?: string | undefined
  readonly exclude: readonly string[]
  readonly settle: number
  readonly rescan: number
  readonly delete: boolean
  readonly once: boolean
}

/** Exit code of `--once` if a file could not be taken. */
const INCOMPLETE = 3

/** Stores or searches with what appears in a folder. Returns the exit code. */
export async function watch(options: WatchOptions): Promise<number> {
  const { environment, folder, search } = options
  if (search && options.delete)
    throw new Fault('InvalidArgument', 'With --search nothing is stored, so give it without --delete.')
  const root = await watchedRoot(folder)
  const { dataDir } = loadSettings(environment, { role: 'tool' })
  const backend = await openAdminBackend({ environment, runsJobs: true })
  try {
    const { prefix = `${root.split(sep).at(-1)}/`, library, bucket } = options
    const rule = search ? 'FindSimilarVideo' : 'GetFingerPrint'
    const target = await targetOf(backend, { library, bucket, prefix }, rule)
    const state = await openWatchState(dataDir, { folder: root, target })
    try {
      return await untilInterrupted((signal) => run(options, { backend, target, state, root, signal }))
    } finally {
      await state.close()
    }
  } finally {
    await backend.close()
  }
}

type Running = {
  readonly backend: AdminBackend
  readonly target: Target
  readonly state: WatchState
  readonly root: string
  readonly signal: AbortSignal
}

async function run(options: WatchOptions, { root, signal, ...parts }: Running): Promise<number> {
  const { exclude, settle, rescan, once } = options
  const { lastHeardAt } = await parts.backend.listWorkers()
  if (lastHeardAt === null) tell('No worker has been heard yet. Jobs wait until one runs.')
  tell(beginning(options))
  let failures = 0
  const report = (event: WatchEvent): void => {
    if (event.event === 'failed') failures++
    process.stdout.write(`${JSON.stringify(event)}\n`)
    tell(eventText(event))
  }
  const onProblem = oncePerText(tell)
  const reportSkipped = oncePerText((path, reason: string) => report({ event: 'skipped', path, reason }))
  const nameOf = (path: string) => relative(root, path).split(sep).join('/')
  const takes = createTakes({ ...parts, running: new Map() }, { signal, once, report, onProblem })
  await watchFolder({
    formats: await intakeFormats(parts.backend),
    ...{ root, once, signal, onProblem, exclude: excludeNames(exclude), onSkipped: reportSkipped },
    ...{ settleMs: 1000 * settle, rescanMs: 1000 * rescan },
    ...takes,
    onListed: createGoneCheck({ ...parts, deletes: options.delete, nameOf, report, onProblem }),
  })
  if (signal.aborted) tell('Ended.')
  return once && failures > 0 ? INCOMPLETE : 0
}

function beginning({ folder, library, search, once }: WatchOptions): string {
  const doing = search ? 'new videos are looked up in' : 'new videos are stored in'
  return `Watching ${folder}: ${doing} library ${library}.${once ? '' : ' Ctrl-C ends it.'}`
}

/** Calls `act` once for each first argument. */
function oncePerText<Rest extends unknown[]>(
  act: (first: string, ...rest: Rest) => void,
): (first: string, ...rest: Rest) => void {
  const seen = new Set<string>()
  return (first, ...rest) => {
    if (!seen.has(first)) act(first, ...rest)
    seen.add(first)
  }
}
