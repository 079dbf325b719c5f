import { type Candidate, groupByVideo, type SeedAlignment } from './rank-candidates.ts'

/** Width of an offset bin. The frames of a bin vote together with those of a neighbouring one, each frame once. */
const BIN_MS = 1000
/**
 * A key counts by the number of stored frames that it hits, to the power of this. What is in many frames, such as letters,
 * says little about one of them ("inverse document frequency", Sivic and Zisserman, ICCV 2003).
 */
const RARITY_POWER = -0.5
/** Several keys of a frame count less than as many frames, because a texture repeats its keypoints; and up to a limit. */
const FRAME_POWER = 0.7
const MAX_FRAME = 2
/** One key alone is chance. */
const MIN_KEYS = 2
/** Seed alignments of a candidate; their offsets are more than this many bins apart. */
const MAX_SEEDS = 2
const SEED_DISTANCE_BINS = 4

/** A stored frame that has keypoints with the same keys as a frame of the query. */
export type KeypointHit = {
  readonly videoId: string
  readonly queryMs: number
  readonly refMs: number
  /** Keys that both have. */
  readonly keys: readonly number[]
}

/**
 * Returns the videos that share keypoints with a query along an offset in time, best first, at most `limit`. The stored
 * frames that a query hits at an offset vote for it, each by its keys: the more there are and the rarer, the more. A copy
 * is hit at several moments, or by several keys of one; a chance match by one key.
 */
export function rankByKeypoints(
  hits: readonly KeypointHit[],
  { limit }: { readonly limit: number },
): Candidate[] {
  const weights = weightsOf(hits)
  return [...groupByVideo(hits)]
    .map(([videoId, own]) => ({ videoId, ...tally(own, weights) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.videoId < b.videoId ? -1 : 1))
    .slice(0, limit)
    .map(({ videoId, seeds }) => ({ videoId, seeds, isStrong: false }))
}

/** What each key counts. */
function weightsOf(hits: readonly KeypointHit[]): ReadonlyMap<number, number> {
  const frames = new Map<number, Set<string>>()
  for (const { videoId, refMs, keys } of hits)
    for (const key of keys) {
      const own = frames.get(key) ?? new Set()
      frames.set(key, own.add(`${videoId} ${refMs}`))
    }
  return new Map([...frames].map(([key, { size }]) => [key, size ** RARITY_POWER]))
}

type Bin = {
  readonly offset: number
  /** For each stored frame, the keys by which it is hit. */
  readonly frames: Map<number, Set<number>>
  best: KeypointHit
  bestWeight: number
}

function tally(
  hits: readonly KeypointHit[],
  weights: ReadonlyMap<number, number>,
): { score: number; seeds: SeedAlignment[] } {
  const weightOf = (keys: Iterable<number>) => {
    let sum = 0
    for (const key of keys) sum += weights.get(key) ?? 0
    return sum
  }
  const bins = binsOf(hits, weightOf)
  const votesOf = (...offsets: number[]) => {
    const frames = framesOf(offsets.flatMap((offset) => bins.get(offset) ?? []))
    return frames.reduce((sum, keys) => sum + Math.min(MAX_FRAME, weightOf(keys) ** FRAME_POWER), 0)
  }
  const peaks = [...bins.values()]
    .filter(({ frames }) => [...frames.values()].reduce((sum, { size }) => sum + size, 0) >= MIN_KEYS)
    .map((bin) => {
      const { offset } = bin
      return { bin, votes: Math.max(votesOf(offset - 1, offset), votesOf(offset, offset + 1)) }
    })
    .sort((a, b) => b.votes - a.votes || a.bin.offset - b.bin.offset)
  const chosen: Bin[] = []
  for (const { bin } of peaks)
    if (
      chosen.length < MAX_SEEDS &&
      chosen.every(({ offset }) => Math.abs(offset - bin.offset) > SEED_DISTANCE_BINS)
    )
      chosen.push(bin)
  return {
    score: peaks[0]?.votes ?? 0,
    seeds: chosen.map(({ best: { queryMs, refMs } }) => ({ queryMs, refMs })),
  }
}

/** The keys of each stored frame that is hit in some of the bins. */
function framesOf(bins: readonly Bin[]): ReadonlySet<number>[] {
  const all = new Map<number, Set<number>>()
  for (const { frames } of bins)
    for (const [refMs, keys] of frames) {
      const own = all.get(refMs) ?? new Set()
      all.set(refMs, own)
      for (const key of keys) own.add(key)
    }
  return [...all.values()]
}

function binsOf(
  hits: readonly KeypointHit[],
  weightOf: (keys: Iterable<number>) => number,
): Map<number, Bin> {
  const bins = new Map<number, Bin>()
  for (const hit of hits) {
    const offset = Math.round((hit.refMs - hit.queryMs) / BIN_MS)
    const weight = weightOf(hit.keys)
    const bin = bins.get(offset) ?? { offset, frames: new Map(), best: hit, bestWeight: weight }
    bins.set(offset, bin)
    const keys = bin.frames.get(hit.refMs) ?? new Set()
    bin.frames.set(hit.refMs, keys)
    for (const key of hit.keys) keys.add(key)
    if (weight > bin.bestWeight) Object.assign(bin, { best: hit, bestWeight: weight })
  }
  return bins
}
