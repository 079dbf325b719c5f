import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Manifest, Prediction } from './manifest.ts'
import { runTimed } from './run-timed.ts'

const KINOPRINT = fileURLToPath(new URL('../../services/cli/bin/kinoprint.js', import.meta.url))

/** Where a scan keeps its library between runs: in a folder of its own, or in a database of ours. */
export type Place = { readonly dataDir: string; readonly databaseUrl?: string }
export type Scanned = {
  readonly predictions: Prediction[]
  /** Of kinoprint and all processes that it started. */
  readonly cpuSeconds: number
}

/** A file that cannot be read does not stop a scan; it ends with this code then. */
const SOME_UNREAD = 3

/**
 * Searches a bench's library with its queries through `kinoprint scan` as a user does, rows of every score. What `place`
 * holds from an earlier scan is not stored again. `queries: 'none'` only stores.
 */
export async function scan(
  { library, queries }: Manifest,
  { place, search, say }: { place: Place; search: 'all' | 'none'; say: (line: string) => void },
): Promise<Scanned> {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-bench-scan-'))
  try {
    // Always the same folder: a scan keeps a library for each.
    const refs = linkAll(join(place.dataDir, 'refs'), library)
    const out = join(folder, 'rows.json')
    const asked =
      search === 'all' ? ['--queries', linkAll(join(folder, 'queries'), queries), '--out', out] : []
    const named = ['--refs', refs, ...asked, '--data-dir', place.dataDir]
    const database = place.databaseUrl === undefined ? [] : ['--database-url', place.databaseUrl]
    const ran = await runTimed(process.execPath, [
      KINOPRINT,
      'scan',
      ...named,
      ...database,
      '--min-score',
      '0',
    ])
    if (ran.code !== 0 && ran.code !== SOME_UNREAD)
      throw new Error(`kinoprint scan ended with ${ran.code}: ${ran.stderr}`)
    if (ran.code === SOME_UNREAD) say(unreadOf(ran.stderr))
    return { predictions: search === 'all' ? readPredictions(out) : [], cpuSeconds: ran.cpuSeconds }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A folder of links that are named by id, because a scan's rows name the files. */
function linkAll(folder: string, videos: readonly { id: string; path: string }[]): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { id, path } of videos) symlinkSync(path, join(folder, id + (extname(path) || '.mp4')))
  return folder
}

/** The rows of a scan, or of another tool in the same form; files are named with or without their endings. */
export function readPredictions(path: string): Prediction[] {
  const rows = JSON.parse(readFileSync(path, 'utf8')) as Prediction[]
  const idOf = (name: string) => name.replace(/\.[a-z0-9]{2,4}$/i, '')
  return rows.map((row) => ({ ...row, query: idOf(row.query), ref: idOf(row.ref) }))
}

const unreadOf = (stderr: string): string =>
  stderr
    .split(/[\r\n]+/)
    .filter((line) => line.includes('cannot read'))
    .join('\n')
