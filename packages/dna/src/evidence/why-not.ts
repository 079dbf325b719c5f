import { ACCEPT_SCORE } from '../align/match-fingerprints.ts'
import { evidenceOfScore, scoreOf } from '../align/segments/pair-score.ts'
import type { Segment } from '../align/segments/segment.ts'

/** A pair this far from acceptance lacks more than seconds. */
const MAX_FACTOR = 64

/**
 * Further seconds like those of a segment that a pair would need to be accepted, rounded up to 0.1 s; null if it would
 * need many times its length.
 */
export function lackingSeconds({ queryStart, queryEnd, pictureScore, soundScore }: Segment): number | null {
  const frames = evidenceOfScore(pictureScore, 'frames')
  const audio = evidenceOfScore(soundScore, 'audio')
  const isEnough = (factor: number) =>
    scoreOf({ frames: factor * frames, audio: factor * audio }) >= ACCEPT_SCORE
  if (isEnough(1)) return 0
  if (!isEnough(MAX_FACTOR)) return null
  let [low, high] = [1, MAX_FACTOR]
  while (high - low > 0.001) {
    const middle = (low + high) / 2
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return Math.ceil((high - 1) * (queryEnd - queryStart) * 10) / 10
}
