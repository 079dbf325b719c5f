import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import startServers from '../../tests/servers.ts'
import type { Bench, BenchOptions } from '../report.ts'
import { assertSameBuild, buildStamp } from './build-stamp.ts'
import { curveSvg } from './curve-svg.ts'
import { loadDistractors } from './distractors/load-distractors.ts'
import { makeBench } from './make-bench.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { askPeers } from './peers/ask-peers.ts'
import type { PeerResult } from './peers/peer.ts'
import { type Place, readPredictions, scan } from './scan.ts'
import { scorePredictions } from './score/score-predictions.ts'
import { byFamily, type Contestant, totals } from './tables.ts'

export const accuracyFlags = [
  'originals',
  'size',
  'seed',
  'svg',
  'bench',
  'predictions',
  'distractor-hours',
  'peers',
] as const

/**
 * How many copies are found, and how exactly, after attacks on a folder of originals: makes the bench, searches it
 * through `kinoprint scan`, scores that. `--bench DIR` keeps the bench there, or takes one that is there already;
 * `--predictions FILE` scores rows that somebody else's tool wrote for it. `--distractor-hours H` measures twice, the
 * second time with so many hours of unrelated fingerprints in the same library, on a PostgreSQL of its own.
 * `--peers no` leaves out the other tools that are installed.
 */
export const benchAccuracy: Bench = async ({ say, flags }) => {
  const work = mkdtempSync(join(tmpdir(), 'kinoprint-accuracy-'))
  try {
    const manifest = await benchOf(work, { say, flags })
    const own = await kinoprint(manifest, work, { say, flags })
    const peers = flags.peers === 'no' ? [] : await askPeers(manifest, say)
    const contestants = [...own, ...peers.map((peer) => contestant(manifest, peer))]
    if (flags.svg) {
      const curves = contestants.map(({ name, score }) => ({ name, points: score.curve }))
      writeFileSync(flags.svg, curveSvg(`${manifest.name}: ${manifest.queries.length} queries`, curves))
    }
    return {
      name: 'accuracy',
      rows: totals(contestants),
      more: { 'Recall at no false pair / segment F1, by family (true pairs)': byFamily(contestants) },
      details: contestants,
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The bench in `--bench`, or one made of the originals. */
export async function benchOf(work: string, { say, flags }: BenchOptions): Promise<Manifest> {
  const folder = resolve(flags.bench ?? join(work, 'bench'))
  if (existsSync(join(folder, 'manifest.json'))) return readManifest(folder)
  const { seed = '1', size = 'smoke', originals } = flags
  if (size !== 'smoke' && size !== 'full') throw new Error(`--size is smoke or full, not ${size}.`)
  return makeBench(folder, { seed, size, originals, say })
}

async function kinoprint(
  manifest: Manifest,
  work: string,
  { say, flags }: BenchOptions,
): Promise<Contestant[]> {
  if (flags.predictions) {
    const score = scorePredictions(manifest, readPredictions(flags.predictions))
    return [{ name: flags.predictions, score, cpu: null }]
  }
  const place = { dataDir: join(work, 'data') }
  const build = buildStamp()
  say(`Build ${build}`)
  const hours = Number(flags['distractor-hours'] ?? 0)
  if (!(hours >= 0)) throw new Error('--distractor-hours is a number of hours.')
  if (hours === 0) return [await searched('Kinoprint', manifest, { place, say, build })]
  const stopServers = await startServers()
  try {
    const databaseUrl = process.env.TEST_DATABASE_URL ?? ''
    const server = { ...place, databaseUrl }
    const alone = await searched('Kinoprint', manifest, { place: server, say, build })
    const added = await loadDistractors({ databaseUrl, hours, seed: flags.seed ?? '1', say })
    const larger = { ...manifest, library: [...manifest.library, ...added] }
    const named = `Kinoprint + ${hours} h`
    return [alone, await searched(named, larger, { place: server, say, build, stored: manifest.library })]
  } finally {
    await stopServers()
  }
}

type Search = {
  readonly place: Place
  readonly say: (line: string) => void
  /** Stamp of the build that is measured. */
  readonly build: string
  readonly stored?: Manifest['library']
}

/** Stores the library, unless it is there already, and searches it with all queries. */
async function searched(
  name: string,
  manifest: Manifest,
  { place, say, build, stored }: Search,
): Promise<Contestant> {
  const library = stored ?? manifest.library
  say(`${name}: storing ${library.length} videos …`)
  const storing = await scan({ ...manifest, library }, { place, search: 'none', say })
  say(`${name}: searching with ${manifest.queries.length} …`)
  const searching = await scan({ ...manifest, library }, { place, search: 'all', say })
  assertSameBuild(build)
  const cpu = { store: storing.cpuSeconds, search: searching.cpuSeconds }
  return contestant(manifest, { name, predictions: searching.predictions, cpu })
}

const contestant = (manifest: Manifest, { name, predictions, cpu }: PeerResult): Contestant => ({
  name,
  score: scorePredictions(manifest, predictions),
  cpu,
})
