import { SPECTRUM_MS } from '../../audio/spectral-peaks.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import type { Alignment } from '../lines/find-alignments.ts'
import { maxSumInterval } from '../lines/max-sum-interval.ts'
import { audioDifference } from './audio-difference.ts'
import { type LandmarkScorer, ROW_SPECTRA } from './landmark-scorer.ts'

/** Lines that are nearer show the same moments. */
const SAME_MOMENTS_MS = 1000
/** Number of other lines that are compared, those with most evidence. */
const MAX_RIVALS = 8
/**
 * The notes of two moments are others if more than this share of their bits differs. Under a loop of drums, the notes of
 * different bars differ in 0.38 or more. A chorus that is repeated stays below 0.2, the tone of a test card below 0.28.
 */
const OTHER_NOTES = 0.3
/** Fewer lively items (a second of them) prove nothing. */
const MIN_LIVELY = 8

type Options = {
  /** The Chromaprint items of the reference. */
  readonly refAudio: () => AudioTimeline | null
  /** Evidence, in nats, that chance reaches. */
  readonly least: number
}

/**
 * The evidence of an alignment, in nats, without what also matches another moment of the reference where other notes are
 * heard. That is the rhythm alone: a loop of drums is in many pieces of music. What matches again with the same notes, as in
 * a chorus, counts in full.
 */
export function distinctEvidence(
  scorer: LandmarkScorer,
  alignment: Alignment,
  { refAudio, least }: Options,
): number {
  const { line, from, to, evidence } = alignment
  const rivals = scorer.rivals(line.offsetMs, alignment, {
    apartMs: SAME_MOMENTS_MS,
    least,
    most: MAX_RIVALS,
  })
  const audio = rivals.length > 0 ? refAudio() : null
  if (!audio) return evidence
  const own = new Float64Array(scorer.rows)
  scorer.scorePeaks(line.offsetMs, own)
  const whole = sumOf(own, from, to)
  const values = new Float64Array(scorer.rows)
  const left = rivals.map((offsetMs) => {
    scorer.scorePeaks(offsetMs, values)
    const shared = maxSumInterval(values.subarray(from, to + 1))
    if (shared === null || shared.sum < least) return whole
    const [first, last] = [from + shared.from, from + shared.to]
    const refMsAt = (row: number) => scorer.startMs + row * ROW_SPECTRA * SPECTRUM_MS + line.offsetMs
    const difference = audioDifference(audio, audio, {
      fromMs: refMsAt(first),
      toMs: refMsAt(last + 1),
      otherMsOf: (ms) => ms + offsetMs - line.offsetMs,
      minLively: MIN_LIVELY,
    })
    if (difference === null || difference <= OTHER_NOTES) return whole
    scorer.scorePeaks(line.offsetMs, values, offsetMs)
    return whole - sumOf(own, first, last) + sumOf(values, first, last)
  })
  // An alignment that shares rows with a stronger one has less evidence than its line.
  return whole > 0 ? evidence * Math.min(1, Math.max(0, Math.min(...left)) / whole) : evidence
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let row = from; row <= to; row++) sum += values[row] as number
  return sum
}
