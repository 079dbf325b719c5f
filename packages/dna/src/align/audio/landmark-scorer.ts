import { SPECTRUM_MS } from '../../audio/spectral-peaks.ts'
import type { Hits } from '../lines/hough-peaks.ts'
import { MISSING_PEAK_COST } from './landmark-evidence.ts'
import { hitsOnLines } from './landmark-lines.ts'
import { type LandmarkTimeline, peakMs } from './landmark-timeline.ts'

/** Length of the rows into which the query is divided, in spectra: 186 ms. */
export const ROW_SPECTRA = 8
/** Largest distance of a hit from its line: the spectra of both sides are at most one apart. */
const TOLERANCE_MS = 1.6 * SPECTRUM_MS
/** The most evidence of one row, in nats. Peaks of one chord or syllable match together or not at all. */
const MAX_ROW_EVIDENCE = 2
/** Cost of a row that falls outside the reference. */
const OUTSIDE_COST = 2

/** Rows of the query, both ends inclusive. */
type Rows = { readonly from: number; readonly to: number }

/** Scores the rows of a query along lines of normal speed, by the landmarks that both sides share. */
export class LandmarkScorer {
  readonly rows: number
  /** Time of the first row in the query. */
  readonly startMs: number
  readonly #query: LandmarkTimeline
  readonly #ref: LandmarkTimeline
  /** Shared landmarks by offset: the query's peak, and the offset of the reference in milliseconds. */
  readonly #peaks: Uint32Array
  readonly #offsets: Float64Array
  readonly #evidence: Float32Array
  /** The evidence of each peak of the query on the line that was scored last. */
  readonly #best: Float32Array

  constructor(query: LandmarkTimeline, ref: LandmarkTimeline) {
    this.#query = query
    this.#ref = ref
    this.startMs = query.startMs
    this.rows = Math.floor((query.spectra[query.spectra.length - 1] ?? 0) / ROW_SPECTRA) + 1
    const { peaks, offsets, evidence } = hitsOnLines(query, ref)
    this.#peaks = peaks
    this.#offsets = new Float64Array(offsets.length)
    for (let hit = 0; hit < offsets.length; hit++)
      this.#offsets[hit] = ref.startMs - query.startMs + (offsets[hit] as number) * SPECTRUM_MS
    this.#evidence = evidence
    this.#best = new Float32Array(query.spectra.length)
  }

  /** The shared landmarks as pairs of matching moments. */
  hits(): Hits {
    const queryMs = new Float64Array(this.#peaks.length)
    const refMs = new Float64Array(this.#peaks.length)
    for (let hit = 0; hit < queryMs.length; hit++) {
      queryMs[hit] = peakMs(this.#query, this.#peaks[hit] as number)
      refMs[hit] = (queryMs[hit] as number) + (this.#offsets[hit] as number)
    }
    return { size: queryMs.length, queryMs, refFromMs: refMs, refToMs: refMs, weight: this.#evidence }
  }

  /** Writes the evidence of each row in nats. */
  score(offsetMs: number, into: Float64Array): void {
    this.scorePeaks(offsetMs, into)
    for (let row = 0; row < into.length; row++) {
      const refMs = this.#query.startMs + row * ROW_SPECTRA * SPECTRUM_MS + offsetMs
      if (refMs < 0 || refMs > this.#ref.durationMs) into[row] = -OUTSIDE_COST
    }
  }

  /** The same without the cost of rows outside the reference, and without the peaks that match on another line as well. */
  scorePeaks(offsetMs: number, into: Float64Array, withoutMs: number | null = null): void {
    into.fill(0)
    let explained: Float32Array | null = null
    if (withoutMs !== null) {
      this.#matchPeaks(withoutMs)
      explained = this.#best.slice()
    }
    this.#matchPeaks(offsetMs)
    for (let peak = 0; peak < this.#best.length; peak++) {
      if (explained !== null && (explained[peak] as number) > 0) continue
      const row = this.#rowOf(peak)
      into[row] = (into[row] as number) + (this.#best[peak] as number) - MISSING_PEAK_COST
    }
    for (let row = 0; row < into.length; row++) into[row] = Math.min(MAX_ROW_EVIDENCE, into[row] as number)
  }

  /**
   * Offsets of other lines whose hits in some rows have evidence of at least `least`, those with most first, at most `most`.
   * None is nearer than `apartMs` to the given line.
   */
  rivals(
    offsetMs: number,
    rows: Rows,
    { apartMs, least, most }: { readonly apartMs: number; readonly least: number; readonly most: number },
  ): number[] {
    const found: { offsetMs: number; evidence: number }[] = []
    let last = Number.NaN
    // The offsets ascend, and many hits share one.
    for (const other of this.#offsets) {
      if (other === last) continue
      last = other
      if (Math.abs(other - offsetMs) < apartMs) continue
      const evidence = this.#evidenceNear(other, rows)
      if (evidence >= least) found.push({ offsetMs: other, evidence })
    }
    found.sort((a, b) => b.evidence - a.evidence)
    const chosen: number[] = []
    for (const other of found) {
      if (chosen.length === most) break
      if (chosen.every((known) => Math.abs(known - other.offsetMs) > 2 * TOLERANCE_MS))
        chosen.push(other.offsetMs)
    }
    return chosen
  }

  /** The mean offset of the hits on a line within some rows. */
  meanOffset(offsetMs: number, { from, to }: Rows): number {
    const { first, end } = this.#near(offsetMs)
    let sum = 0
    let weights = 0
    for (let hit = first; hit < end; hit++) {
      const row = this.#rowOf(this.#peaks[hit] as number)
      if (row < from || row > to) continue
      sum += (this.#offsets[hit] as number) * (this.#evidence[hit] as number)
      weights += this.#evidence[hit] as number
    }
    return weights > 0 ? sum / weights : offsetMs
  }

  /** Peaks of the query within some rows: how many there are, and the times of those that match on a line. */
  matchesOn(
    offsetMs: number,
    { from, to }: Rows,
  ): { readonly peaks: number; readonly hitMs: readonly number[] } {
    this.#matchPeaks(offsetMs)
    const hitMs: number[] = []
    let peaks = 0
    for (let peak = 0; peak < this.#best.length; peak++) {
      const row = this.#rowOf(peak)
      if (row < from || row > to) continue
      peaks++
      if ((this.#best[peak] as number) > 0) hitMs.push(peakMs(this.#query, peak))
    }
    return { peaks, hitMs }
  }

  /** Sum of the evidence of the hits near a line within some rows, in nats. */
  #evidenceNear(offsetMs: number, { from, to }: Rows): number {
    const { first, end } = this.#near(offsetMs)
    let sum = 0
    for (let hit = first; hit < end; hit++) {
      const row = this.#rowOf(this.#peaks[hit] as number)
      if (row >= from && row <= to) sum += this.#evidence[hit] as number
    }
    return sum
  }

  #rowOf(peak: number): number {
    return Math.floor((this.#query.spectra[peak] as number) / ROW_SPECTRA)
  }

  /** A peak starts up to three landmarks. The best of those that match counts. */
  #matchPeaks(offsetMs: number): void {
    this.#best.fill(0)
    const { first, end } = this.#near(offsetMs)
    for (let hit = first; hit < end; hit++) {
      const peak = this.#peaks[hit] as number
      this.#best[peak] = Math.max(this.#best[peak] as number, this.#evidence[hit] as number)
    }
  }

  #near(offsetMs: number): { first: number; end: number } {
    return { first: this.#firstFrom(offsetMs - TOLERANCE_MS), end: this.#firstFrom(offsetMs + TOLERANCE_MS) }
  }

  /** Index of the first hit with at least this offset. */
  #firstFrom(offsetMs: number): number {
    let low = 0
    let high = this.#offsets.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#offsets[middle] as number) < offsetMs) low = middle + 1
      else high = middle
    }
    return low
  }
}
