import { ALIKE_BITS } from '../match/picture-hits.ts'
import type { CandidateHit } from './probe.ts'

/**
 * Distance in bits from which two frames, or two windows of sound, no longer count as alike; windows of unrelated sound
 * differ in 115 of 256.
 */
export const ALIKE_DISTANCE = { video: ALIKE_BITS, audio: 100 } as const
/** Offsets within this time vote together, and with the bins beside them. */
const BIN_MS = 1000
/** Share of a video's other votes that counts beside its best offset: speed changes spread them. */
const OTHER_SHARE = 0.25

/** Votes that unrelated videos hardly ever gather (1.1 at the most among 1,000 hours): with more, all are taken. */
const SURE_VOTES = 1.5
/** Places in a video that are named; their offsets are more than so many bins apart. */
const PLACES = 2
const PLACE_BINS = 4

/** A moment of the query and the one of a video that is like it, in milliseconds. */
export type Place = { readonly queryMs: number; readonly refMs: number }

/** A video that may hold something of the query. */
export type Candidate = {
  readonly videoId: string
  /** Moments of the query and of it that are alike, likeliest first. */
  readonly places: readonly Place[]
  /** It has votes as an unrelated video hardly ever gathers. */
  readonly isSure: boolean
}

/**
 * The videos worth a closer look, best first, at most `limit`: all that have many votes, and with those that have few
 * at most `doubtful` together. Each hit votes for an offset in time, weighted by how near it lies; a video counts what
 * its best offset gathered, and a part of the rest.
 */
export function rankCandidates({
  hits,
  limit,
  doubtful = limit,
}: {
  readonly hits: readonly CandidateHit[]
  readonly limit: number
  readonly doubtful?: number
}): Candidate[] {
  return [...byVideo(hits)]
    .map(([videoId, own]) => ({ videoId, ...tally(own) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.videoId < b.videoId ? -1 : 1))
    .filter(({ score }, rank) => rank < doubtful || score >= SURE_VOTES)
    .slice(0, limit)
    .map(({ videoId, places, score }) => ({ videoId, places, isSure: score >= SURE_VOTES }))
}

function byVideo(hits: readonly CandidateHit[]): Map<string, CandidateHit[]> {
  const videos = new Map<string, CandidateHit[]>()
  for (const hit of hits) {
    const own = videos.get(hit.videoId)
    if (own) own.push(hit)
    else videos.set(hit.videoId, [hit])
  }
  return videos
}

function weightOf({ kind, distance }: CandidateHit): number {
  const alike = ALIKE_DISTANCE[kind]
  return Math.max(0, (alike - distance) / alike)
}

/** The offset of a hit, in whole bins: reference less query. */
function binOf({ queryMs, refMs }: CandidateHit): number {
  return Math.round((refMs - queryMs) / BIN_MS)
}

/** More offsets than there are: a day either way, in seconds. */
const OFFSETS = 2 ** 18

/**
 * One vote a probe and offset, because a still scene must not vote once for each of its frames; and of these one a
 * stored moment, because neighbouring windows of sound, which are alike, all find the same one: a copy is found through
 * many moments, a chance likeness through one.
 */
function votesOf(hits: readonly CandidateHit[]): CandidateHit[] {
  const perProbe = nearestBy(hits, (hit) => hit.queryMs * OFFSETS + binOf(hit))
  return nearestBy(perProbe, ({ refMs }) => refMs)
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
/** Votes of a bin and of the stronger one beside it. */
type Peak = { readonly votes: number; readonly bin: Bin }

/** What the hits of one video count, and the places that most of them point to. */
function tally(hits: readonly CandidateHit[]): { score: number; places: Place[] } {
  const peaks = (['video', 'audio'] as const).flatMap((kind) =>
    peaksOf(votesOf(hits.filter((hit) => hit.kind === kind))),
  )
  peaks.sort((a, b) => b.votes - a.votes || a.bin.offset - b.bin.offset)
  const chosen: Bin[] = []
  for (const { bin } of peaks) {
    if (chosen.length === PLACES) break
    if (chosen.every(({ offset }) => Math.abs(offset - bin.offset) > PLACE_BINS)) chosen.push(bin)
  }
  const all = peaks.reduce((sum, { bin }) => sum + bin.weight, 0)
  const peak = peaks[0]?.votes ?? 0
  const places = chosen.map(({ nearest: { queryMs, refMs } }) => ({ queryMs, refMs }))
  return { score: peak + OTHER_SHARE * (all - peak), places }
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
