import { AUDIO_VARIANTS } from '../audio/audio-variants.ts'
import { MATCH_THRESHOLD_BITS } from '../hash/hamming.ts'
import type { CandidateHit } from './timed-hash.ts'

/**
 * Two frames, or two audio windows, match if fewer than this many of 256 bits differ. Windows of unrelated audio differ
 * in 115.
 */
export const MATCH_THRESHOLDS = { video: MATCH_THRESHOLD_BITS, audio: 100 } as const
/** Width of an offset bin. The hits of a bin vote together, and with those of the stronger neighbouring bin. */
const BIN_MS = 1000
/** Weight of a video's votes for other offsets, because speed changes spread the votes. */
const OTHER_SHARE = 0.25
/** Score that unrelated videos practically never reach (at most 1.1 among 1,000 hours). */
const STRONG_SCORE = 1.5
/**
 * A frame this near proves a candidate alone, because a shot of a second or two may have only one index frame. On the
 * gauntlet, 277 of 401 copies have one, and 28 of 24,000 other pairs, nearly all of them look-alikes.
 */
const NEAR_BITS = 56
/** Maximum seed alignments per candidate. Their offsets are more than this many bins apart. */
const MAX_SEEDS = 2
const SEED_DISTANCE_BINS = 4
/** Maximum seed alignments of a candidate found by variants of the audio. */
const MAX_VARIANT_SEEDS = 8

/** A moment of the query and a matching moment of a reference, in milliseconds, at which an alignment can start. */
export type SeedAlignment = {
  readonly queryMs: number
  readonly refMs: number
  /** Position in AUDIO_VARIANTS of the change of the audio with which it was found; absent if none. */
  readonly audioVariant?: number | undefined
}

/** A video that may contain part of the query. */
export type Candidate = {
  readonly videoId: string
  /** At most two, most likely first. */
  readonly seeds: readonly SeedAlignment[]
  /** Whether its score is one that unrelated videos practically never reach. */
  readonly isStrong: boolean
}

/**
 * Returns the videos worth aligning, best first, at most `limit`: all strong candidates, all with a frame that is nearly
 * equal, and at most `maxWeak` others, however many are strong, because a query may show passages of many videos. Each hit votes for an offset between query and video, weighted by its
 * distance. The score of a video is the weight of its best offset plus a share of the rest.
 *
 * Weak candidates are taken in turn from those with the best frames and those with the best audio: a long query gets
 * many chance votes of its audio, which would displace a few seconds of copied pictures.
 */
export function rankCandidates({
  hits,
  limit,
  maxWeak = limit,
}: {
  readonly hits: readonly CandidateHit[]
  readonly limit: number
  readonly maxWeak?: number
}): Candidate[] {
  const ranked = [...groupByVideo(hits)]
    .map(([videoId, own]) => ({ videoId, ...tally(own) }))
    .filter(({ score }) => score > 0)
    .sort(byScore(({ score }) => score))
  const [plain, variants] = [ranked.filter((one) => !isVariant(one)), ranked.filter(isVariant)]
  return [...withoutMostWeak(plain, maxWeak), ...withoutMostWeak(variants, maxWeak)]
    .sort(byScore(({ score }) => score))
    .slice(0, limit)
    .map(({ videoId, seeds, score }) => ({ videoId, seeds, isStrong: score >= STRONG_SCORE }))
}

/**
 * Whether a candidate was found with a variant of the audio. These are counted apart, because chance
 * votes of all variants would displace the others.
 */
function isVariant({ seeds }: Tally): boolean {
  return seeds[0]?.audioVariant !== undefined
}

/** The strong candidates, those with a near frame, and at most `maxWeak` weak ones. */
function withoutMostWeak(ranked: readonly Ranked[], maxWeak: number): Ranked[] {
  const isProven = ({ score, nearestBits }: Ranked) => score >= STRONG_SCORE || nearestBits <= NEAR_BITS
  const strong = ranked.filter(isProven)
  const weak = ranked.filter((one) => !isProven(one))
  const byFrames = weak.filter(({ frames }) => frames > 0).sort(byScore(({ frames }) => frames))
  const byAudio = weak.filter(({ audio }) => audio > 0).sort(byScore(({ audio }) => audio))
  return [...strong, ...inTurn(byFrames, byAudio).slice(0, maxWeak)]
}

type Ranked = Tally & { readonly videoId: string }

function byScore(scoreOf: (one: Ranked) => number): (a: Ranked, b: Ranked) => number {
  return (a, b) => scoreOf(b) - scoreOf(a) || (a.videoId < b.videoId ? -1 : 1)
}

/** The elements of two lists, alternating and each once. */
function inTurn(first: readonly Ranked[], second: readonly Ranked[]): Ranked[] {
  const longer = Math.max(first.length, second.length)
  const all = Array.from({ length: longer }, (_, i) => [first[i], second[i]])
  return [...new Set(all.flat().filter((one) => one !== undefined))]
}

/** The hits of each video, by VideoId. */
export function groupByVideo<Hit extends { readonly videoId: string }>(
  hits: readonly Hit[],
): Map<string, Hit[]> {
  const videos = new Map<string, Hit[]>()
  for (const hit of hits) {
    const own = videos.get(hit.videoId)
    if (own) own.push(hit)
    else videos.set(hit.videoId, [hit])
  }
  return videos
}

function weightOf({ kind, distance }: CandidateHit): number {
  const threshold = MATCH_THRESHOLDS[kind]
  return Math.max(0, (threshold - distance) / threshold)
}

/** Offset of a hit in whole bins: where in the reference the query begins, at the speed of the variant of the audio. */
function binOf({ queryMs, refMs, audioVariant }: CandidateHit): number {
  const speed = audioVariant === undefined ? 1 : (AUDIO_VARIANTS[audioVariant]?.speed ?? 1)
  return Math.round((refMs - speed * queryMs) / BIN_MS)
}

/** Exceeds the number of possible bins: a day either way, in seconds. */
const OFFSETS = 2 ** 18

/**
 * Keeps one vote per query hash and offset, so that a static scene does not vote once for each of its frames. Of these,
 * it keeps one per stored moment, because neighbouring audio windows are similar and all hit the same one. A copy is
 * hit at many moments, a chance match at one.
 */
function votesOf(hits: readonly CandidateHit[]): CandidateHit[] {
  const perQueryHash = nearestBy(hits, (hit) => hit.queryMs * OFFSETS + binOf(hit))
  return nearestBy(perQueryHash, ({ refMs }) => refMs)
}

function nearestBy(hits: readonly CandidateHit[], keyOf: (hit: CandidateHit) => number): CandidateHit[] {
  const nearest = new Map<number, CandidateHit>()
  for (const hit of hits) {
    const key = keyOf(hit)
    const other = nearest.get(key)
    if (!other || hit.distance < other.distance) nearest.set(key, hit)
  }
  return [...nearest.values()]
}

type Bin = { readonly offset: number; weight: number; nearest: CandidateHit }
type Tally = {
  readonly score: number
  /** Votes for the best offset by frames and by audio. */
  readonly frames: number
  readonly audio: number
  /** Distance of the nearest frame. */
  readonly nearestBits: number
  readonly seeds: SeedAlignment[]
}
/** Votes of a bin plus those of its stronger neighbour. */
type Peak = { readonly votes: number; readonly bin: Bin }

/**
 * Returns the score of one video and the seed alignments that most of its hits support. Variants of the audio exclude
 * each other, so the score is that of the best one.
 */
function tally(hits: readonly CandidateHit[]): Tally {
  const hypotheses = hypothesesOf(hits)
    .map((own) => tallyOne(own))
    .sort((a, b) => b.score - a.score)
  const best = hypotheses[0] ?? {
    score: 0,
    frames: 0,
    audio: 0,
    nearestBits: Number.POSITIVE_INFINITY,
    seeds: [],
  }
  return isVariant(best) ? { ...best, seeds: nearestVariants(hits) } : best
}

/** The nearest hits of variants, since any of them may be the right one. */
function nearestVariants(hits: readonly CandidateHit[]): SeedAlignment[] {
  return hits
    .filter(({ audioVariant }) => audioVariant !== undefined)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_VARIANT_SEEDS)
    .map(seedOf)
}

function seedOf({ queryMs, refMs, audioVariant }: CandidateHit): SeedAlignment {
  return { queryMs, refMs, ...(audioVariant !== undefined && { audioVariant }) }
}

/** Groups the hits without a variant, and those of each variant. */
function hypothesesOf(hits: readonly CandidateHit[]): CandidateHit[][] {
  const groups = new Map<number | undefined, CandidateHit[]>()
  for (const hit of hits) {
    const group = groups.get(hit.audioVariant)
    if (group) group.push(hit)
    else groups.set(hit.audioVariant, [hit])
  }
  return [...groups.values()]
}

function tallyOne(hits: readonly CandidateHit[]): Tally {
  const peaksBy = (kind: CandidateHit['kind']) =>
    peaksOf(votesOf(hits.filter((hit) => hit.kind === kind))).sort(byVotes)
  const [frames, audio] = [peaksBy('video'), peaksBy('audio')]
  const peaks = [...frames, ...audio].sort(byVotes)
  const chosen: Bin[] = []
  for (const { bin } of peaks) {
    if (chosen.length === MAX_SEEDS) break
    if (chosen.every(({ offset }) => Math.abs(offset - bin.offset) > SEED_DISTANCE_BINS)) chosen.push(bin)
  }
  const all = peaks.reduce((sum, { bin }) => sum + bin.weight, 0)
  const peak = peaks[0]?.votes ?? 0
  const seeds = chosen.map(({ nearest }) => seedOf(nearest))
  const score = peak + OTHER_SHARE * (all - peak)
  const nearestBits = Math.min(...hits.filter(({ kind }) => kind === 'video').map(({ distance }) => distance))
  return { score, frames: frames[0]?.votes ?? 0, audio: audio[0]?.votes ?? 0, nearestBits, seeds }
}

function byVotes(a: Peak, b: Peak): number {
  return b.votes - a.votes || a.bin.offset - b.bin.offset
}

function peaksOf(votes: readonly CandidateHit[]): Peak[] {
  const bins = new Map<number, Bin>()
  for (const hit of votes) {
    const offset = binOf(hit)
    const bin = bins.get(offset) ?? { offset, weight: 0, nearest: hit }
    bins.set(offset, bin)
    bin.weight += weightOf(hit)
    if (hit.distance < bin.nearest.distance) bin.nearest = hit
  }
  return [...bins.values()].map((bin) => {
    const beside = [-1, 1].map((step) => bins.get(bin.offset + step)?.weight ?? 0)
    return { votes: bin.weight + Math.max(...beside), bin }
  })
}
