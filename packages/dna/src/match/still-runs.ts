import { popcount } from './hamming.ts'
import { agree } from './join-tracks.ts'
import type { TrackRun } from './segment.ts'
import { ITEM_MS, type SoundLane } from './sound-lane.ts'
import { type Lengths, lengthMs, refMsOn, stretched } from './track-line.ts'

/** Sounds disagree where this share of their bits differs however they are shifted; unrelated ones differ in .45. */
const OTHER_SOUND = 0.4
/** Sound that is late or early by up to so many items (half a second) is still the same sound. */
const SHIFTS = [-4, -3, -2, -1, 0, 1, 2, 3, 4]
/** So many lively items, three seconds, are needed to tell. */
const LEAST_LIVELY = 24
/** What a still picture counts over sound that is another. */
const CONTRADICTED_SHARE = 0.3
/** Up to here beside the sound that agrees, a boundary is a matter of how sound is cut into items. */
const BLUR_MS = 2500

type Lanes = { readonly query: SoundLane | null; readonly ref: SoundLane | null; readonly lengths: Lengths }

/**
 * Pictures that hardly move, held against the sound: a card or a cover stands over any sound. Where both sides have
 * audible sound that differs, they count less, and beside sound that agrees they reach no further than it does.
 */
export function settleStillRuns(
  pictures: readonly TrackRun[],
  sounds: readonly TrackRun[],
  { query, ref, lengths }: Lanes,
): TrackRun[] {
  if (!query || !ref) return [...pictures]
  const isOther = (run: TrackRun) => hasOtherSound(query, ref, run)
  return pictures.map((run) => {
    if (!run.isStill || run.rate < 0) return run
    const heard = sounds.filter((sound) => agree(run, sound))
    if (heard.length === 0)
      return isOther(run) ? { ...run, evidence: run.evidence * CONTRADICTED_SHARE } : run
    return withinSound(run, heard, { isOther, lengths })
  })
}

/** The run without what reaches beyond the sound that agrees into sound that does not. */
function withinSound(
  run: TrackRun,
  heard: readonly TrackRun[],
  { isOther, lengths }: { isOther: (run: TrackRun) => boolean; lengths: Lengths },
): TrackRun {
  const firstMs = Math.min(...heard.map(({ queryStartMs }) => queryStartMs))
  const lastMs = Math.max(...heard.map(({ queryEndMs }) => queryEndMs))
  const reaches = (fromMs: number, toMs: number) =>
    toMs - fromMs > BLUR_MS && isOther(stretched(run, { fromMs, toMs, lengths }))
  const fromMs = reaches(run.queryStartMs, firstMs) ? firstMs : run.queryStartMs
  const toMs = reaches(lastMs, run.queryEndMs) ? lastMs : run.queryEndMs
  const part = stretched(run, { fromMs, toMs, lengths })
  return { ...part, evidence: (run.evidence * lengthMs(part)) / Math.max(1, lengthMs(run)) }
}

/** Whether both sides have audible sound along a run, and it is not the same. */
function hasOtherSound(query: SoundLane, ref: SoundLane, run: TrackRun): boolean {
  const differences = SHIFTS.map((shift) => differenceAlong(query, ref, { run, shift }))
  return differences.every((difference) => difference !== null && difference > OTHER_SOUND)
}

/** Share of the bits that differ along a run, lively items counting more; null where too few are lively on both sides. */
function differenceAlong(
  query: SoundLane,
  ref: SoundLane,
  { run, shift }: { run: TrackRun; shift: number },
): number | null {
  const itemAt = (lane: SoundLane, ms: number) => Math.round((ms - lane.startMs) / ITEM_MS)
  let bits = 0
  let weights = 0
  for (let item = Math.max(0, itemAt(query, run.queryStartMs)); item < query.items.length; item++) {
    const queryMs = query.startMs + item * ITEM_MS
    if (queryMs >= run.queryEndMs) break
    const other = itemAt(ref, refMsOn(run, queryMs)) + shift
    const there = ref.items[other]
    if (there === undefined) continue
    const lively = Math.min(query.lively[item] as number, ref.lively[other] as number)
    bits += lively * popcount(((query.items[item] as number) ^ there) >>> 0)
    weights += lively
  }
  return weights >= LEAST_LIVELY ? bits / weights / 32 : null
}
