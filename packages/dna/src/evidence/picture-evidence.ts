import { MOTION_LAG_MS } from '../align/frames/frame-evidence.ts'
import { addMotion, emptyMotion, type MotionSum, motionBits, motionCosine } from '../align/frames/motion.ts'
import { evidenceOfScore } from '../align/segments/pair-score.ts'
import type { Segment } from '../align/segments/segment.ts'
import { MATCH_THRESHOLD_BITS } from '../hash/hamming.ts'
import { NOT_COMPARED, type PictureEvidence } from './evidence.ts'
import { bitsAt, type PassageFrames, refMsAt } from './passage-frames.ts'
import { pictureAt } from './shown-frames.ts'
import { rounded, type Strip } from './strip.ts'

/** Evidence whose strip is not encoded yet. */
export type DraftPicture = Omit<PictureEvidence, 'bits' | 'stepSeconds' | 'start'> & { readonly strip: Strip }

/** Compares the frames of a passage step by step. Null if there is none to compare. */
export function pictureEvidence(frames: PassageFrames, segment: Segment): DraftPicture | null {
  const stepMs = Math.max(frames.query.stepMs, frames.ref.stepMs)
  const firstMs = Math.ceil((1000 * segment.queryStart) / stepMs) * stepMs
  const motion = emptyMotion()
  const values: number[] = []
  for (let ms = firstMs; ms < 1000 * segment.queryEnd; ms += stepMs) {
    const bits = bitsAt(frames, segment, ms)
    values.push(bits === null ? NOT_COMPARED : Math.min(bits, NOT_COMPARED - 1))
    addMotionAt(motion, { frames, segment, ms })
  }
  const compared = values.filter((bits) => bits < NOT_COMPARED).sort((a, b) => a - b)
  if (compared.length === 0) return null
  return {
    evidence: rounded(evidenceOfScore(segment.pictureScore, 'frames'), 10),
    score: segment.pictureScore,
    method: frames.method,
    rows: compared.length,
    alike: compared.filter((bits) => bits < MATCH_THRESHOLD_BITS).length,
    medianBits: compared[compared.length >> 1] ?? null,
    cosine: rounded(motionCosine(motion), 1000),
    movingBits: rounded(motionBits(motion), 10),
    strip: { startMs: firstMs, stepMs, values: Uint8Array.from(values) },
  }
}

/** Adds what changes from a time to a second later, if both videos show a picture at both times. */
function addMotionAt(
  motion: MotionSum,
  { frames: { query, ref }, segment, ms }: { frames: PassageFrames; segment: Segment; ms: number },
): void {
  const lagMs = Math.max(MOTION_LAG_MS, query.stepMs, ref.stepMs)
  const before = pictureAt(query, ms)
  const after = pictureAt(query, ms + lagMs)
  const refBefore = pictureAt(ref, refMsAt(segment, ms))
  const refAfter = pictureAt(ref, refMsAt(segment, ms + lagMs))
  if (before === null || after === null || refBefore === null || refAfter === null) return
  if (before.hashes !== after.hashes) return
  addMotion(
    motion,
    { hashes: before.hashes, before: before.run, after: after.run },
    { hashes: refBefore.hashes, before: refBefore.run, after: refAfter.run },
  )
}
