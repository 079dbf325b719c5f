import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BenchOptions, BenchReport } from '../../report.ts'
import { curveSvg } from '../curve-svg.ts'
import type { Prediction } from '../manifest.ts'
import { scan } from '../scan.ts'
import { type Annotations, idOf, pairKey } from './annotations.ts'
import { formatOf, type Measured, readSource } from './formats.ts'
import { readTextFile } from './text-file.ts'

/**
 * Scores predictions for a public set by the set's own measures. They come from files, or from searching the set's videos
 * through `kinoprint scan`. Kinoprint's rows can also be written in the set's prediction format.
 */
export async function scorePublicSet({ print, flags }: BenchOptions): Promise<BenchReport> {
  const format = formatOf(flags.format)
  const annotations = format.readAnnotations(flags.annotations ?? '')
  const segments = annotations.reduce((sum, pair) => sum + pair.segments.length, 0)
  print(`${annotations.length} annotated pairs with ${segments} segments`)
  const sources = flags.predictions
    ? flags.predictions.split(',').map((path) => ({ name: path, source: readSource(path) }))
    : [{ name: 'Kinoprint', source: await searchVideos(annotations, { print, flags }) }]
  if (flags.write) {
    const rows = sources.flatMap(({ source }) => ('text' in source ? [] : source))
    if (rows.length === 0) throw new Error('--write needs rows of Kinoprint, but there are none.')
    writeFileSync(flags.write, format.write(rows))
  }
  const pairs = flags.pairs === undefined ? undefined : readTextFile(flags.pairs)
  const measured = sources.map(({ name, source }) => ({
    name,
    ...format.measure(annotations, source, pairs),
  }))
  if (flags.svg) {
    const title = `${flags.format}: ${annotations.length} annotated pairs`
    const curves = measured.map(({ name, curve }) => ({ name, points: curve }))
    writeFileSync(flags.svg, curveSvg(title, curves))
  }
  return { name: `accuracy-${flags.format}`, rows: rowsOf(measured), details: measured }
}

function rowsOf(measured: readonly ({ name: string } & Measured)[]): BenchReport['rows'] {
  return Object.keys(measured[0]?.figures ?? {}).map((figure) => ({
    figure,
    ...Object.fromEntries(measured.map(({ name, figures }) => [name, shown(figures[figure])])),
  }))
}

function shown(value: number | undefined): string {
  return value !== undefined && Number.isFinite(value) ? value.toFixed(4) : '–'
}

/** The rows of a search with the videos of `--queries` in those of `--originals`, which may be the same folder. */
async function searchVideos(annotations: Annotations, { print, flags }: BenchOptions): Promise<Prediction[]> {
  const { originals, queries = originals } = flags
  if (originals === undefined || queries === undefined)
    throw new Error('Give --predictions FILE, or the videos of the set as --originals DIR and --queries DIR.')
  const dataDir = mkdtempSync(join(tmpdir(), 'kinoprint-public-set-'))
  try {
    const manifest = {
      name: flags.format ?? '',
      skipped: [],
      library: videosOf(originals).map((video) => ({ ...video, duration: 0 })),
      queries: videosOf(queries).map((video) => ({
        ...video,
        family: '',
        variant: '',
        label: 'positive' as const,
        duration: 0,
        segments: [],
        ignore: [],
      })),
    }
    print(`Searching ${manifest.library.length} videos with ${manifest.queries.length} queries …`)
    const { predictions } = await scan(manifest, { scanLibrary: { dataDir }, search: 'all', print })
    return withoutItself(annotations, predictions)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const VIDEO = /\.(mp4|m4v|mov|flv|webm|mkv|avi)$/i

function videosOf(folder: string): { id: string; path: string }[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => VIDEO.test(name))
  if (names.length === 0) throw new Error(`${folder} contains no videos.`)
  return names.sort().map((name) => ({ id: idOf(name), path: resolve(folder, name) }))
}

/** A video always matches itself, which counts only if it is annotated. */
function withoutItself(annotations: Annotations, rows: readonly Prediction[]): Prediction[] {
  const annotated = new Set(annotations.map(pairKey))
  return rows.filter((row) => row.query !== row.ref || annotated.has(pairKey(row)))
}
