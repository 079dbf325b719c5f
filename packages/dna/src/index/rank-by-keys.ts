import { type Candidate, groupByVideo, type SeedAlignment } from './rank-candidates.ts'

/**
 * A key counts by the number of stored moments that it hits, to the power of this. What many moments have, such as letters,
 * says little about one of them ("inverse document frequency", Sivic and Zisserman, ICCV 2003).
 */
const RARITY_POWER = -0.5
/** Several keys of a moment count less than as many moments, because a texture repeats its keypoints; and up to a limit. */
const MOMENT_POWER = 0.7
const MAX_MOMENT = 2
/** One key alone is chance. */
const MIN_KEYS = 2
/** Seed alignments of a candidate; their offsets are more than this many bins apart. */
const MAX_SEEDS = 2
const SEED_DISTANCE_BINS = 4

/** A stored moment that has keys in common with a moment of the query: a frame, or a few seconds of sound. */
export type KeyHit = {
  readonly videoId: string
  readonly queryMs: number
  readonly refMs: number
  /** Keys that both have. */
  readonly keys: readonly number[]
}

type RankOptions = {
  readonly limit: number
  /** Width of a bin of offsets: the moments of a bin vote together with those of a neighbouring one, each once. */
  readonly binMs: number
}

/**
 * Returns the videos that share keys with a query along an offset in time, best first, at most `limit`. The stored
 * moments that a query hits at an offset vote for it, each by its keys: the more there are and the rarer, the more. A copy
 * is hit at several moments, or by several keys of one; a chance match by one key.
 */
export function rankByKeys(hits: readonly KeyHit[], { limit, binMs }: RankOptions): Candidate[] {
  const weights = weightsOf(hits)
  return [...groupByVideo(hits)]
    .map(([videoId, own]) => ({ videoId, ...tally(own, weights, binMs) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.videoId < b.videoId ? -1 : 1))
    .slice(0, limit)
    .map(({ videoId, seeds }) => ({ videoId, seeds, isStrong: false }))
}

/** What each key counts. */
function weightsOf(hits: readonly KeyHit[]): ReadonlyMap<number, number> {
  const moments = new Map<number, Set<string>>()
  for (const { videoId, refMs, keys } of hits)
    for (const key of keys) {
      const own = moments.get(key) ?? new Set()
      moments.set(key, own.add(`${videoId} ${refMs}`))
    }
  return new Map([...moments].map(([key, { size }]) => [key, size ** RARITY_POWER]))
}

type Bin = {
  readonly offset: number
  /** For each stored moment, the keys by which it is hit. */
  readonly moments: Map<number, Set<number>>
  best: KeyHit
  bestWeight: number
}

function tally(
  hits: readonly KeyHit[],
  weights: ReadonlyMap<number, number>,
  binMs: number,
): { score: number; seeds: SeedAlignment[] } {
  const weightOf = (keys: Iterable<number>) => {
    let sum = 0
    for (const key of keys) sum += weights.get(key) ?? 0
    return sum
  }
  const bins = binsOf(hits, weightOf, binMs)
  const votesOf = (...offsets: number[]) => {
    const moments = momentsOf(offsets.flatMap((offset) => bins.get(offset) ?? []))
    return moments.reduce((sum, keys) => sum + Math.min(MAX_MOMENT, weightOf(keys) ** MOMENT_POWER), 0)
  }
  const peaks = [...bins.values()]
    .filter(({ moments }) => [...moments.values()].reduce((sum, { size }) => sum + size, 0) >= MIN_KEYS)
    .map((bin) => {
      const { offset } = bin
      const votes = Math.max(votesOf(offset - 1, offset), votesOf(offset, offset + 1))
      return { bin, votes, own: votesOf(offset) }
    })
    // Two neighbours often have the same votes, together. The seed is from the one that has more of them.
    .sort((a, b) => b.votes - a.votes || b.own - a.own || a.bin.offset - b.bin.offset)
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

/** The keys of each stored moment that is hit in some of the bins. */
function momentsOf(bins: readonly Bin[]): ReadonlySet<number>[] {
  const all = new Map<number, Set<number>>()
  for (const { moments } of bins)
    for (const [refMs, keys] of moments) {
      const own = all.get(refMs) ?? new Set()
      all.set(refMs, own)
      for (const key of keys) own.add(key)
    }
  return [...all.values()]
}

function binsOf(
  hits: readonly KeyHit[],
  weightOf: (keys: Iterable<number>) => number,
  binMs: number,
): Map<number, Bin> {
  const bins = new Map<number, Bin>()
  for (const hit of hits) {
    const offset = Math.round((hit.refMs - hit.queryMs) / binMs)
    const weight = weightOf(hit.keys)
    const bin = bins.get(offset) ?? { offset, moments: new Map(), best: hit, bestWeight: weight }
    bins.set(offset, bin)
    const keys = bin.moments.get(hit.refMs) ?? new Set()
    bin.moments.set(hit.refMs, keys)
    for (const key of hit.keys) keys.add(key)
    if (weight > bin.bestWeight) Object.assign(bin, { best: hit, bestWeight: weight })
  }
  return bins
}
