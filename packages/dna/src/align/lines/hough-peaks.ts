/** A straight line through the two time axes: reference ms = query ms x rate + offset. */
export type Line = {
  readonly rate: number
  readonly offsetMs: number
  /** Total weight of the hits near the line, by which lines are ranked. */
  readonly votes: number
}

/** Pairs of matching moments, as parallel arrays of `size` elements. */
export type Hits = {
  readonly size: number
  readonly queryMs: Float64Array
  readonly refFromMs: Float64Array
  readonly refToMs: Float64Array
  readonly weight: Float32Array
}

/**
 * Playback speeds to try: PAL speed-up (25/24), and the steps of common players and editors. NTSC (24/23.976) falls
 * within one bin.
 */
export const SPEEDS = [1, 0.5, 0.667, 0.75, 0.8, 0.9, 0.95, 0.96, 1.042, 1.05, 1.1, 1.2, 1.25, 1.333, 1.5, 2]
/** Weight of another speed, or of backward playback, which are less likely a priori. */
const OTHER_SPEED_SHARE = 0.93
/** Rates this close to 1 are clock drift and rounding, not another speed. */
const NORMAL_RATE_TOLERANCE = 0.002
/** Maximum number of accumulator bins. Beyond it, bins become wider (24 h at 250 ms). */
const MAX_BINS = 345_600

/**
 * Share of the returned lines reserved for normal speed. If a short stretch is repeated many times, a line at another
 * speed that crosses the repetitions gets more votes than any single one.
 */
const NORMAL_SPEED_SHARE = 1 / 3

/**
 * Returns the lines with the most votes, at most `limit`, best first: the peaks of a Hough transform over offset and
 * rate. Source: Hough, 1962; Duda and Hart, 1972; for video copies Douze et al., TRECVID 2008.
 */
export function houghPeaks(
  hits: Hits,
  { binMs, rates, limit }: { binMs: number; rates: readonly number[]; limit: number },
): Line[] {
  if (hits.size === 0) return []
  const lines: Line[] = []
  for (const rate of rates) lines.push(...peaksAt(hits, { binMs, rate, limit }))
  lines.sort(byVotes)
  const normal = lines.filter(({ rate }) => rate === 1).slice(0, limit * NORMAL_SPEED_SHARE)
  const others = lines.filter((line) => !normal.includes(line)).slice(0, limit - normal.length)
  return [...normal, ...others].sort(byVotes)
}

function byVotes(a: Line, b: Line): number {
  return b.votes - a.votes || a.rate - b.rate || a.offsetMs - b.offsetMs
}

/** Whether a rate means a speed other than normal, or backward playback. */
export function isOtherSpeed(rate: number): boolean {
  return Math.abs(rate - 1) > NORMAL_RATE_TOLERANCE
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

/** Local maxima of the votes over the offset, at one rate. */
function peaksAt(hits: Hits, { binMs, rate, limit }: { binMs: number; rate: number; limit: number }): Line[] {
  const { low, high } = offsetSpan(hits, rate)
  const width = Math.max(binMs, (high - low) / MAX_BINS)
  const table = accumulate(hits, { rate, low, width, size: Math.ceil((high - low) / width) + 4 })
  const scale = isOtherSpeed(rate) ? OTHER_SPEED_SHARE : 1
  const peaks: Line[] = []
  for (let bin = 1; bin + 1 < table.length; bin++) {
    const votes = ((table[bin] as number) + neighbourVotes(table, bin)) * scale
    const weakest = peaks.length === limit ? (peaks[limit - 1]?.votes ?? 0) : 0
    if (votes <= weakest || !isPeak(table, bin)) continue
    peaks.push({ rate, offsetMs: low + (bin - 1) * width, votes })
    peaks.sort((a, b) => b.votes - a.votes)
    peaks.length = Math.min(peaks.length, limit)
  }
  return peaks
}

/** Adds half the votes of both neighbours, because a hit near the border of two bins belongs to both. */
function neighbourVotes(table: Float64Array, bin: number): number {
  return 0.5 * ((table[bin - 1] as number) + (table[bin + 1] as number))
}

function isPeak(table: Float64Array, bin: number): boolean {
  const here = table[bin] as number
  return here > 0 && here >= (table[bin - 1] as number) && here > (table[bin + 1] as number)
}

/** Votes per offset bin. A hit that holds over a stretch of the reference votes for each offset in it. */
function accumulate(
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
