import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { type CollectionFile, findDuplicates, type WorkContext } from '@kinoprint/engine'
import { createLog, type Settings } from '@kinoprint/runtime'
import { migrate, openDatabase } from '@kinoprint/store'
import { type DuplicatesCache, defaultCacheDir, openCache } from '../duplicates/cache.ts'
import { type Collected, collectFiles, type FoundFile } from '../duplicates/collect-files.ts'
import { linkSpare, moveSpare, type Outcome, type Spare } from '../duplicates/move-spare.ts'
import { queryFiles } from '../duplicates/query-file.ts'
import {
  fingerprintAndSearch,
  identifyFiles,
  type Reading,
  unfinishedOf,
} from '../duplicates/read-collection.ts'
import { type Report, reportCsv, reportJson, reportText } from '../duplicates/report.ts'
import { reportHtml } from '../duplicates/report-html.ts'
import { type PairStills, takeStills } from '../duplicates/stills.ts'
import { excludeNames } from '../files/exclude-names.ts'
import { migrationsDir } from '../installed-files.ts'
import { type LocalWork, loadLocalSettings, openLocalWork } from '../local-work.ts'
import { openOutput } from '../output/open-output.ts'
import { tell } from '../scan/scan-output.ts'
import type { DuplicatesFormat } from '../searching-commands.ts'
import { INTERRUPTED, untilInterrupted } from '../until-interrupted.ts'

export type DuplicatesOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly folders: readonly string[]
  /** Folders whose files are never proposed for removal. */
  readonly references: readonly string[]
  readonly format: DuplicatesFormat
  /** A file, or `-` for standard output. */
  readonly out: string
  readonly exclude: readonly string[]
  /** Folder of the cache; null uses a temporary one. */
  readonly cache: string | null | undefined
  readonly moveTo: string | undefined
  readonly hardlink: boolean
  readonly dryRun: boolean
}

/** Exit code if a file could not be read, moved or linked. */
const INCOMPLETE = 3

/** Reports the duplicates in folders. Returns the exit code: 0, 3 if a file was left out, 130 if interrupted. */
export async function duplicates(options: DuplicatesOptions): Promise<number> {
  const { moveTo, hardlink, dryRun, cache: given } = options
  if (dryRun && moveTo === undefined && !hardlink)
    throw new Fault('InvalidArgument', 'Give --move-to or --hardlink with --dry-run.')
  const { folders, references } = options
  const exclude = excludeNames(options.exclude)
  const collected = await collectFiles({ folders, references, exclude, except: moveTo })
  const output = await openOutput(options.out)
  const temporary = given === null ? await mkdtemp(join(tmpdir(), 'kinoprint-duplicates-')) : null
  const cache = await openCache(temporary ?? given ?? defaultCacheDir(options.environment))
  try {
    return await untilInterrupted(async (signal) => {
      const run = { options, collected, cache, signal }
      const reading = await readAll(run)
      const { report, isPartial } = reportOf(run, reading)
      await output.write(await textOf(run, report))
      if (isPartial) {
        tell('Interrupted.')
        return INTERRUPTED
      }
      const acted = await removeSpare(run, { report, reading })
      if (signal.aborted) {
        tell('Interrupted.')
        return INTERRUPTED
      }
      return acted && report.unreadable.length === 0 ? 0 : INCOMPLETE
    })
  } finally {
    await output.close()
    await cache.close()
    if (temporary !== null) await rm(temporary, { recursive: true, force: true })
  }
}

type Run = {
  readonly options: DuplicatesOptions
  readonly collected: Collected
  readonly cache: DuplicatesCache
  readonly signal: AbortSignal
}

/** Pictures and sound alone are neither listed nor read. */
function videoSettings(environment: DuplicatesOptions['environment']): Settings {
  const settings = loadLocalSettings(environment)
  const inputFormats = settings.inputFormats.filter((name) => name !== 'pictures' && name !== 'sound')
  return { ...settings, inputFormats }
}

/** Reads what the cache does not know. After an interruption, returns what is known by then. */
async function readAll({ options, collected, cache, signal }: Run): Promise<Reading> {
  for (const line of collected.unreadable) tell(`Cannot read ${line}`)
  for (const { path, reason } of collected.skipped) tell(`Skipped ${path}: ${reason}.`)
  const settings = videoSettings({
    ...options.environment,
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
  })
  const queries = queryFiles(join(cache.databaseDir, '..', 'queries'))
  const reading: Reading = { contents: new Map(), unreadable: new Set() }
  const read = { cache, queries, maxFileBytes: settings.maxObjectBytes, signal }
  try {
    await identifyFiles(collected.files, reading, read)
    for (const [file, content] of reading.contents) {
      const message = cache.failureOf(content)
      if (message === undefined) continue
      reading.unreadable.add(file)
      tell(`Cannot read ${file.path}: ${message}`)
    }
    if (unfinishedOf(reading, cache).size > 0)
      await withLibrary(settings, cache, (context) => fingerprintAndSearch(context, reading, read))
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return reading
}

async function withLibrary(
  settings: Settings,
  cache: DuplicatesCache,
  work: (context: WorkContext) => Promise<void>,
): Promise<void> {
  const db = await openDatabase({ dataDir: cache.databaseDir, onProgress: tell }).catch(explainCacheInUse)
  const local = await openLocalWork(settings).catch(async (error: unknown) => {
    await db.close()
    throw error
  })
  try {
    await migrate(db, { dir: migrationsDir })
    await work({ ...local, db, log: createLog(settings.logLevel), thumbnailsDir: null })
  } finally {
    await local.pool.close()
    await db.close()
  }
}

/** Two runs at once would do the same work twice. */
function explainCacheInUse(error: unknown): never {
  if (!(error instanceof Fault) || error.code !== 'Conflict') throw error
  const { holderPid } = error.details
  const who = holderPid ? `process ${holderPid}` : 'another process'
  const message = `The cache is in use by ${who}. Wait until it ends, or use another --cache, or --no-cache.`
  throw new Fault('Conflict', message, { cause: error })
}

function reportOf(
  { collected, cache, signal }: Run,
  reading: Reading,
): { report: Report; isPartial: boolean } {
  const files = [...reading.contents].flatMap(([found, content]): CollectionFile[] => {
    const facts = cache.factsOf(content)
    const { path, isReference, isOwn, stats } = found
    return facts === undefined || reading.unreadable.has(found)
      ? []
      : [{ path, content, bytes: stats.size, facts, isReference, isOwn }]
  })
  const matches = files.flatMap(({ content }) => cache.matchesOf(content) ?? [])
  const unread = [...reading.unreadable].map((file) => {
    const content = reading.contents.get(file)
    const why = content === undefined ? undefined : cache.failureOf(content)
    return `${file.path}: ${why ?? 'it could not be read.'}`
  })
  const isPartial = signal.aborted
  const unreadable = [...collected.unreadable, ...unread]
  const found = findDuplicates(files, matches)
  return {
    report: { ...found, files: files.length, skipped: collected.skipped, unreadable, isPartial },
    isPartial,
  }
}

async function textOf({ options, signal }: Run, report: Report): Promise<string> {
  switch (options.format) {
    case 'json':
      return reportJson(report)
    case 'csv':
      return reportCsv(report)
    case 'html':
      return reportHtml(report, await stillsOf(options, report, signal))
    case 'text':
      return reportText(report)
  }
}

async function stillsOf(
  { environment }: DuplicatesOptions,
  { groups, pairs, isPartial }: Report,
  signal: AbortSignal,
): Promise<PairStills> {
  if (isPartial || pairs.length === 0) return new Map()
  let work: LocalWork | null = null
  try {
    work = await openLocalWork(videoSettings(environment))
    // Not all pairs of a large collection get pictures: first those that a row shows without being opened.
    const kept = new Set(groups.map(({ keep }) => keep))
    const isShown = ({ a, b }: Report['pairs'][number]) => Number(kept.has(a) || kept.has(b))
    const inOrder = pairs.toSorted((one, other) => isShown(other) - isShown(one))
    return await takeStills(inOrder, { tools: work.tools, signal })
  } finally {
    await work?.pool.close()
  }
}

type Read = { readonly report: Report; readonly reading: Reading }

/** Moves or links the spare files. Returns whether all were done. */
async function removeSpare(
  { options: { moveTo, hardlink, dryRun }, signal }: Run,
  { report, reading }: Read,
): Promise<boolean> {
  if (moveTo === undefined && !hardlink) return true
  const outcomes: Outcome[] = []
  for (const spare of sparesOf(report, reading)) {
    if (signal.aborted) break
    const act = { dryRun, signal }
    const outcome = moveTo === undefined ? await linkSpare(spare, act) : await moveSpare(spare, moveTo, act)
    tell(`${outcome.text.charAt(0).toUpperCase()}${outcome.text.slice(1)}`)
    outcomes.push(outcome)
  }
  if (outcomes.length === 0) tell('There is no spare file.')
  return outcomes.every(({ done }) => done)
}

function sparesOf({ groups }: Report, { contents }: Reading): Spare[] {
  const foundAt = new Map<string, FoundFile>([...contents.keys()].map((found) => [found.path, found]))
  return groups.flatMap(({ keep, spare }) =>
    spare.flatMap((file) => {
      const [found, keepFound] = [foundAt.get(file.path), foundAt.get(keep.path)]
      return found === undefined || keepFound === undefined ? [] : [{ file, keep, found, keepFound }]
    }),
  )
}
