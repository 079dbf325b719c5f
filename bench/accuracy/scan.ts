import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Manifest, Prediction } from './manifest.ts'
import { runTimed } from './run-timed.ts'

const KINOPRINT = fileURLToPath(new URL('../../services/cli/bin/kinoprint.js', import.meta.url))

/** Where a scan keeps its library between runs: in the database if given, otherwise in the folder. */
export type ScanLibrary = { readonly dataDir: string; readonly databaseUrl?: string }

type ScanOptions = {
  readonly scanLibrary: ScanLibrary
  readonly search: 'all' | 'none'
  readonly print: (line: string) => void
  /** Options of the Node.js that runs kinoprint. */
  readonly nodeOptions?: readonly string[]
}

export type Scanned = {
  readonly predictions: Prediction[]
  /** CPU seconds of kinoprint and all processes it started. */
  readonly cpuSeconds: number
}

/** Exit code of a scan that skipped unreadable files. */
const SOME_UNREAD = 3

/**
 * Searches a bench's library with its queries through `kinoprint scan`, as a user does, with rows of every score. Videos
 * that an earlier scan stored in `scanLibrary` are not stored again. `search: 'none'` only stores the library.
 */
export async function scan(
  { library, queries }: Manifest,
  { scanLibrary, search, print, nodeOptions = [] }: ScanOptions,
): Promise<Scanned> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-bench-scan-'))
  try {
    // Always the same folder, because a scan keeps one library per folder.
    const refs = linkAll(join(scanLibrary.dataDir, 'refs'), library)
    const out = join(folder, 'rows.json')
    const queryFlags =
      search === 'all' ? ['--queries', linkAll(join(folder, 'queries'), queries), '--out', out] : []
    const { dataDir, databaseUrl } = scanLibrary
    const libraryFlags = databaseUrl === undefined ? ['--data-dir', dataDir] : ['--database-url', databaseUrl]
    const args = ['--refs', refs, ...queryFlags, ...libraryFlags, '--min-score', '0']
    const ran = await runTimed(process.execPath, [...nodeOptions, KINOPRINT, 'scan', ...args])
    if (ran.code !== 0 && ran.code !== SOME_UNREAD)
      throw new Error(`kinoprint scan exited with ${ran.code}: ${ran.stderr}`)
    if (ran.code === SOME_UNREAD) print(unreadOf(ran.stderr))
    return { predictions: search === 'all' ? readPredictions(out) : [], cpuSeconds: ran.cpuSeconds }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Makes a folder of links named by video id, because a scan's rows contain file names. */
function linkAll(folder: string, videos: readonly { id: string; path: string }[]): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { id, path } of videos) symlinkSync(path, join(folder, id + (extname(path) || '.mp4')))
  return folder
}

/** Reads the rows of a scan, or of another tool in the same format. File names may lack their extension. */
export function readPredictions(path: string): Prediction[] {
  const rows = JSON.parse(readFileSync(path, 'utf8')) as Prediction[]
  const idOf = (name: string) => name.replace(/\.[a-z0-9]{2,4}$/i, '')
  return rows.map((row) => ({ ...row, query: idOf(row.query), ref: idOf(row.ref) }))
}

function unreadOf(stderr: string): string {
  return stderr
    .split(/[\r\n]+/)
    .filter((line) => line.includes('cannot read'))
    .join('\n')
}
