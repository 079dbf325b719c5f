import { SPECTRUM_MS } from '../../audio/spectral-peaks.ts'
import { audioTimelineOf } from '../../fingerprint/audio-timeline.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { type AlignmentProblem, findAlignments } from '../lines/find-alignments.ts'
import { remembered } from '../lines/remembered.ts'
import { trimInterval } from '../lines/trim-interval.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { clampEnd, clampStart } from '../segments/segment-geometry.ts'
import { distinctEvidence } from './distinct-evidence.ts'
import { divideAtSilence } from './landmark-pieces.ts'
import { LandmarkScorer, ROW_SPECTRA } from './landmark-scorer.ts'
import { type LandmarkTimeline, landmarkTimelineOf, rememberedTimelineOf } from './landmark-timeline.ts'

const ROW_MS = ROW_SPECTRA * SPECTRUM_MS

/**
 * Evidence, in nats, that unrelated audio can reach by chance. Of 12,000 unrelated pairs of the accuracy benches, one in
 * a thousand exceeds 7, and none 11.
 */
const CHANCE_EVIDENCE = 11
/**
 * Ends that chance may have added to sound that nothing covers, which has up to 2 nats a row. Shorter ones are within the
 * blur of all audio boundaries, 2.5 s.
 */
const CHANCE_ENDS = { clear: 1, chance: CHANCE_EVIDENCE, fewest: Math.ceil(2500 / ROW_MS) }
/** Units of audio evidence (those of align-audio.ts) for each nat beyond it. */
const UNITS_PER_NAT = 0.75
/**
 * Shorter segments count less: a sentence of a synthetic voice, a jingle or a sound effect is in many videos that share
 * nothing else. The same sentence of 6 s scores 0.30.
 */
const FULL_LENGTH_MS = 12_000

/**
 * Returns segments whose audio shares landmarks, strongest first. They survive under louder speech or music, on the
 * telephone and in recordings of loudspeakers, where Chromaprint's items do not. Only normal speed is found.
 */
export function alignLandmarks(query: Fingerprint, ref: Fingerprint): TrackSegment[] {
  const [own, other] = [rememberedTimelineOf(query), landmarkTimelineOf(ref)]
  if (!own || !other) return []
  const scorer = new LandmarkScorer(own, other)
  const problem: AlignmentProblem = {
    rows: scorer.rows,
    rowMs: ROW_MS,
    startMs: own.startMs,
    hits: scorer.hits(),
    binMs: SPECTRUM_MS,
    rates: [1],
    score: (line, into) => scorer.score(line.offsetMs, into),
    plausibility: () => 1,
    refine: (line, rows) => ({ ...line, offsetMs: scorer.meanOffset(line.offsetMs, rows) }),
  }
  const values = new Float64Array(scorer.rows)
  const refAudio = () => rememberedAudioOf(ref)
  const segments = findAlignments(problem, { minEvidence: CHANCE_EVIDENCE }).flatMap((alignment) => {
    const evidence = distinctEvidence(scorer, alignment, { refAudio, least: CHANCE_EVIDENCE })
    if (evidence < CHANCE_EVIDENCE) return []
    const { offsetMs } = alignment.line
    scorer.score(offsetMs, values)
    const found = scorer.matchesOn(offsetMs, alignment).hitMs.length
    const rows = trimInterval(alignment, values, CHANCE_ENDS)
    const { peaks, hitMs } = scorer.matchesOn(offsetMs, rows)
    return divideAtSilence(own, other, { offsetMs, hitMs }).flatMap((piece): TrackSegment[] => {
      const nats = (evidence * piece.length) / found
      if (nats < CHANCE_EVIDENCE) return []
      const times = timesOf(own, other, { offsetMs, hitMs: piece })
      return [
        {
          ...times,
          rate: 1,
          difference: 0.5 * (1 - hitMs.length / Math.max(1, peaks)),
          mirrored: false,
          turn: 0,
          evidence: evidenceOf(nats, times.queryEndMs - times.queryStartMs),
        },
      ]
    })
  })
  return segments.sort((a, b) => b.evidence - a.evidence)
}

const rememberedAudioOf = remembered(audioTimelineOf)

/** Evidence in the units of align-audio.ts. */
function evidenceOf(nats: number, lengthMs: number): number {
  return (nats - CHANCE_EVIDENCE) * UNITS_PER_NAT * Math.min(1, lengthMs / FULL_LENGTH_MS) ** 2
}

/**
 * Boundaries of an alignment. Hits are apart, so a boundary is probably half their mean distance beyond the outermost
 * ones. If the query starts or ends within twice that distance, so does the segment.
 */
function timesOf(
  query: LandmarkTimeline,
  ref: LandmarkTimeline,
  { offsetMs, hitMs }: { offsetMs: number; hitMs: readonly number[] },
) {
  const firstMs = hitMs[0] ?? 0
  const lastMs = hitMs[hitMs.length - 1] ?? firstMs
  const gapMs = (lastMs - firstMs) / Math.max(1, hitMs.length - 1)
  const nearMs = 2 * gapMs + ROW_MS
  const startMs = firstMs < nearMs ? 0 : firstMs - gapMs / 2
  const endMs = query.durationMs - lastMs < nearMs + ROW_MS ? query.durationMs : lastMs + gapMs / 2
  const within = (ms: number, high: number) => Math.min(Math.max(ms, 0), high)
  const queryStartMs = within(clampStart(startMs, -offsetMs), query.durationMs)
  const queryEndMs = within(clampEnd(endMs, ref.durationMs - offsetMs), query.durationMs)
  return {
    queryStartMs,
    queryEndMs,
    refStartMs: within(queryStartMs + offsetMs, ref.durationMs),
    refEndMs: within(queryEndMs + offsetMs, ref.durationMs),
  }
}
