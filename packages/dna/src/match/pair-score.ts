import type { TrackRun } from './segment.ts'
import { commonMs, lengthMs } from './track-line.ts'

/** Evidence at which the confidence is one half, for pictures and for sound. */
const HALF_PICTURE = 3
const HALF_SOUND = 20

/** What each still picture but the strongest counts: a series has a card before, between and after. */
const FURTHER_STILL_SHARE = 0.3

/** A passage, and the evidence of either track that it rests on. */
export type Passage = { readonly run: TrackRun; readonly picture: number; readonly sound: number }

/** Confidence 0..1 of the evidence of pictures and of sound: two witnesses that err independently. */
export function scoreOf({ picture, sound }: { readonly picture: number; readonly sound: number }): number {
  const pictures = picture / (picture + HALF_PICTURE)
  const sounds = sound / (sound + HALF_SOUND)
  return 1 - (1 - pictures) * (1 - sounds)
}

/**
 * Confidence that a pair shares anything: the evidence of its passages, strongest first, each counting for the part
 * of the query that no stronger one has explained. Several explanations of one moment are rivals, not witnesses.
 */
export function pairScore(passages: readonly Passage[]): number {
  let picture = 0
  let sound = 0
  let stillSeen = false
  const taken: TrackRun[] = []
  for (const passage of [...passages].sort((a, b) => scoreOf(b) - scoreOf(a))) {
    const common = taken.reduce((sum, other) => sum + commonMs(passage.run, other), 0)
    const free = 1 - Math.min(1, common / lengthMs(passage.run))
    const isStill = passage.run.isStill === true && passage.sound === 0
    picture += passage.picture * free * (isStill && stillSeen ? FURTHER_STILL_SHARE : 1)
    stillSeen ||= isStill
    sound += passage.sound * free
    taken.push(passage.run)
  }
  return scoreOf({ picture, sound })
}
