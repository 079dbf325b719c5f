import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startServers } from '../../tests/servers.ts'
import type { Bench, BenchOptions } from '../report.ts'
import { assertSameBuild, buildStamp } from './build-stamp.ts'
import { curveSvg } from './curve-svg.ts'
import { loadDistractors } from './distractors/load-distractors.ts'
import { makeBench } from './make-bench.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { measurePeers } from './peers/measure-peers.ts'
import type { PeerResult } from './peers/peer.ts'
import { scorePublicSet } from './public-sets/score-public-set.ts'
import { readPredictions, type ScanLibrary, scan } from './scan.ts'
import { scorePredictions } from './score/score-predictions.ts'
import { benchStills } from './stills/bench-stills.ts'
import { byFamily, bySeverity, type Contestant, totals } from './tables.ts'

export const accuracyFlags = [
  'kind',
  'originals',
  'size',
  'seed',
  'svg',
  'bench',
  'predictions',
  'distractor-hours',
  'peers',
  'annotations',
  'format',
  'queries',
  'pairs',
  'write',
] as const

/**
 * Measures how many attacked copies of a folder of originals are found, and how accurately. Makes the bench, searches it
 * through `kinoprint scan` and scores the rows. bench/README.md describes the options.
 */
export const benchAccuracy: Bench = async ({ print, flags }) => {
  if (flags.annotations !== undefined) return scorePublicSet({ print, flags })
  const work = mkdtempSync(join(tmpdir(), 'kinoprint-accuracy-'))
  try {
    if (flags.kind === 'stills') return await benchStills(work, { print, flags })
    const manifest = await benchOf(work, { print, flags })
    const own = await kinoprint(manifest, work, { print, flags })
    const peers = flags.peers === 'no' ? [] : await measurePeers(manifest, print)
    const contestants = [...own, ...peers.map((peer) => contestant(manifest, peer))]
    if (flags.svg) {
      const curves = contestants.map(({ name, score }) => ({ name, points: score.curve }))
      writeFileSync(flags.svg, curveSvg(`${manifest.name}: ${manifest.queries.length} queries`, curves))
    }
    return {
      name: 'accuracy',
      rows: totals(contestants),
      more: {
        'Recall without a false pair / segment F1, by family (true pairs)': byFamily(contestants),
        ...(contestants[0]?.score.severities.length
          ? { 'The same, by severity': bySeverity(contestants) }
          : {}),
      },
      details: contestants,
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The bench in `--bench`, or a new one made from the originals. */
export async function benchOf(work: string, { print, flags }: BenchOptions): Promise<Manifest> {
  const folder = resolve(flags.bench ?? join(work, 'bench'))
  if (existsSync(join(folder, 'manifest.json'))) return readManifest(folder)
  const { kind = 'attacks', seed = '1', size = 'smoke', originals } = flags
  if (size !== 'smoke' && size !== 'full') throw new Error(`--size must be smoke or full, not ${size}.`)
  if (kind !== 'attacks' && kind !== 'gauntlet')
    throw new Error(`--kind must be attacks, gauntlet or stills, not ${kind}.`)
  return makeBench(folder, { kind, seed, size, originals, print })
}

async function kinoprint(
  manifest: Manifest,
  work: string,
  { print, flags }: BenchOptions,
): Promise<Contestant[]> {
  if (flags.predictions)
    return flags.predictions.split(',').map((path) => {
      const score = scorePredictions(manifest, readPredictions(path))
      return { name: path, score, cpu: null }
    })
  const scanLibrary = { dataDir: join(work, 'data') }
  const build = buildStamp()
  print(`Build ${build}`)
  const hours = Number(flags['distractor-hours'] ?? 0)
  if (!(hours >= 0)) throw new Error('--distractor-hours must be a number of hours, 0 or more.')
  if (hours === 0) return [await searched('Kinoprint', manifest, { scanLibrary, print, build })]
  const stopServers = await startServers()
  try {
    const databaseUrl = process.env.TEST_DATABASE_URL ?? ''
    const server = { ...scanLibrary, databaseUrl }
    const alone = await searched('Kinoprint', manifest, { scanLibrary: server, print, build })
    const added = await loadDistractors({ databaseUrl, hours, seed: flags.seed ?? '1', print })
    const larger = { ...manifest, library: [...manifest.library, ...added] }
    const named = `Kinoprint + ${hours} h`
    return [
      alone,
      await searched(named, larger, { scanLibrary: server, print, build, stored: manifest.library }),
    ]
  } finally {
    await stopServers()
  }
}

type Search = {
  readonly scanLibrary: ScanLibrary
  readonly print: (line: string) => void
  /** Hash of the measured build. */
  readonly build: string
  readonly stored?: Manifest['library']
}

/** Stores the library, unless it is already stored, and searches it with all queries. */
async function searched(
  name: string,
  manifest: Manifest,
  { scanLibrary, print, build, stored }: Search,
): Promise<Contestant> {
  const library = stored ?? manifest.library
  print(`${name}: storing ${library.length} videos …`)
  const storing = await scan({ ...manifest, library }, { scanLibrary, search: 'none', print })
  print(`${name}: searching with ${manifest.queries.length} queries …`)
  const searching = await scan({ ...manifest, library }, { scanLibrary, search: 'all', print })
  assertSameBuild(build)
  const cpu = { store: storing.cpuSeconds, search: searching.cpuSeconds }
  return contestant(manifest, { name, predictions: searching.predictions, cpu })
}

function contestant(manifest: Manifest, { name, predictions, cpu }: PeerResult): Contestant {
  return {
    name,
    score: scorePredictions(manifest, predictions),
    cpu,
  }
}
