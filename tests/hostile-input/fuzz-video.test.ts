import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { decodeFingerprint, encodeFingerprint, type Fingerprint } from '@kinoprint/dna'
import { ThreadPool } from '@kinoprint/engine'
import { findFfmpeg, type Tools } from '@kinoprint/media'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ffmpeg, renderFootage } from '../footage.ts'
import { childrenOf } from './children-of.ts'
import { collectGarbage } from './collect-garbage.ts'
import { type Mutant, mutate } from './mutate-video.ts'

/** `npm run test:fuzz:video` damages 2,000 videos. */
const INPUTS = Number(process.env.FUZZ_VIDEOS ?? 30)
/** Fixed in the short form, so that every machine tests the same inputs. */
const SEED = Number(process.env.FUZZ_SEED ?? 1)
const AT_ONCE = 2
/** A small input never takes this long, even at a load average of ten. If it does, it hangs. */
const INPUT_LIMIT_MS = 180_000
const WARM_UP = 200
const GROWTH_MAX_BYTES = 100 * 2 ** 20
/** Ranges to refine, between keyframes and across them. */
const RANGES = [
  { fromMs: 0, toMs: 3_000 },
  { fromMs: 30_100, toMs: 33_000 },
  { fromMs: 62_000, toMs: 70_000 },
]

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-fuzz-video-'))
const corpus: Buffer[] = []
/** Long enough for a keyframe scan and refinements in a search. */
const longCorpus: Buffer[] = []
const pool = new ThreadPool({ threads: AT_ONCE })
let tools: Tools
const failures: string[] = []
const counts = { stored: 0, found: 0, scanned: 0, refused: 0, slowestMs: 0 }

beforeAll(async () => {
  tools = await findFfmpeg()
  const at = (name: string): string => join(folder, `${name}.mp4`)
  const size = { width: 160, height: 90 }
  await renderFootage(at('plain'), { seed: 1, seconds: 3, ...size })
  await renderFootage(at('mute'), { seed: 2, seconds: 2, ...size, sound: 'none' })
  const copy = (name: string, ...options: string[]) => ffmpeg('-i', at('plain'), ...options, at(name))
  await copy('front', '-c', 'copy', '-movflags', '+faststart')
  await copy('fragments', '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov')
  await copy('turned', '-c', 'copy', '-metadata:s:v', 'rotate=90')
  await copy(
    'hevc',
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'log-level=none',
    '-c:a',
    'copy',
  )
  await copy('mpeg4', '-c:v', 'mpeg4', '-c:a', 'mp3')
  await copy('cut', '-ss', '1.1', '-c', 'copy')
  await renderFootage(at('long'), {
    seed: 3,
    seconds: 64,
    width: 96,
    height: 54,
    fps: 5,
    output: ['-g', '10'],
  })
  await ffmpeg('-i', at('long'), '-c', 'copy', '-movflags', '+faststart', at('long-front'))
  await ffmpeg('-i', at('long'), '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', at('long-fragments'))
  for (const name of readdirSync(folder))
    (name.startsWith('long') ? longCorpus : corpus).push(readFileSync(join(folder, name)))
})
afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true, force: true })
})

type Media = {
  readonly tools: Tools
  readonly path: string
  readonly maxSeconds: number
  readonly ffmpegThreads: number
}
type Options = { readonly signal: AbortSignal }

/** Fingerprints an input as a store job does. */
async function store(media: Media, options: Options): Promise<Fingerprint> {
  const thumbnailsDir = `${media.path}.thumbnails`
  const file = await pool.run(
    'ingest',
    { ...media, storeDetail: 'full', asQuery: true, thumbnailsDir },
    options,
  )
  expect(file.thumbnailsFailure).toBeNull()
  return decodeFingerprint(file.stored.data)
}

/** Reads an input as a search job does: scans the keyframes of a long file, then refines some ranges. */
async function search(media: Media, options: Options): Promise<Fingerprint> {
  const { file, keyframes } = await pool.run('keyframeScan', { ...media, thumbnailsDir: null }, options)
  if (keyframes === null) return file.query.fingerprint
  counts.scanned += 1
  const { tools, path, ffmpegThreads } = media
  const refine = { tools, path, ffmpegThreads, keyframes, ranges: RANGES, known: [] }
  return (await pool.run('refine', refine, options)).fingerprint
}

/** Runs a job's work in worker threads. Even inputs are stored, odd ones are queries. */
async function digest(path: string, seed: number): Promise<void> {
  const options = { signal: AbortSignal.timeout(INPUT_LIMIT_MS) }
  const media = { tools, path, maxSeconds: 1800, ffmpegThreads: 1 }
  try {
    const query = await (seed % 2 === 0 ? store : search)(media, options)
    const references = [{ videoId: 'dv', data: encodeFingerprint(query) }]
    await pool.run('match', { query, references }, options)
    counts[seed % 2 === 0 ? 'stored' : 'found'] += 1
  } catch (error) {
    refusedOnly(error)
    counts.refused += 1
  }
}

/** The only code for an invalid input. Any other error is a bug. */
function refusedOnly(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'ResourceNotSupported' || error.message === '') throw error
}

async function feed(seed: number): Promise<void> {
  const mutant: Mutant = mutate(seed % 8 === 1 ? longCorpus : corpus, seed)
  const path = join(folder, `mutant-${seed}`)
  writeFileSync(path, mutant.bytes)
  const started = performance.now()
  try {
    await digest(path, seed)
  } catch (error) {
    const what = error instanceof Fault ? `${error.code}: ${error.message}` : String(error)
    failures.push(`FUZZ_SEED=${seed} FUZZ_VIDEOS=1: ${what} (${mutant.done.join('; ')})`)
  }
  counts.slowestMs = Math.max(counts.slowestMs, performance.now() - started)
  rmSync(path)
  rmSync(`${path}.thumbnails`, { recursive: true, force: true })
}

async function feedAll(from: number, to: number): Promise<void> {
  let next = from
  const lane = async (): Promise<void> => {
    while (next < to) await feed(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

test('equal seeds damage a video in the same way, other seeds differently', () => {
  const [one, again, other] = [mutate(corpus, 5), mutate(corpus, 5), mutate(corpus, 6)]
  expect(one.bytes.equals(again.bytes)).toBe(true)
  expect(one.done).not.toEqual(other.done)
})

test('every damaged video is stored or refused and leaves nothing behind', {
  tags: ['damaged-video'],
  timeout: INPUTS * 5_000 + 120_000,
}, async () => {
  mkdirSync(folder, { recursive: true })
  const files = readdirSync(folder).length
  const warm = Math.min(WARM_UP, INPUTS)
  await feedAll(SEED, SEED + warm)
  const [handles, memory] = [readdirSync('/proc/self/fd').length, await collectGarbage()]
  await feedAll(SEED + warm, SEED + INPUTS)
  const growth = (await collectGarbage()) - memory
  expect(failures).toEqual([])
  const { stored, found, scanned, refused } = counts
  expect(stored + found + refused).toBe(INPUTS)
  if (INPUTS > 1) expect(Math.min(stored + found, refused)).toBeGreaterThan(INPUTS / 10)
  if (INPUTS > WARM_UP) expect(scanned).toBeGreaterThan(INPUTS / 400)
  expect(readdirSync(folder).length).toBe(files)
  expect(childrenOf(process.pid).filter((line) => /ffmpeg|ffprobe/.test(line))).toEqual([])
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(handles + 2)
  expect(growth).toBeLessThan(GROWTH_MAX_BYTES)
  if (INPUTS > WARM_UP) {
    const mib = (growth / 2 ** 20).toFixed(1)
    process.stdout.write(
      `fuzz: ${INPUTS} videos from seed ${SEED}, ${JSON.stringify(counts)}, memory ${mib} MiB\n`,
    )
  }
})
