import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault, type StoreDetail } from '@kinoprint/core'
import type { Tracks } from '@kinoprint/dna'
import { createLog } from '@kinoprint/runtime'
import { migrate, openDatabase } from '@kinoprint/store'
import { databaseDir } from '../data-folder.ts'
import { excludeNames } from '../files/exclude-names.ts'
import { type ListOptions, listVideos, type VideoFolder } from '../files/list-videos.ts'
import { migrationsDir } from '../installed-files.ts'
import { loadLocalSettings, openLocalWork } from '../local-work.ts'
import type { RowFormat } from '../output/row-format.ts'
import { reachDatabase } from '../product/reach-database.ts'
import { newScanResult, runScan, type ScanPlan, type ScanResult } from '../scan/run-scan.ts'
import { scanLibrary } from '../scan/scan-library.ts'
import { openScanOutput, type ScanOutput, tell, tellSkipped } from '../scan/scan-output.ts'
import { INTERRUPTED, untilInterrupted } from '../until-interrupted.ts'

export type ScanOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly refs: string
  /** Without queries and `out`, the references are only stored. */
  readonly queries?: string
  readonly out?: string
  /** Folder in which to keep the library. Default: a temporary folder, removed at the end. */
  readonly dataDir?: string
  /** PostgreSQL database in which to keep the library instead. */
  readonly databaseUrl?: string
  /** How much to store of each reference. Default: as the kept library, or STORE_DETAIL. */
  readonly storeDetail?: StoreDetail
  readonly minScore?: number
  /** Default: as the extension of `out` says. */
  readonly format?: RowFormat
  readonly tracks: Tracks
  /** Patterns of names that are not read. */
  readonly exclude: readonly string[]
}

/** Exit code of a scan that skipped unreadable files. */
const SOME_UNREADABLE = 3

/** A scan whose options have been checked, before any work. */
type Scan = {
  readonly options: ScanOptions
  readonly refs: VideoFolder
  readonly search: { readonly queries: VideoFolder; readonly output: ScanOutput } | null
  readonly isKept: boolean
}

/**
 * Stores one folder, searches it with another and writes the rows. Returns the exit code: 0, 3 if a file could not be
 * read, 130 if interrupted. Rows found before an interruption or a failure are written too.
 */
export async function scan(options: ScanOptions): Promise<number> {
  if (!/^(?:postgres|postgresql):\/\//.test(options.databaseUrl ?? 'postgres://'))
    throw new Fault('InvalidArgument', '--database-url must start with postgres:// or postgresql://.')
  const isKept = options.dataDir !== undefined || options.databaseUrl !== undefined
  const refs = await listVideos(options.refs, listing(options))
  const search = await openSearch(options, { isKept })
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'kinoprint-scan-')))
  try {
    return await scanAll({ options, refs, search, isKept }, dataDir)
  } finally {
    await search?.output.close()
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }
}

async function openSearch(options: ScanOptions, { isKept }: { isKept: boolean }): Promise<Scan['search']> {
  const { queries, out, format } = options
  if (queries === undefined && out === undefined && isKept) return null
  if (queries === undefined || out === undefined) {
    const only = 'You can omit both, to only store references, with --data-dir or --database-url.'
    throw new Fault('InvalidArgument', `Give --queries and --out. ${only}`)
  }
  const listed = await listVideos(queries, { ...listing(options), mayBeFile: true })
  return { queries: listed, output: await openScanOutput(out, format) }
}

/** Videos, pictures and sound, unless INPUT_FORMATS limits them. */
function listing({ environment, exclude }: ScanOptions): ListOptions {
  return { exclude: excludeNames(exclude), formats: loadLocalSettings(environment).inputFormats }
}

type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: unknown }

async function scanAll(asked: Scan, dataDir: string): Promise<number> {
  const { options, refs, search } = asked
  const folders = search === null ? [refs] : [refs, search.queries]
  const isPartial = tellSkipped(folders)
  const result = newScanResult()
  const ending = await untilEnded(asked, { dataDir, result })
  for (const name of result.removed)
    tell(`Removed ${name} from the library: its file is no longer in ${options.refs}.`)
  const isWritten = search !== null && (ending.kind === 'done' || result.searched > 0)
  if (isWritten) await search.output.write(result.rows)
  if (ending.kind === 'interrupted') {
    tell(`Interrupted ${progressText(asked, result)}`)
    return INTERRUPTED
  }
  if (ending.kind === 'failed') {
    // Without any progress, the error alone is enough.
    if (result.stored > 0) tell(`Failed ${progressText(asked, result)}`)
    throw ending.error
  }
  return isPartial || result.unreadable.size > 0 ? SOME_UNREADABLE : 0
}

function untilEnded(
  { options, refs, search }: Scan,
  { dataDir, result }: { dataDir: string; result: ScanResult },
): Promise<Ending> {
  return untilInterrupted(async (signal) => {
    const plan = {
      refs,
      queries: search?.queries ?? null,
      minScore: options.minScore,
      tracks: options.tracks,
      signal,
    }
    try {
      await scanIn(dataDir, { options, plan }, result)
      return { kind: 'done' }
    } catch (error) {
      return signal.aborted ? { kind: 'interrupted' } : { kind: 'failed', error }
    }
  })
}

async function scanIn(
  dataDir: string,
  { options, plan }: { options: ScanOptions; plan: Omit<ScanPlan, 'library' | 'maxFileBytes'> },
  result: ScanResult,
): Promise<void> {
  const { environment, databaseUrl } = options
  // A scan uses its own database, even if the environment names servers; only --database-url selects one.
  const settings = loadLocalSettings({ ...environment, DATABASE_URL: undefined, REDIS_URL: undefined })
  const log = createLog(settings.logLevel)
  const local = await openLocalWork(settings)
  const where = databaseUrl === undefined ? { dataDir: databaseDir(dataDir) } : { databaseUrl }
  const db = await openDatabase({ ...where, onProgress: tell })
  try {
    if (databaseUrl !== undefined) await reachDatabase(db, { databaseUrl, givenBy: '--database-url' })
    await migrate(db, { dir: migrationsDir, onProgress: tell })
    const { root } = plan.refs
    const library = await scanLibrary(db, root, { given: options.storeDetail, initial: settings.storeDetail })
    const maxFileBytes = settings.maxObjectBytes
    await runScan({ ...local, db, log, thumbnailsDir: null }, { ...plan, library, maxFileBytes }, result)
  } finally {
    await local.pool.close()
    await db.close()
  }
}

/** The progress of an unfinished scan, the location of its rows, and how to continue. */
function progressText({ refs, search, isKept }: Scan, { stored, searched }: ScanResult): string {
  if (search !== null && searched > 0) {
    return `after ${searched} of ${search.queries.videos.length} queries. Their rows are in ${search.output.name}.`
  }
  const next = isKept
    ? 'Run the same command again to continue.'
    : 'To be able to continue an interrupted scan, use --data-dir.'
  return `after ${stored} of ${refs.videos.length} references. No rows were written. ${next}`
}
