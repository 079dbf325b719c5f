import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The `manifest.json` of a bench folder: the library, and the queries with their expected results. */
export type Manifest = {
  readonly name: string
  readonly library: readonly LibraryVideo[]
  readonly queries: readonly BenchQuery[]
  /** Ids of queries that ffmpeg could not make. */
  readonly skipped: readonly string[]
}

export type LibraryVideo = {
  readonly id: string
  readonly path: string
  /** Seconds. */
  readonly duration: number
}

export type BenchQuery = {
  readonly id: string
  readonly path: string
  readonly family: string
  readonly variant: string
  /** How strongly the copy is altered: mild, medium, severe or random. Only the gauntlet has it. */
  readonly severity?: string
  readonly label: 'positive' | 'negative'
  /** Seconds. */
  readonly duration: number
  readonly segments: readonly ExpectedSegment[]
  /** Pairs that do not count, e.g. two videos with the same music. */
  readonly ignore: readonly { readonly ref: string }[]
}

/** A passage in both videos, in decimal seconds. */
export type Passage = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
}

export type ExpectedSegment = Passage & {
  readonly ref: string
  readonly speed: number
  /** What was copied: video, audio or both. */
  readonly tracks: 'av' | 'v' | 'a'
  readonly reversed: boolean
}

/** One segment that a tool reports. A pair's score is the highest of its segments. */
export type Prediction = Passage & {
  readonly query: string
  readonly ref: string
  readonly score: number
  /** Whether a job would report it. Only Kinoprint sets this. */
  readonly accepted?: boolean
}

/** Reads DIR/manifest.json. Its paths may be relative to the folder. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>
  const { name = 'bench', library, queries, skipped = [] } = manifest
  if (!Array.isArray(library) || !Array.isArray(queries) || library.length === 0)
    throw new Error(`${path} is not a bench manifest: it has no library or no queries.`)
  const absolute = <T extends { path: string }>(entry: T): T => ({
    ...entry,
    path: resolve(folder, entry.path),
  })
  return {
    name,
    skipped,
    library: library.map(absolute),
    queries: queries.map((query) => ({ ...absolute(query), ignore: query.ignore ?? [] })),
  }
}
