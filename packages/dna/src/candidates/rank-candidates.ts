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
  const votes = new Map<string, Bins>()
  for (const hit of votesOf(hits)) {
    const bins = votes.get(hit.videoId) ?? new Map()
    votes.set(hit.videoId, bins)
    const offset = Math.round((hit.refMs - hit.queryMs) / BIN_MS)
    const key = `${hit.kind} ${offset}`
    const bin = bins.get(key) ?? { kind: hit.kind, offset, weight: 0, nearest: hit }
    bins.set(key, bin)
    bin.weight += weightOf(hit)
    if (hit.distance < bin.nearest.distance) bin.nearest = hit
  }
  return [...votes]
    .map(([videoId, bins]) => ({ videoId, ...tally(bins) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.videoId < b.videoId ? -1 : 1))
    .filter(({ score }, rank) => rank < doubtful || score >= SURE_VOTES)
    .slice(0, limit)
    .map(({ videoId, places }) => ({ videoId, places }))
}

function weightOf({ kind, distance }: CandidateHit): number {
  const alike = ALIKE_DISTANCE[kind]
  return Math.max(0, (alike - distance) / alike)
}

/**
 * One vote a probe, video and offset, because a still scene must not vote once for each of its frames; and of these one
 * a stored moment, because neighbouring windows of sound, which are alike, all find the same one: a copy is found
 * through many moments, a chance likeness through one.
 */
function votesOf(hits: readonly CandidateHit[]): CandidateHit[] {
  const perProbe = nearestBy(
    hits,
    ({ videoId, kind, queryMs, refMs }) =>
      `${videoId} ${kind} ${queryMs} ${Math.round((refMs - queryMs) / BIN_MS)}`,
  )
  return nearestBy(perProbe, ({ videoId, kind, refMs }) => `${videoId} ${kind} ${refMs}`)
}

function nearestBy(hits: readonly CandidateHit[], keyOf: (hit: CandidateHit) => string): CandidateHit[] {
  const nearest = new Map<string, CandidateHit>()
  for (const hit of hits) {
    const key = keyOf(hit)
    const other = nearest.get(key)
    if (!other || hit.distance < other.distance) nearest.set(key, hit)
  }
  return [...nearest.values()]
}

type Bin = { readonly kind: string; readonly offset: number; weight: number; nearest: CandidateHit }
type Bins = Map<string, Bin>

function tally(bins: Bins): { score: number; places: Place[] } {
  let all = 0
  const peaks: { readonly votes: number; readonly bin: Bin }[] = []
  for (const bin of bins.values()) {
    const beside = [-1, 1].map((step) => bins.get(`${bin.kind} ${bin.offset + step}`)?.weight ?? 0)
    all += bin.weight
    peaks.push({ votes: bin.weight + Math.max(...beside), bin })
  }
  peaks.sort((a, b) => b.votes - a.votes || a.bin.offset - b.bin.offset)
  const chosen: Bin[] = []
  for (const { bin } of peaks) {
    if (chosen.length === PLACES) break
    if (chosen.every(({ offset }) => Math.abs(offset - bin.offset) > PLACE_BINS)) chosen.push(bin)
  }
  const peak = peaks[0]?.votes ?? 0
  const places = chosen.map(({ nearest: { queryMs, refMs } }) => ({ queryMs, refMs }))
  return { score: peak + OTHER_SHARE * (all - peak), places }
}
