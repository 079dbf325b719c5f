import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { DEFAULT_POLICY } from '@kinoprint/core'
import {
  explainMatches,
  ingestFile,
  judgeMatches,
  searchFile,
  storeVideo,
  ThreadPool,
  type WorkContext,
} from '@kinoprint/engine'
import { findFfmpeg } from '@kinoprint/media'
import { createLog } from '@kinoprint/runtime'
import { createLibrary, migrate, openDatabase } from '@kinoprint/store'
import { ffmpeg, renderFootage } from '../../tests/footage.ts'
import { cpuSecondsOf } from '../ingest/process-cost.ts'
import type { Bench, Row } from '../report.ts'

/** Seconds of each rendered film, and of the excerpt that is searched. */
const SECONDS = 300
const EXCERPT = 12
/** A short cost is measured this often, because CPU time is counted in hundredths of a second. */
const ROUNDS = 5

const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url))

export const evidenceFlags = ['seconds', 'videos'] as const

const options = { signal: new AbortController().signal, onProgress: () => undefined }

/**
 * Measures what evidence and kept fingerprints of queries cost: CPU as a share of the search, and bytes. Films are rendered,
 * or those of a folder are taken (`--videos`). Each is stored, and searched with itself re-encoded and with an excerpt.
 */
export const benchEvidence: Bench = async ({ print, flags }) => {
  const scratch = mkdtempSync(join(tmpdir(), 'kinoprint-bench-'))
  const db = await openDatabase({ dataDir: join(scratch, 'data') })
  const pool = new ThreadPool({ threads: 1 })
  try {
    await migrate(db, { dir: migrationsDir })
    const tools = await findFfmpeg({ ffmpegPath: undefined, ffprobePath: undefined })
    const files = await filmsIn(scratch, { folder: flags.videos, seconds: Number(flags.seconds ?? SECONDS) })
    const { dnaDbId } = await createLibrary(db, { name: 'evidence', bucket: 'b-1', region: 'local' })
    const log = createLog('warn')
    const rest = { maxVideoSeconds: 86_400, ffmpegThreads: availableParallelism(), thumbnailsDir: null }
    const context: WorkContext = { db, pool, tools, log, ...rest }
    for (const [n, path] of files.entries()) {
      print(`Storing ${n + 1} of ${files.length} …`)
      await store(context, { dnaDbId, path, object: `${n}.mp4` })
    }
    const rows: Row[] = []
    for (const path of files) {
      for (const query of await queriesOf(path, scratch)) {
        print(`Searching with ${query.what} …`)
        rows.push({ query: query.what, ...(await costOf(context, { dnaDbId, path: query.path })) })
      }
    }
    const load = { what: 'load average at the end', value: (loadavg()[0] ?? 0).toFixed(1) }
    return { name: 'evidence', rows, more: { 'Other figures': [load] } }
  } finally {
    await pool.close()
    await db.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function filmsIn(
  scratch: string,
  { folder, seconds }: { readonly folder: string | undefined; readonly seconds: number },
): Promise<string[]> {
  if (folder !== undefined)
    return readdirSync(folder)
      .filter((name) => /\.(?:mp4|mkv|webm)$/.test(name))
      .map((name) => join(folder, name))
  const path = join(scratch, 'film.mp4')
  await renderFootage(path, { seed: 1, seconds, output: ['-g', '60', '-sc_threshold', '0'] })
  return [path]
}

async function queriesOf(path: string, scratch: string): Promise<{ what: string; path: string }[]> {
  const name = path.split('/').at(-1) ?? ''
  const [whole, part] = [join(scratch, 'whole.mp4'), join(scratch, 'part.mp4')]
  const smaller = ['-vf', 'hflip,scale=480:-2', '-crf', '30', '-g', '60', '-y']
  await ffmpeg('-i', path, ...smaller, whole)
  await ffmpeg('-ss', '20', '-t', String(EXCERPT), '-i', path, ...smaller, part)
  return [
    { what: `${name}, all of it`, path: whole },
    { what: `${name}, ${EXCERPT} s of it`, path: part },
  ]
}

async function store(
  context: WorkContext,
  { dnaDbId, path, object }: { readonly dnaDbId: string; readonly path: string; readonly object: string },
): Promise<void> {
  const input = { ...options, storeDetail: 'full', asQuery: false, thumbnailsDir: null } as const
  const { stored, facts } = await ingestFile(context, path, input)
  const location = { dnaDbId, bucket: 'b-1', region: 'local', object, etag: `"${object}"` }
  const video = {
    jobFence: null,
    ...location,
    stored,
    facts,
    thumbnails: null,
    newVideoId: null,
    detections: [],
  }
  await storeVideo(context, video, options)
}

async function costOf(
  context: WorkContext,
  search: { readonly dnaDbId: string; readonly path: string },
): Promise<Row> {
  const { dnaDbId } = search
  const found = await cpuOf(1, () => searchFile(context, search, options))
  const { matches, query, facts } = found.result
  const judged = judgeMatches(matches, { policy: DEFAULT_POLICY, minSimilar: 0 })
  const explained = await cpuOf(ROUNDS, () => explainMatches(context, { dnaDbId, query, judged }, options))
  const fingerprint = query.keyframes ?? query.fingerprint
  const kept = await cpuOf(ROUNDS, () => context.pool.run('keepQuery', { fingerprint }, options))
  const evidence = [...explained.result.values()]
  const kilobytes = (sizes: number[]) => (sizes.reduce((sum, size) => sum + size, 0) / 1000).toFixed(1)
  return {
    pairs: evidence.length,
    'search, CPU s': found.seconds.toFixed(2),
    'evidence, share': percent(explained.seconds / found.seconds),
    'kept query, share': percent(kept.seconds / found.seconds),
    'evidence, kB': kilobytes(evidence.map((data) => gunzipSync(data).length)),
    'gzipped, kB': kilobytes(evidence.map((data) => data.length)),
    'kept query, MB an hour': ((kept.result.data.length * 3600) / facts.durationSeconds / 1e6).toFixed(2),
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** The result of the last of several rounds, and the mean CPU seconds of one, ended child processes included. */
async function cpuOf<T>(rounds: number, work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const before = cpuSecondsOf(process.pid)
  let result = await work()
  for (let round = 1; round < rounds; round++) result = await work()
  return { result, seconds: (cpuSecondsOf(process.pid) - before) / rounds }
}
