import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, loadSettings } from '@kinoprint/runtime'
import { migrate, openDatabase } from '@kinoprint/store'
import { databaseDir } from '../data-folder.ts'
import { openLocalWork } from '../local-work.ts'
import { migrationsDir } from '../migrations-dir.ts'
import { listVideos } from '../scan/list-videos.ts'
import { runScan, type ScanOutcome, type ScanPlan } from '../scan/run-scan.ts'
import { scanLibrary } from '../scan/scan-library.ts'
import { untilInterrupted } from '../until-interrupted.ts'

export type ScanOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly refs: string
  readonly queries: string
  readonly out: string
  /** Keeps the library; a temporary one otherwise. */
  readonly dataDir?: string
  /** Keeps the library in this PostgreSQL instead. */
  readonly databaseUrl?: string
  readonly minScore?: number
}

/** Exit code of a scan that had to leave a file out. */
const SOME_UNREAD = 3

/** Stores one folder, searches it with another, writes the rows. Answers the exit code. */
export const scan = async (options: ScanOptions): Promise<number> => {
  const [refs, queries] = [await listVideos(options.refs), await listVideos(options.queries)]
  // A wrong --out is found out now, not after an hour of work.
  const draft = `${options.out}.part`
  await writeFile(draft, '')
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'kinoprint-scan-')))
  try {
    const minScore = options.minScore
    const { rows, unread } = await untilInterrupted((signal) =>
      scanIn(dataDir, options, { refs, queries, minScore, signal }),
    )
    await writeFile(draft, `${JSON.stringify(rows, null, 1)}\n`)
    await rename(draft, options.out)
    const pairs = new Set(rows.map((row) => `${row.query}\n${row.ref}`)).size
    process.stderr.write(`${rows.length} passages in ${pairs} pairs of videos: ${options.out}\n`)
    return unread.length > 0 ? SOME_UNREAD : 0
  } finally {
    await rm(draft, { force: true })
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
  }
}

const scanIn = async (
  dataDir: string,
  { environment, databaseUrl }: ScanOptions,
  plan: Omit<ScanPlan, 'dnaDbId'>,
): Promise<ScanOutcome> => {
  // The scan's own database, whatever servers the environment names; a server only where the command names it.
  const settings = loadSettings({ ...environment, DATABASE_URL: undefined, REDIS_URL: undefined })
  const log = createLog(settings.logLevel)
  const work = await openLocalWork(settings)
  const onProgress = (message: string): void => void process.stderr.write(`${message}\n`)
  const where = databaseUrl === undefined ? { dataDir: databaseDir(dataDir) } : { databaseUrl }
  const db = await openDatabase({ ...where, onProgress })
  try {
    await migrate(db, { dir: migrationsDir, onProgress })
    const dnaDbId = await scanLibrary(db)
    return await runScan({ ...work, db, log, thumbnailsDir: null }, { ...plan, dnaDbId })
  } finally {
    await work.pool.close()
    await db.close()
  }
}
