import { SPECTRUM_MS } from '../../audio/spectral-peaks.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import type { Alignment } from '../lines/find-alignments.ts'
import { audioDifference } from '../segments/audio-difference.ts'
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
  const values = new Float64Array(scorer.rows)
  const sum = () => values.subarray(from, to + 1).reduce((total, value) => total + value, 0)
  const rivals = scorer
    .rivals(line.offsetMs, alignment, { apartMs: SAME_MOMENTS_MS, most: MAX_RIVALS })
    .filter((offsetMs) => {
      scorer.score(offsetMs, values)
      return sum() >= least
    })
  const audio = rivals.length > 0 ? refAudio() : null
  if (!audio) return evidence
  const fromMs = scorer.startMs + from * ROW_SPECTRA * SPECTRUM_MS + line.offsetMs
  const toMs = fromMs + (to + 1 - from) * ROW_SPECTRA * SPECTRUM_MS
  const left = rivals.map((offsetMs) => {
    const otherMsOf = (ms: number) => ms + offsetMs - line.offsetMs
    const difference = audioDifference(audio, audio, { fromMs, toMs, otherMsOf, minLively: MIN_LIVELY })
    if (difference === null || difference <= OTHER_NOTES) return evidence
    scorer.scoreWithout(offsetMs, line.offsetMs, values)
    return sum()
  })
  return Math.min(evidence, ...left)
}
