import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Bench, BenchOptions } from '../report.ts'
import { curveSvg } from './curve-svg.ts'
import { makeBench } from './make-bench.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { readPredictions, scan } from './scan.ts'
import { scorePredictions } from './score/score-predictions.ts'
import { byFamily, type Contestant, totals } from './tables.ts'

export const accuracyFlags = ['originals', 'size', 'seed', 'svg', 'bench', 'predictions'] as const

/**
 * How many copies are found, and how exactly, after attacks on a folder of originals: makes the bench, searches it
 * through `kinoprint scan`, scores that. `--bench DIR` keeps the bench there, or takes one that is there already;
 * `--predictions FILE` scores rows that somebody else's tool wrote for it.
 */
export const benchAccuracy: Bench = async ({ say, flags }) => {
  const work = mkdtempSync(join(tmpdir(), 'kinoprint-accuracy-'))
  try {
    const manifest = await benchOf(work, { say, flags })
    const contestants = [await kinoprint(manifest, work, { say, flags })]
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

async function benchOf(work: string, { say, flags }: BenchOptions): Promise<Manifest> {
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
): Promise<Contestant> {
  if (flags.predictions) {
    const score = scorePredictions(manifest, readPredictions(flags.predictions))
    return { name: flags.predictions, score, cpu: null }
  }
  const place = { dataDir: join(work, 'data') }
  say(`Storing ${manifest.library.length} videos …`)
  const stored = await scan(manifest, { place, search: 'none', say })
  say(`Searching with ${manifest.queries.length} …`)
  const { predictions, cpuSeconds } = await scan(manifest, { place, search: 'all', say })
  const cpu = { store: stored.cpuSeconds, search: cpuSeconds }
  return { name: 'Kinoprint', score: scorePredictions(manifest, predictions), cpu }
}
