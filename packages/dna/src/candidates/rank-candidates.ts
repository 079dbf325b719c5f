import { ALIKE_BITS } from '../match/picture-hits.ts'
import type { CandidateHit } from './probe.ts'

/** Distance from which two windows of sound no longer count as alike (unrelated: 115 of 256 bits). */
const ALIKE_WINDOW_BITS = 100
/** Offsets within this time vote together, and with the bins beside them. */
const BIN_MS = 1000
/** Share of a video's other votes that counts beside its best offset: speed changes spread them. */
const OTHER_SHARE = 0.25

/** Votes that unrelated videos hardly ever gather (1.1 at the most among 1,000 hours): with more, all are taken. */
const SURE_VOTES = 1.5
/** Places in a video that are named, and how far apart they lie. */
const PLACES = 2
const PLACE_MS = 4000

/** A video that may hold something of the query. */
export type Candidate = {
  readonly videoId: string
  /** Where in it, likeliest first: its time less the query's, in milliseconds. */
  readonly offsetsMs: readonly number[]
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
  const votes = new Map<string, Map<string, number>>()
  for (const hit of votesOf(hits)) {
    const bin = Math.round((hit.refMs - hit.queryMs) / BIN_MS)
    const bins = votes.get(hit.videoId) ?? new Map<string, number>()
    votes.set(hit.videoId, bins)
    const key = `${hit.kind} ${bin}`
    bins.set(key, (bins.get(key) ?? 0) + weightOf(hit))
  }
  return [...votes]
    .map(([videoId, bins]) => ({ videoId, ...tally(bins) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.videoId < b.videoId ? -1 : 1))
    .filter(({ score }, rank) => rank < doubtful || score >= SURE_VOTES)
    .slice(0, limit)
    .map(({ videoId, offsetsMs }) => ({ videoId, offsetsMs }))
}

function weightOf({ kind, distance }: CandidateHit): number {
  const alike = kind === 'video' ? ALIKE_BITS : ALIKE_WINDOW_BITS
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

function tally(bins: ReadonlyMap<string, number>): { score: number; offsetsMs: number[] } {
  let all = 0
  const peaks: { weight: number; offsetMs: number }[] = []
  for (const [key, weight] of bins) {
    const [kind, bin] = key.split(' ')
    const beside = [-1, 1].map((step) => bins.get(`${kind} ${Number(bin) + step}`) ?? 0)
    all += weight
    peaks.push({ weight: weight + Math.max(...beside), offsetMs: Number(bin) * BIN_MS })
  }
  peaks.sort((a, b) => b.weight - a.weight || a.offsetMs - b.offsetMs)
  const places: number[] = []
  for (const { offsetMs } of peaks) {
    if (places.length === PLACES) break
    if (places.every((place) => Math.abs(place - offsetMs) > PLACE_MS)) places.push(offsetMs)
  }
  const peak = peaks[0]?.weight ?? 0
  return { score: peak + OTHER_SHARE * (all - peak), offsetsMs: places }
}
