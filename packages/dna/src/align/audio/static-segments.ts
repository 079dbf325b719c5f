import { ITEM_MS } from '../../audio/chromaprint.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import { agree } from '../segments/join-tracks.ts'
import { confirmsPicture } from '../segments/pair-score.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { clipSegment, type Lengths, lengthMs, refMsOn } from '../segments/segment-geometry.ts'
import { audioDifference } from './audio-difference.ts'

/** Audio differs if this share of its bits differs at every shift. Unrelated audio differs in 0.45. */
const OTHER_AUDIO = 0.4
/** Shifts, in items, at which audio is compared: half a second early or late is still the same audio. */
const SHIFTS = [-4, -3, -2, -1, 0, 1, 2, 3, 4]
/** Number of lively items (3 s of them) required for a verdict. */
const MIN_LIVELY = 24
/** Weight of a static picture over different audio. */
const CONTRADICTED_SHARE = 0.3
/** Largest difference between frame and audio boundaries that the length of an audio item explains. */
const BLUR_MS = 2500

type Timelines = {
  readonly query: AudioTimeline | null
  readonly ref: AudioTimeline | null
  readonly lengths: Lengths
}

/**
 * Checks static pictures against the audio, because a title card or album cover can be shown over any audio. If both
 * sides have audible audio that differs, the segment counts less. Next to agreeing audio, it extends no further than
 * that audio.
 */
export function weighStaticSegments(
  frames: readonly TrackSegment[],
  audio: readonly TrackSegment[],
  { query, ref, lengths }: Timelines,
): TrackSegment[] {
  if (!query || !ref) return [...frames]
  const differs = (segment: TrackSegment) => hasOtherAudio(query, ref, segment)
  return frames.map((segment) => {
    if (!segment.isStatic || segment.rate < 0) return segment
    const agreeing = audio.filter((sound) => confirmsPicture(sound.evidence) && agree(segment, sound))
    if (agreeing.length > 0) return withinAudio(segment, agreeing, { differs, lengths })
    return differs(segment) ? { ...segment, evidence: segment.evidence * CONTRADICTED_SHARE } : segment
  })
}

/** The segment without parts that extend beyond agreeing audio into different audio. */
function withinAudio(
  segment: TrackSegment,
  agreeing: readonly TrackSegment[],
  { differs, lengths }: { differs: (segment: TrackSegment) => boolean; lengths: Lengths },
): TrackSegment {
  const firstMs = Math.min(...agreeing.map(({ queryStartMs }) => queryStartMs))
  const lastMs = Math.max(...agreeing.map(({ queryEndMs }) => queryEndMs))
  const overreaches = (fromMs: number, toMs: number) =>
    toMs - fromMs > BLUR_MS && differs(clipSegment(segment, { fromMs, toMs, lengths }))
  const fromMs = overreaches(segment.queryStartMs, firstMs) ? firstMs : segment.queryStartMs
  const toMs = overreaches(lastMs, segment.queryEndMs) ? lastMs : segment.queryEndMs
  const part = clipSegment(segment, { fromMs, toMs, lengths })
  return { ...part, evidence: (segment.evidence * lengthMs(part)) / Math.max(1, lengthMs(segment)) }
}

/** Whether both sides have audible audio along a segment and it differs. */
function hasOtherAudio(query: AudioTimeline, ref: AudioTimeline, segment: TrackSegment): boolean {
  const differences = SHIFTS.map((shift) =>
    audioDifference(query, ref, {
      fromMs: segment.queryStartMs,
      toMs: segment.queryEndMs,
      otherMsOf: (ms) => refMsOn(segment, ms) + shift * ITEM_MS,
      minLively: MIN_LIVELY,
    }),
  )
  return differences.every((difference) => difference !== null && difference > OTHER_AUDIO)
}
