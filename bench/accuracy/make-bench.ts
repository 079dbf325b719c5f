import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import pMap from 'p-map'
import type { Original } from './attacks/recipe.ts'
import { render } from './attacks/render.ts'
import { type BenchQuery, type Manifest, readManifest } from './manifest.ts'
import { divide, originalsOf, renderOriginals } from './originals.ts'
import { type PlannedQuery, plan, type Size } from './plan.ts'

export type BenchPlan = {
  readonly seed: string
  readonly size: Size
  /** Folder with your own footage. Default: rendered footage. */
  readonly originals: string | undefined
  readonly print: (line: string) => void
}

/** Number of rendered originals. */
const RENDERED = { smoke: 9, full: 18 }
const CONCURRENCY = 2

/**
 * Makes a bench in `folder`: queries/*.mp4 and manifest.json. Existing files are kept, so an interrupted run continues
 * where it stopped. Queries that ffmpeg cannot make, e.g. for lack of an encoder, are reported and skipped.
 */
export async function makeBench(folder: string, options: BenchPlan): Promise<Manifest> {
  const { seed, size, print } = options
  mkdirSync(join(folder, 'queries'), { recursive: true })
  const originals = await findOriginals(folder, options)
  const sides = divide(originals, seed)
  const planned = plan(sides, { seed, size })
  print(`Making ${planned.length} queries from ${originals.length} originals …`)
  const queries = await pMap(planned, (query) => makeQuery(folder, query, print), {
    concurrency: CONCURRENCY,
  })
  const made = queries.filter((query) => query !== null)
  const library = sides.library.map(({ id, path, duration, hasAudio, audible }) => ({
    id,
    path,
    duration,
    hasAudio,
    audible,
  }))
  const manifest = { name: `own-${size}`, seed, library, queries: made }
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`)
  return readManifest(folder)
}

async function findOriginals(
  folder: string,
  { seed, size, originals, print }: BenchPlan,
): Promise<Original[]> {
  if (originals !== undefined) return originalsOf(originals, print)
  const rendered = join(folder, 'originals')
  if (!existsSync(rendered)) await renderOriginals(rendered, { count: RENDERED[size], seed, print })
  return originalsOf(rendered, print)
}

async function makeQuery(
  folder: string,
  { id, family, variant, label, recipe }: PlannedQuery,
  print: (line: string) => void,
): Promise<BenchQuery | null> {
  const path = join(folder, 'queries', `${id}.mp4`)
  try {
    if (!existsSync(path)) await render(recipe, path)
  } catch (error) {
    print(`Skipped ${id}: ${(error as Error).message.trim()}`)
    return null
  }
  const { seconds, segments } = recipe
  const duration = Math.round(seconds * 1000) / 1000
  return { id, path: relative(folder, path), family, variant, label, duration, segments, ignore: [] }
}
