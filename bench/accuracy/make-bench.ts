import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Original } from './attacks/recipe.ts'
import { render } from './attacks/render.ts'
import { type BenchQuery, type Manifest, readManifest } from './manifest.ts'
import { divide, originalsOf, renderOriginals } from './originals.ts'
import { type PlannedQuery, plan, type Size } from './plan.ts'

export type BenchPlan = {
  readonly seed: string
  readonly size: Size
  /** Folder of the user's own footage; rendered where there is none. */
  readonly originals: string | undefined
  readonly say: (line: string) => void
}

/** Originals that are rendered where the user names none. */
const RENDERED = { smoke: 9, full: 18 }
const AT_ONCE = 2

/**
 * Makes a bench in `folder`: queries/*.mp4 and manifest.json. Files that are there already are kept, so that a run that
 * broke off goes on where it stopped. A query that ffmpeg cannot make (an encoder is missing) is said and left out.
 */
export async function makeBench(folder: string, options: BenchPlan): Promise<Manifest> {
  const { seed, size, say } = options
  mkdirSync(join(folder, 'queries'), { recursive: true })
  const originals = await findOriginals(folder, options)
  const sides = divide(originals, seed)
  const planned = plan(sides, { seed, size })
  say(`Making ${planned.length} queries from ${originals.length} originals …`)
  const queries: (BenchQuery | null)[] = planned.map(() => null)
  let next = 0
  const lane = async () => {
    for (let at = next++; at < planned.length; at = next++)
      queries[at] = await makeQuery(folder, planned[at] as PlannedQuery, say)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
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

async function findOriginals(folder: string, { seed, size, originals, say }: BenchPlan): Promise<Original[]> {
  if (originals !== undefined) return originalsOf(originals, say)
  const rendered = join(folder, 'originals')
  if (!existsSync(rendered)) await renderOriginals(rendered, { count: RENDERED[size], seed, say })
  return originalsOf(rendered, say)
}

async function makeQuery(
  folder: string,
  { id, family, variant, label, recipe }: PlannedQuery,
  say: (line: string) => void,
): Promise<BenchQuery | null> {
  const path = join(folder, 'queries', `${id}.mp4`)
  try {
    if (!existsSync(path)) await render(recipe, path)
  } catch (error) {
    say(`Left out ${id}: ${(error as Error).message.trim()}`)
    return null
  }
  const { seconds, segments } = recipe
  const duration = Math.round(seconds * 1000) / 1000
  return { id, path: relative(folder, path), family, variant, label, duration, segments, ignore: [] }
}
