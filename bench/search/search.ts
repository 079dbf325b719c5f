import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServers } from '../../tests/servers.ts'
import { benchOf } from '../accuracy/accuracy.ts'
import { loadDistractors } from '../accuracy/distractors/load-distractors.ts'
import { scan } from '../accuracy/scan.ts'
import type { Bench, BenchOptions } from '../report.ts'
import { costSvg } from './cost-svg.ts'
import { measureOn, measureSearches, type SearchRow } from './measure-searches.ts'
import { withReplicas } from './replicas.ts'
import { onShards } from './shards.ts'

export const searchFlags = [
  'originals',
  'bench',
  'size',
  'seed',
  'hours',
  'queries',
  'replicas',
  'shards',
  'svg',
  'database-url',
] as const

/**
 * Measures the cost of a search as a library grows. Libraries of `--hours 10,100` are made from real fingerprints like
 * distractors, on a separate PostgreSQL, and searched with 60 s of their content under noise. CPU includes the
 * database; the index rows found are compared with an exhaustive comparison. With `--replicas N`, the last library is
 * measured again over N streaming replicas. With `--shards N`, it is moved to N servers and measured once more.
 */
export const benchSearch: Bench = async ({ print, flags }) => {
  const loaded = flags['database-url']?.split(',') ?? []
  if (loaded.length > 0) {
    const rows: SearchRow[] = []
    for (const databaseUrl of loaded) rows.push(await measureSearches(databaseUrl, { print, flags }))
    return reportOf(rows, flags)
  }
  const work = mkdtempSync(join(tmpdir(), 'kinoprint-search-'))
  const stopServers = await startServers()
  try {
    const databaseUrl = process.env.TEST_DATABASE_URL ?? ''
    const manifest = await benchOf(work, { print, flags })
    print(`Storing ${manifest.library.length} videos …`)
    await scan(manifest, { scanLibrary: { dataDir: join(work, 'data'), databaseUrl }, search: 'none', print })
    const rows: SearchRow[] = []
    let stored = 0
    for (const hours of hoursOf(flags)) {
      const seed = `${flags.seed ?? '1'}-${hours}`
      await loadDistractors({ databaseUrl, hours: hours - stored, seed, print })
      stored = hours
      rows.push(await measureSearches(databaseUrl, { print, flags }))
    }
    const replicas = Number(flags.replicas ?? 0)
    if (replicas > 0)
      rows.push(
        await withReplicas(databaseUrl, replicas, (readUrls) =>
          measureSearches(databaseUrl, { print, flags }, readUrls),
        ),
      )
    const shards = Number(flags.shards ?? 0)
    if (shards > 0)
      rows.push(await onShards(databaseUrl, shards, (databases) => measureOn(databases, { print, flags })))
    return reportOf(rows, flags)
  } finally {
    await stopServers()
    rmSync(work, { recursive: true, force: true })
  }
}

function reportOf(rows: SearchRow[], { svg }: BenchOptions['flags']) {
  if (svg) writeFileSync(svg, costSvg(rows.filter(({ replicas, shards }) => replicas + shards === 0)))
  return { name: 'search', rows: rows.map(rowOf), details: rows }
}

function hoursOf({ hours = '10,100' }: BenchOptions['flags']): number[] {
  const list = hours.split(',').map(Number)
  if (list.some((one, n) => !(one > (list[n - 1] ?? 0))))
    throw new Error('--hours must be a list of ascending numbers, e.g. 10,100.')
  return list
}

function rowOf(row: SearchRow) {
  return {
    hours: row.hours,
    replicas: row.replicas,
    shards: row.shards,
    'MB per hour': (row.bytesAnHour / 1e6).toFixed(2),
    'query hashes': Math.round(row.hashes),
    'CPU of candidates, ms': Math.round(row.candidatesCpuMs),
    'CPU of the search, ms': Math.round(row.searchCpuMs),
    'of that the primary, ms': Math.round(row.primaryCpuMs),
    'wall, ms': Math.round(row.wallMs),
    'wall of 8 at a time, ms': Math.round(row.wallOfEightMs),
    'rows of the segment found': row.rowsFound.toFixed(3),
    'videos found': row.found.toFixed(3),
    load: row.load.toFixed(1),
  }
}
