import { audioTimelineOf } from '../../fingerprint/audio-timeline.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import type { SeedAlignment } from '../../index/rank-candidates.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { alignAudio } from './align-audio.ts'
import { alignAudioVariants, evidenceOf } from './align-audio-variants.ts'
import { likelyVariants } from './likely-variants.ts'

/** Audio with this much evidence explains the query, so that no variant of it is tried. It scores 0.5. */
const EXPLAINED_EVIDENCE = 20

/**
 * Returns segments with matching audio, at its own pitch or, if that explains too little, at another one: the pitches
 * that led to the reference in the index, or without seeds the likeliest of all.
 */
export function audioSegments(
  query: Fingerprint,
  ref: Fingerprint,
  seeds: readonly SeedAlignment[] | undefined,
): TrackSegment[] {
  const [own, other] = [audioTimelineOf(query), audioTimelineOf(ref)]
  if (!own || !other) return []
  const plain = alignAudio(own, other)
  const spectra = query.audio?.spectra
  if (!spectra || evidenceOf(plain) >= EXPLAINED_EVIDENCE) return plain
  const likely = seeds ?? likelyVariants({ spectra, startMs: own.startMs }, other)
  const found = alignAudioVariants(
    { spectra, startMs: own.startMs, durationMs: own.durationMs },
    other,
    likely,
  )
  return evidenceOf(found) > evidenceOf(plain) ? found : plain
}
