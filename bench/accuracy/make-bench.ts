import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import pMap from 'p-map'
import type { Original } from './attacks/recipe.ts'
import { render } from './attacks/render.ts'
import { ffmpegFilters } from './ffmpeg-filters.ts'
import { type GauntletPlan, type PlannedVideo, planGauntlet } from './gauntlet/plan-gauntlet.ts'
import { type BenchQuery, type Manifest, readManifest } from './manifest.ts'
import { divide, originalsOf, RENDERED, renderOriginals, type Sides } from './originals.ts'
import { type PlannedQuery, plan, type Size } from './plan.ts'

/** `attacks`: one alteration each, in many variants. `gauntlet`: what people do to copies, in severities. */
export type Kind = 'attacks' | 'gauntlet'

export type BenchPlan = {
  readonly kind: Kind
  readonly seed: string
  readonly size: Size
  /** Folder with your own footage. Default: rendered footage. */
  readonly originals: string | undefined
  readonly print: (line: string) => void
}

const CONCURRENCY = 2

/**
 * Makes a bench in `folder`: queries/*.mp4 and manifest.json. Existing files are kept, so an interrupted run continues
 * where it stopped. Queries that ffmpeg cannot make, e.g. for lack of an encoder, are reported and skipped.
 */
export async function makeBench(folder: string, options: BenchPlan): Promise<Manifest> {
  const { kind, seed, size, print } = options
  for (const part of ['queries', 'library']) mkdirSync(join(folder, part), { recursive: true })
  const originals = await findOriginals(folder, options)
  const sides = divide(originals, seed)
  const planned = await planOf(folder, sides, options)
  for (const family of planned.leftOut) print(`Left out, because ffmpeg lacks a filter: ${family}`)
  print(`Making ${planned.queries.length} queries from ${originals.length} originals …`)
  const concurrency = { concurrency: CONCURRENCY }
  const made = await pMap(planned.library, (video) => makeVideo(folder, video), concurrency)
  const queries = await pMap(planned.queries, (query) => makeQuery(folder, query, print), concurrency)
  const library = sides.library.map(({ id, path, duration, hasAudio, audible }) => ({
    id,
    path,
    duration,
    hasAudio,
    audible,
  }))
  const kept = queries.filter((query) => query !== null)
  const keptIds = new Set(kept.map(({ id }) => id))
  const manifest = {
    name: kind === 'gauntlet' ? `own-gauntlet-${size}` : `own-${size}`,
    seed,
    library: [...library, ...made],
    queries: kept,
    skipped: planned.queries.map(({ id }) => id).filter((id) => !keptIds.has(id)),
  }
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`)
  return readManifest(folder)
}

async function planOf(folder: string, sides: Sides, { kind, seed, size }: BenchPlan): Promise<GauntletPlan> {
  if (kind === 'attacks') return { queries: plan(sides, { seed, size }), library: [], leftOut: [] }
  const pathOf = (id: string) => videoPath(folder, id)
  return planGauntlet(sides, { seed, size, filters: await ffmpegFilters(), pathOf })
}

function videoPath(folder: string, id: string): string {
  return join(folder, 'library', `${id}.mp4`)
}

/** Renders a video of the library. Unlike a query, it must not fail. */
async function makeVideo(folder: string, { id, recipe }: PlannedVideo) {
  const path = videoPath(folder, id)
  if (!existsSync(path)) await render(recipe, path)
  const { seconds, sound } = recipe
  return { id, path: relative(folder, path), duration: seconds, hasAudio: sound, audible: sound }
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
  { recipe, ...query }: PlannedQuery,
  print: (line: string) => void,
): Promise<BenchQuery | null> {
  const { id } = query
  const path = join(folder, 'queries', `${id}.mp4`)
  try {
    if (!existsSync(path)) await render(recipe, path)
  } catch (error) {
    print(`Skipped ${id}: ${(error as Error).message.trim()}`)
    return null
  }
  const { seconds, segments } = recipe
  const duration = Math.round(seconds * 1000) / 1000
  return { ignore: [], ...query, path: relative(folder, path), duration, segments }
}
