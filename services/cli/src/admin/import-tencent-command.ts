import { csvOf, Fault } from '@kinoprint/core'
import { Command } from 'commander'
import { examples } from '../examples.ts'
import { type Imported, importItems } from '../intake/import-items.ts'
import { openWholeFile, type WholeFile } from '../output/whole-file.ts'
import { type Cloud, openCloud } from '../tencent/cloud-client.ts'
import { type CloudFile, cloudFiles, cloudLibraries } from '../tencent/cloud-libraries.ts'
import { readCloudSettings } from '../tencent/cloud-settings.ts'
import { moveItem } from '../tencent/move-file.ts'
import { compareLibrary, createMovedLibrary, isMoved, type MovedLibrary } from '../tencent/move-library.ts'
import { INTERRUPTED, untilInterrupted } from '../until-interrupted.ts'
import type { AdminBackend, WithBackend } from './backend.ts'
import { print, tableText } from './output.ts'
import { collect, decimal } from './parse-option.ts'
import { INCOMPLETE } from './videos-import-commands.ts'

type Flags = {
  bucket: string
  region: string
  library: string[]
  copy: boolean
  dryRun: boolean
  report?: string
  rate: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** The libraries of the bucket that are to be moved, and what exists of them here. */
async function readAccount(
  { cloud, backend }: { readonly cloud: Cloud; readonly backend: AdminBackend },
  { bucket, region, library: wanted }: Flags,
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

async function importTencent(backend: AdminBackend, cloud: Cloud, flags: Flags): Promise<void> {
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
      if (!signal.aborted) return
      process.stderr.write('Interrupted. Run the same command again to continue.\n')
      process.exitCode = INTERRUPTED
    })
  } finally {
    await report?.close()
  }
}

type Storing = {
  readonly backend: AdminBackend
  readonly cloud: Cloud
  readonly flags: Flags
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

export function importTencentCommand(
  withBackend: WithBackend,
  { environment }: { readonly environment: Environment },
): Command {
  return new Command('import-tencent')
    .summary('move the libraries of a Tencent Cloud account here')
    .description(
      'Creates the libraries of a bucket of Tencent Cloud under their DnaDbId, copies the object of each video, and stores it under its VideoId. The key is TENCENT_SECRET_ID and TENCENT_SECRET_KEY. What is stored already is skipped, so run the command again to continue. The exit code is 3 if a video could not be stored.',
    )
    .requiredOption('--bucket <bucket>', 'the bucket with its AppId, such as films-1250000000')
    .requiredOption('--region <region>', 'its region, such as ap-chongqing')
    .option('--library <DnaDbId>', 'only this library (repeatable; default: all)', collect, [])
    .option('--no-copy', 'do not copy objects: the object store here has them under the same names')
    .option('--dry-run', 'only print what would be imported', false)
    .option('--report <file>', 'write what could not be stored, and why, as CSV')
    .option('--rate <requests>', 'the most requests per second to Tencent Cloud', decimal, 10)
    .action((flags: Flags) => {
      if (flags.rate <= 0) throw new Fault('InvalidArgument', '--rate must be above 0.')
      const cloud = openCloud({ ...readCloudSettings(environment), requestsPerSecond: flags.rate })
      return withBackend((backend) => importTencent(backend, cloud, flags), { runsJobs: !flags.dryRun })
    })
    .addHelpText(
      'after',
      examples(
        'kinoprint admin import-tencent --bucket films-1250000000 --region ap-chongqing --dry-run',
        'kinoprint admin import-tencent --bucket films-1250000000 --region ap-chongqing --report failed.csv',
      ),
    )
}
