import { type Passage, scoreOf } from './pair-score.ts'
import type { TrackRun } from './segment.ts'
import { commonMs, gapMs, type Lengths, lengthMs, onOneLine, stretched, united } from './track-line.ts'
import { uniteRuns } from './unite-runs.ts'

/** Picture and sound belong together where their lines lie no further apart than this. */
const SAME_PLACE_MS = 600
/** Sound boundaries are this blurred; up to here the picture's are taken. */
const SOUND_BLUR_MS = 2500
/** Pieces of one line in one track are one passage across a gap of this. */
const TOUCH_MS = 1000

/** A passage is refuted when this share of it lies in one of both tracks, and it reaches less than this of its score. */
const REFUTED_SHARE = 0.5
const REFUTED_SCORE = 0.7

/**
 * Passages of both tracks: what picture and sound say of one place becomes one passage, and no two that overlap in
 * both videos lie on one line.
 */
export function joinTracks(
  pictures: readonly TrackRun[],
  sounds: readonly TrackRun[],
  lengths: Lengths,
): Passage[] {
  const touching = { withinMs: TOUCH_MS, lengths }
  const groups = groupsOf(uniteRuns(pictures, touching), uniteRuns(sounds, touching))
  const passages = onePerLine(
    groups.flatMap((group) => passagesOf(group, lengths)),
    lengths,
  )
  return passages
    .filter(({ run }) => run.queryEndMs > run.queryStartMs && run.refEndMs > run.refStartMs)
    .filter((passage, _, all) => !all.some((other) => refutes(other, passage)))
    .sort(({ run: a }, { run: b }) => a.queryStartMs - b.queryStartMs || a.refStartMs - b.refStartMs)
}

/** Runs that hang together: each sound with the pictures that it agrees with. */
type Group = { readonly pictures: TrackRun[]; readonly sounds: TrackRun[] }

function groupsOf(pictures: readonly TrackRun[], sounds: readonly TrackRun[]): Group[] {
  let groups: Group[] = pictures.map((picture) => ({ pictures: [picture], sounds: [] }))
  for (const sound of sounds) {
    const mine = groups.filter((group) => group.pictures.some((picture) => agree(picture, sound)))
    groups = groups.filter((group) => !mine.includes(group))
    groups.push({
      pictures: mine.flatMap((group) => group.pictures),
      sounds: [...mine.flatMap((group) => group.sounds), sound],
    })
  }
  return groups
}

/** Whether two runs overlap in the query and say the same of where that lies. */
export function agree(picture: TrackRun, sound: TrackRun): boolean {
  const shown = { ...picture, mirrored: false, turn: 0 as const }
  return commonMs(picture, sound) > 0 && onOneLine(shown, sound, SAME_PLACE_MS)
}

/** One passage for each line that the pictures of a group lie on; the sound is shared out among them. */
function passagesOf({ pictures, sounds }: Group, lengths: Lengths): Passage[] {
  const lines = uniteRuns(pictures, { withinMs: Number.POSITIVE_INFINITY, lengths }).sort(
    (a, b) => a.queryStartMs - b.queryStartMs,
  )
  if (lines.length === 0) return sounds.map((run) => ({ run, picture: 0, sound: run.evidence }))
  return lines.map((line, i) => {
    const fromMs = i === 0 ? Number.NEGATIVE_INFINITY : borderMs(lines[i - 1] as TrackRun, line)
    const toMs = i + 1 === lines.length ? Number.POSITIVE_INFINITY : borderMs(line, lines[i + 1] as TrackRun)
    const heard = sounds
      .map((sound) => pieceOf(sound, { fromMs, toMs, lengths }))
      .filter((sound) => commonMs(sound, line) > 0)
    return {
      run: heard.reduce((run, sound) => withSound(run, sound, lengths), line),
      picture: line.evidence,
      sound: heard.reduce((sum, sound) => sum + sound.evidence, 0),
    }
  })
}

/** Where the sound passes from one line to the next. */
function borderMs(earlier: TrackRun, later: TrackRun): number {
  return (earlier.queryEndMs + later.queryStartMs) / 2
}

/** A part of a run, with its share of the evidence. */
function pieceOf(run: TrackRun, stretch: { fromMs: number; toMs: number; lengths: Lengths }): TrackRun {
  const { fromMs, toMs, lengths } = stretch
  const piece = stretched(run, {
    fromMs: Math.max(fromMs, run.queryStartMs),
    toMs: Math.min(toMs, run.queryEndMs),
    lengths,
  })
  const share = Math.max(0, lengthMs(piece)) / Math.max(1, lengthMs(run))
  return { ...piece, evidence: run.evidence * share }
}

/** The passage on the picture's line, as far as picture and sound reach. */
function withSound(run: TrackRun, sound: TrackRun, lengths: Lengths): TrackRun {
  const earlier = run.queryStartMs - sound.queryStartMs > SOUND_BLUR_MS
  const later = sound.queryEndMs - run.queryEndMs > SOUND_BLUR_MS
  return stretched(run, {
    fromMs: earlier ? sound.queryStartMs : run.queryStartMs,
    toMs: later ? sound.queryEndMs : run.queryEndMs,
    lengths,
  })
}

/** Passages that overlap in both videos along one line are one, on the line of the pictures or of the stronger. */
function onePerLine(passages: readonly Passage[], lengths: Lengths): Passage[] {
  const whole: Passage[] = []
  const ranked = [...passages].sort((a, b) => rank(b) - rank(a))
  for (const passage of ranked) {
    let grown = passage
    for (;;) {
      const at = whole.findIndex((other) => repeats(other, grown))
      if (at < 0) break
      const [other] = whole.splice(at, 1) as [Passage]
      grown = rank(other) >= rank(grown) ? both(other, grown, lengths) : both(grown, other, lengths)
    }
    whole.push(grown)
  }
  return whole
}

function rank(passage: Passage): number {
  return scoreOf(passage) + (passage.picture > 0 ? 1 : 0)
}

function repeats({ run: a, picture }: Passage, { run: b, picture: other }: Passage): boolean {
  const shown = (run: TrackRun) =>
    picture > 0 && other > 0 ? run : { ...run, mirrored: false, turn: 0 as const }
  return gapMs(a, b) < 0 && onOneLine(shown(a), shown(b), SAME_PLACE_MS)
}

function both(strong: Passage, weak: Passage, lengths: Lengths): Passage {
  const share = 1 - commonMs(strong.run, weak.run) / Math.max(1, lengthMs(weak.run))
  const add = (mine: number, theirs: number) => (mine > 0 ? mine + theirs * share : theirs)
  return {
    run: united(strong.run, weak.run, lengths),
    picture: add(strong.picture, weak.picture),
    sound: add(strong.sound, weak.sound),
  }
}

/** Where picture and sound agree on a moment, what one of them alone says of it must be nearly as sure to stay. */
function refutes(strong: Passage, weak: Passage): boolean {
  const isBoth = ({ picture, sound }: Passage) => picture > 0 && sound > 0
  if (!isBoth(strong) || isBoth(weak)) return false
  const isInside = commonMs(strong.run, weak.run) > REFUTED_SHARE * lengthMs(weak.run)
  return isInside && scoreOf(weak) < REFUTED_SCORE * scoreOf(strong)
}
