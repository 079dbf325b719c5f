import { csvOf, Fault } from '@kinoprint/core'
import type { AdminBackend } from '../admin/backend.ts'
import { INCOMPLETE } from '../admin/exit-codes.ts'
import type { ImportTencentFlags } from '../admin/import-tencent-command.ts'
import { print, tableText } from '../admin/output.ts'
import { type Imported, importItems } from '../intake/import-items.ts'
import { openWholeFile, type WholeFile } from '../output/whole-file.ts'
import { reportInterruption, untilInterrupted } from '../until-interrupted.ts'
import type { Cloud } from './cloud-client.ts'
import { type CloudFile, cloudFiles, cloudLibraries } from './cloud-libraries.ts'
import { moveItem } from './move-file.ts'
import { compareLibrary, createMovedLibrary, isMoved, type MovedLibrary } from './move-library.ts'

/** The libraries of the bucket that are to be moved, and what exists of them here. */
async function readAccount(
  { cloud, backend }: { readonly cloud: Cloud; readonly backend: AdminBackend },
  { bucket, region, library: wanted }: ImportTencentFlags,
  signal: AbortSignal,
): Promise<MovedLibrary[]> {
  const libraries = await cloudLibraries(cloud, { bucket, region }, signal)
  const unknown = wanted.find((id) => !libraries.some(({ dnaDbId }) => dnaDbId === id))
  if (unknown !== undefined) throw new Fault('NotFound', `Bucket ${bucket} has no library ${unknown}.`)
  const chosen = libraries.filter(({ dnaDbId }) => wanted.length === 0 || wanted.includes(dnaDbId))
  if (chosen.length === 0)
    throw new Fault('NotFound', `Bucket ${bucket} has no library in ${region}. Check --bucket and --region.`)
  const moved: MovedLibrary[] = []
  for (const library of chosen) {
    process.stderr.write(`Listing library ${library.dnaDbId} (${library.name}).\n`)
    const files = await cloudFiles(cloud, { bucket, region, dnaDbId: library.dnaDbId }, signal)
    moved.push(await compareLibrary(backend, { library, files }))
  }
  return moved
}

function planText(libraries: readonly MovedLibrary[]): string {
  const rows = libraries.map(({ library, files, isNew, stored }) => {
    const there = files.filter((file) => isMoved(stored, file)).length
    const state = isNew ? 'to create' : 'exists'
    return [library.dnaDbId, library.name, state, files.length, there, files.length - there]
  })
  return tableText(['DnaDbId', 'name', 'library', 'videos', 'stored', 'to store'], rows)
}

type Failure = { readonly file: CloudFile; readonly reason: string }

/** Columns that `admin videos import` reads, and what is needed to find the cause. */
function reportText(failures: readonly Failure[]): string {
  const rows = failures.map(({ file, reason }) => [
    ...[file.object, file.bucket, file.region, file.dnaDbId, file.videoId, reason],
  ])
  return csvOf([['object', 'bucket', 'region', 'dnaDbId', 'videoId', 'reason'], ...rows])
}

/**
 * Imports the libraries of an account, prints what became of their videos, and sets the exit code.
 *
 * @throws Fault NotFound if the bucket or a library does not exist.
 */
export async function importAccount(
  backend: AdminBackend,
  cloud: Cloud,
  flags: ImportTencentFlags,
): Promise<void> {
  const report = flags.report === undefined || flags.dryRun ? null : await openWholeFile(flags.report)
  try {
    await untilInterrupted(async (signal) => {
      const interrupted = (error: unknown): null => {
        if (signal.aborted) return null
        throw error
      }
      const libraries = await readAccount({ cloud, backend }, flags, signal).catch(interrupted)
      if (libraries !== null && flags.dryRun) {
        print(planText(libraries))
        print('Nothing was changed. Run the same command without --dry-run to import.')
      } else if (libraries !== null) await store(libraries, { backend, cloud, flags, report, signal })
      if (signal.aborted) reportInterruption()
    })
  } finally {
    await report?.close()
  }
}

type Storing = {
  readonly backend: AdminBackend
  readonly cloud: Cloud
  readonly flags: ImportTencentFlags
  readonly report: WholeFile | null
  readonly signal: AbortSignal
}

async function store(
  libraries: readonly MovedLibrary[],
  { backend, cloud, flags, report, signal }: Storing,
): Promise<void> {
  const counts = { stored: 0, skipped: 0, failed: 0 }
  const failures: Failure[] = []
  for (const moved of libraries) if (moved.isNew) await createMovedLibrary(backend, moved)
  const items = libraries.flatMap(({ files, stored }) =>
    files.map((file) => {
      const item = moveItem(file, { backend, cloud, stored, copies: flags.copy })
      const run = async (options: Parameters<typeof item.run>[0]): Promise<Omit<Imported, 'name'>> => {
        const done = await item.run(options).catch((error: unknown) => {
          if (error instanceof Fault) failures.push({ file, reason: error.message })
          throw error
        })
        if (done.state === 'failed') failures.push({ file, reason: done.reason ?? '' })
        return done
      }
      return { ...item, run }
    }),
  )
  await importItems(items, { signal, onDone: ({ state }) => counts[state]++ }).finally(() =>
    report?.write(reportText(failures)),
  )
  print(`${counts.stored} stored, ${counts.skipped} skipped, ${counts.failed} failed.`)
  if (counts.failed > 0) process.exitCode = INCOMPLETE
}
