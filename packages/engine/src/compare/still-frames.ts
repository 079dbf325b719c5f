import { Fault } from '@kinoprint/core'
import { type Fingerprint, isStill, type PairMatch, swapSides } from '@kinoprint/dna'
import type { DecodeContext, WorkOptions } from '../context.ts'
import type { StillRangesInput, TimeRange } from '../threads/tasks.ts'

/** Stretches of all videos. Each takes 0.1 to 0.5 s of CPU. */
const MAX_RANGES = 16
/** Stretches that are less apart are one. */
const NEAR_MS = 2000
/** For all stretches of one file. */
const TIMEOUT_MS = 60_000

type Reading = Pick<WorkOptions, 'signal'>
type Context = Omit<DecodeContext, 'openSource'>

/** The stretches of stored videos that may show a still, by VideoId, in the order of time. */
export async function likeliestRanges(
  pool: Context['pool'],
  videos: StillRangesInput,
  { signal }: Reading,
): Promise<Map<string, TimeRange[]>> {
  const ranges = await pool.run('stillRanges', videos, { signal })
  const likeliest = ranges.sort((a, b) => b.score - a.score).slice(0, MAX_RANGES)
  const rangesOf = new Map<string, TimeRange[]>()
  for (const { videoId, fromMs, toMs } of likeliest)
    rangesOf.set(videoId, [...(rangesOf.get(videoId) ?? []), { fromMs, toMs }])
  return new Map([...rangesOf].map(([videoId, list]) => [videoId, joined(list)]))
}

/** In the order of time. What is between near ones is decoded too, because each costs a start of ffmpeg. */
function joined(ranges: readonly TimeRange[]): TimeRange[] {
  const result: TimeRange[] = []
  for (const range of [...ranges].sort((a, b) => a.fromMs - b.fromMs)) {
    const before = result.at(-1)
    if (before === undefined || range.fromMs - before.toMs > NEAR_MS) result.push(range)
    else result.splice(-1, 1, { fromMs: before.fromMs, toMs: Math.max(before.toMs, range.toMs) })
  }
  return result
}

type StillFile = {
  readonly path: string
  readonly still: Fingerprint
  readonly ranges: readonly TimeRange[]
  readonly durationSeconds: number
}

/**
 * Compares a still with every frame of some stretches of a file; null if none can be decoded. Throws a Fault for a file
 * that cannot be read, or that takes more than a minute.
 */
export function compareFrames(
  { pool, tools, maxVideoSeconds: maxSeconds, ffmpegThreads }: Context,
  file: StillFile,
  signal: AbortSignal,
): Promise<PairMatch | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  return pool.run('stillFrames', { tools, maxSeconds, ffmpegThreads, ...file }, { signal: limit })
}

/** Calls `use` with the path of a file. Null if the file is gone or has changed. */
export type OpenFile = <T>(use: (path: string) => Promise<T>, signal: AbortSignal) => Promise<T | null>

export type ComparedSide = { readonly fingerprint: Fingerprint; readonly open: OpenFile }

export type RefinedMatch = {
  readonly match: PairMatch
  /**
   * With which frames of the video a still was compared: `all` around the likeliest seconds, or those that its fingerprint
   * has. Null for a match of other files than a still and a video.
   */
  readonly framesCompared: 'all' | 'stored' | null
}

/**
 * The match of a still and a video, in any order, as every frame of the video confirms it. A match of other files is
 * returned as it is, and so is one whose video is gone, cannot be read or takes more than a minute.
 */
export async function refineComparedStill(
  context: Context,
  { a, b, match }: { readonly a: ComparedSide; readonly b: ComparedSide; readonly match: PairMatch },
  { signal }: Reading,
): Promise<RefinedMatch> {
  const isInOrder = isStill(a.fingerprint)
  if (isInOrder === isStill(b.fingerprint)) return { match, framesCompared: null }
  const [{ fingerprint: still }, { fingerprint: video, open }] = isInOrder ? [a, b] : [b, a]
  const { data } = await context.pool.run('keepQuery', { fingerprint: video }, { signal })
  const references = [{ videoId: '', data }]
  const ranges = (await likeliestRanges(context.pool, { still, references }, { signal })).get('') ?? []
  if (ranges.length === 0) return { match, framesCompared: 'stored' }
  const { durationSeconds } = video
  const found = await open(
    (path) => compareFrames(context, { path, still, ranges, durationSeconds }, signal),
    signal,
  ).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof Fault)) throw error
    return null
  })
  if (found === null) return { match, framesCompared: 'stored' }
  const isBetter = found.score > match.score
  return { match: isBetter ? (isInOrder ? found : swapSides(found)) : match, framesCompared: 'all' }
}
