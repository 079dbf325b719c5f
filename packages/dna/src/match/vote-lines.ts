/** A straight line through the two time axes: reference ms = query ms x rate + offset. */
export type Line = {
  readonly rate: number
  readonly offsetMs: number
  /** Weight of the pairs near the line; lines are compared by it. */
  readonly votes: number
}

/** Pairs of moments that look or sound alike, in parallel arrays; `size` of them are filled. */
export type Hits = {
  readonly size: number
  readonly queryMs: Float64Array
  readonly refFromMs: Float64Array
  readonly refToMs: Float64Array
  readonly weight: Float32Array
}

/**
 * Playback speeds that are tried: PAL speed-up (25/24), NTSC (24/23.976 falls within one bin), and the steps of
 * common players and editors.
 */
export const SPEEDS = [1, 0.5, 0.667, 0.75, 0.8, 0.9, 0.95, 0.96, 1.042, 1.05, 1.1, 1.2, 1.25, 1.333, 1.5, 2]
/** A speed other than 1, or running backwards, counts only this much: it is the rarer explanation. */
const UNUSUAL_SHARE = 0.93
/** Rates this near to 1 are clock drift and rounding, not another speed. */
const USUAL_RATE = 0.002
/** Bins of one vote table; beyond it the bins grow (24 h at 250 ms). */
const MAX_BINS = 345_600

/**
 * Of the lines so many are kept for the usual speed: where a short passage is shown over and over, a line of another
 * speed that strays through its repetitions has more votes than any of them.
 */
const USUAL_SHARE = 1 / 3

/** The lines with the most votes (a Hough transform over offset and rate), at most `limit`, best first. */
export function voteLines(
  hits: Hits,
  { binMs, rates, limit }: { binMs: number; rates: readonly number[]; limit: number },
): Line[] {
  if (hits.size === 0) return []
  const lines: Line[] = []
  for (const rate of rates) lines.push(...peaksAt(hits, { binMs, rate, limit }))
  lines.sort(byVotes)
  const usual = lines.filter(({ rate }) => rate === 1).slice(0, limit * USUAL_SHARE)
  const others = lines.filter((line) => !usual.includes(line)).slice(0, limit - usual.length)
  return [...usual, ...others].sort(byVotes)
}

function byVotes(a: Line, b: Line): number {
  return b.votes - a.votes || a.rate - b.rate || a.offsetMs - b.offsetMs
}

export function isUnusual(rate: number): boolean {
  return Math.abs(rate - 1) > USUAL_RATE
}

type Span = { readonly low: number; readonly high: number }

function offsetSpan(hits: Hits, rate: number): Span {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < hits.size; i++) {
    const shift = (hits.queryMs[i] as number) * rate
    low = Math.min(low, (hits.refFromMs[i] as number) - shift)
    high = Math.max(high, (hits.refToMs[i] as number) - shift)
  }
  return { low, high }
}

/** Local maxima of the votes over the offset at one rate. */
function peaksAt(hits: Hits, { binMs, rate, limit }: { binMs: number; rate: number; limit: number }): Line[] {
  const { low, high } = offsetSpan(hits, rate)
  const width = Math.max(binMs, (high - low) / MAX_BINS)
  const table = voteTable(hits, { rate, low, width, size: Math.ceil((high - low) / width) + 4 })
  const scale = isUnusual(rate) ? UNUSUAL_SHARE : 1
  const peaks: Line[] = []
  for (let bin = 1; bin + 1 < table.length; bin++) {
    const votes = ((table[bin] as number) + smoothEdges(table, bin)) * scale
    const weakest = peaks.length === limit ? (peaks[limit - 1]?.votes ?? 0) : 0
    if (votes <= weakest || !isPeak(table, bin)) continue
    peaks.push({ rate, offsetMs: low + (bin - 1) * width, votes })
    peaks.sort((a, b) => b.votes - a.votes)
    peaks.length = Math.min(peaks.length, limit)
  }
  return peaks
}

/** A pair near the border of two bins votes for both: half the weight of each neighbour counts. */
function smoothEdges(table: Float64Array, bin: number): number {
  return 0.5 * ((table[bin - 1] as number) + (table[bin + 1] as number))
}

function isPeak(table: Float64Array, bin: number): boolean {
  const here = table[bin] as number
  return here > 0 && here >= (table[bin - 1] as number) && here > (table[bin + 1] as number)
}

/** Votes per offset bin. A pair that holds over a stretch of the reference votes for each offset in it. */
function voteTable(
  hits: Hits,
  { rate, low, width, size }: { rate: number; low: number; width: number; size: number },
): Float64Array {
  const table = new Float64Array(size + 1)
  for (let i = 0; i < hits.size; i++) {
    const shift = (hits.queryMs[i] as number) * rate + low
    const first = Math.round(((hits.refFromMs[i] as number) - shift) / width) + 1
    const last = Math.round(((hits.refToMs[i] as number) - shift) / width) + 1
    const weight = hits.weight[i] as number
    table[first] = (table[first] as number) + weight
    table[last + 1] = (table[last + 1] as number) - weight
  }
  for (let bin = 1; bin < table.length; bin++) {
    table[bin] = (table[bin] as number) + (table[bin - 1] as number)
  }
  return table
}
