import type { CandidateHit } from '@kinoprint/dna'
import type { Window } from '../threads/tasks.ts'
import type { Found, Suspect } from './search-library.ts'

export type Glimpsed = {
  /** What a search with the keyframes alone has found. */
  readonly found: readonly Found[]
  readonly hits: readonly CandidateHit[]
  /** Times of the keyframes, rising. */
  readonly timesMs: readonly number[]
  readonly durationMs: number
}

/** A boundary this near to an end of the query is that end. */
const AT_END_MS = 500
/**
 * So much of a passage at each end of it is looked at in full: keyframes tell times only roughly, and what is cut as
 * black bars shows only in eight frames and more.
 */
const INSIDE_MS = 4000
/** And so much of its middle where no sound speaks for it: look-alikes part in how they move. */
const PROOF_MS = 5000
/** Where it lies in the passage; of pairs that are not sure there are three. */
const PROOFS = [0.5]
const MORE_PROOFS = [0.25, 0.5, 0.75]
/** Beyond the keyframe at which a passage may end: many are the first frame of the next scene. */
const BEYOND_MS = 1000
/** Pairs with less are as good as nothing found; pairs under the other have more to prove. */
const LEAST_SCORE = 0.05
const SURE_SCORE = 0.8
/** Unrelated frames differ in over 92 bits of 256; this near they may be a passage that has too few keyframes. */
const NEAR_BITS = 64
/** Windows nearer than this are one: starting ffmpeg again costs as much as the frames between. */
const JOINED_MS = 4000
/** With more windows, or more of the query in them than half, the whole is decoded at once. */
const MOST_WINDOWS = 12
const MOST_SHARE = 0.5

/**
 * Which parts of a query its keyframes leave in doubt: everything where they have found nothing; otherwise the
 * ends of what was found, passages without enough proof, and frames near to something that nothing explains.
 */
export const doubtsOf = (glimpsed: Glimpsed): readonly Window[] | 'everything' => {
  const { found, durationMs } = glimpsed
  const accepted = found.filter((one) => one.accepted)
  if (accepted.length === 0) return 'everything'
  const explained = accepted.flatMap(({ segments }) => segments.map(stretchOf))
  const weak = found
    .filter((one) => !one.accepted && one.score >= LEAST_SCORE)
    .flatMap(({ segments }) => segments.map(stretchOf))
    .filter((stretch) => !isExplained(explained, (stretch.fromMs + stretch.toMs) / 2))
  const seen = seenIn(accepted)
  const windows = [
    ...accepted.flatMap((one) => doubtsOfPair(one, { glimpsed, seen })),
    ...weak.map((stretch) => betweenKeyframes(stretch, glimpsed)),
    ...nearMisses(explained, glimpsed),
  ]
  return orEverything(windows, durationMs)
}

const orEverything = (windows: readonly Window[], durationMs: number): Window[] | 'everything' => {
  const joined = join(windows, durationMs)
  const lengthMs = joined.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  return joined.length > MOST_WINDOWS || lengthMs > MOST_SHARE * durationMs ? 'everything' : joined
}

/** Share of the query that a closer look may explain less than the keyframes did and still confirm them. */
const LOST_SHARE = 0.05

/** Whether a closer look has found all that the keyframes had. If not, only the whole can tell. */
export const confirms = (closer: readonly Found[], found: readonly Found[]): boolean =>
  found
    .filter((one) => one.accepted)
    .every((one) =>
      closer.some(
        ({ videoId, accepted, score, queryCoverage }) =>
          accepted &&
          videoId === one.videoId &&
          score >= SURE_SCORE &&
          queryCoverage >= one.queryCoverage - LOST_SHARE,
      ),
    )

/**
 * The windows of a closer look, those longer at whose edge a passage still goes on: by two keyframes each time. Null
 * where no passage does.
 */
export const widened = (
  closer: readonly Found[],
  { windows, glimpsed }: { readonly windows: readonly Window[]; readonly glimpsed: Glimpsed },
): readonly Window[] | 'everything' | null => {
  const { durationMs } = glimpsed
  const passages = seenIn(closer.filter((one) => one.accepted))
  const meets = (edge: keyof Window, at: number): boolean =>
    at > 0 && at < durationMs && passages.some((passage) => Math.abs(passage[edge] - at) <= AT_END_MS)
  const wider = windows.map(({ fromMs, toMs }) => ({
    fromMs: meets('fromMs', fromMs) ? keyframeBefore(keyframeBefore(fromMs, glimpsed), glimpsed) : fromMs,
    toMs: meets('toMs', toMs) ? beyond(keyframeAfter(toMs, glimpsed), glimpsed) : toMs,
  }))
  const isWider = wider.some((one, i) => one.fromMs !== windows[i]?.fromMs || one.toMs !== windows[i]?.toMs)
  return isWider ? orEverything(wider, durationMs) : null
}

/** Videos that a closer look is compared with: all that the first look has found, and those near to what it has not. */
export const suspectsOf = ({ found, hits }: Glimpsed): Suspect[] => {
  const near = hits.filter(({ kind, distance }) => kind === 'video' && distance <= NEAR_BITS)
  const videoIds = new Set([...found, ...near].map(({ videoId }) => videoId))
  return [...videoIds].map((videoId) => ({ videoId }))
}

const stretchOf = ({ queryStart, queryEnd }: Found['segments'][number]): Window => ({
  fromMs: 1000 * queryStart,
  toMs: 1000 * queryEnd,
})

/** Parts of the query whose pictures were recognised: where the sound alone goes on, more pictures tell nothing. */
const seenIn = (found: readonly Found[]): Window[] =>
  found
    .flatMap(({ segments }) => segments)
    .filter(({ kind }) => kind !== 'audio')
    .map(stretchOf)

type Recognised = {
  readonly glimpsed: Glimpsed
  /** In whatever video. */
  readonly seen: readonly Window[]
}

const doubtsOfPair = ({ score, segments }: Found, { glimpsed, seen }: Recognised): Window[] =>
  segments.flatMap((segment) => {
    const { fromMs, toMs } = stretchOf(segment)
    // Where only the sound was recognised the pictures may still be the same, for keyframes miss short scenes; but not
    // where the keyframes know them from another video.
    if (segment.kind === 'audio')
      return covers(seen, { fromMs, toMs }) ? [] : [betweenKeyframes({ fromMs, toMs }, glimpsed)]
    const atStart = fromMs <= AT_END_MS
    const atEnd = toMs >= glimpsed.durationMs - AT_END_MS
    const windows: Window[] = [
      { fromMs: atStart ? 0 : keyframeBefore(fromMs, glimpsed), toMs: fromMs + INSIDE_MS },
      { fromMs: toMs - INSIDE_MS, toMs: atEnd ? glimpsed.durationMs : beyond(toMs, glimpsed) },
    ]
    const proofs = score < SURE_SCORE ? MORE_PROOFS : segment.kind === 'video' ? PROOFS : []
    for (const share of proofs) {
      const proofMs = keyframeBefore(fromMs + share * (toMs - fromMs), glimpsed)
      windows.push({ fromMs: proofMs, toMs: Math.min(proofMs + PROOF_MS, toMs) })
    }
    return windows
  })

/** Around frames that nothing explains although something stored is near. */
const nearMisses = (explained: readonly Window[], glimpsed: Glimpsed): Window[] =>
  glimpsed.hits
    .filter(({ kind, distance }) => kind === 'video' && distance <= NEAR_BITS)
    .filter(({ queryMs }) => !isExplained(explained, queryMs))
    .map(({ queryMs }) => betweenKeyframes({ fromMs: queryMs, toMs: queryMs }, glimpsed))

/** Keyframes tell where a passage ends only to some seconds, so a tenth of it may lack. */
const COVERED_SHARE = 0.9

/** Whether parts of the query make up nearly all of a stretch. */
const covers = (parts: readonly Window[], { fromMs, toMs }: Window): boolean => {
  const overlaps = join(parts, Number.POSITIVE_INFINITY, 0).map(
    (part) => Math.min(part.toMs, toMs) - Math.max(part.fromMs, fromMs),
  )
  const coveredMs = overlaps.reduce((sum, ms) => sum + Math.max(0, ms), 0)
  return coveredMs >= COVERED_SHARE * (toMs - fromMs)
}

const isExplained = (explained: readonly Window[], timeMs: number): boolean =>
  explained.some(({ fromMs, toMs }) => timeMs >= fromMs - AT_END_MS && timeMs <= toMs + AT_END_MS)

const betweenKeyframes = ({ fromMs, toMs }: Window, glimpsed: Glimpsed): Window => ({
  fromMs: keyframeBefore(fromMs, glimpsed),
  toMs: keyframeAfter(toMs, glimpsed),
})

/** A boundary lies half a sample before the first keyframe of its passage. */
const SLACK_MS = 250

const keyframeBefore = (timeMs: number, { timesMs }: Glimpsed): number =>
  timesMs.findLast((time) => time < timeMs - SLACK_MS) ?? 0

const keyframeAfter = (timeMs: number, { timesMs, durationMs }: Glimpsed): number =>
  timesMs.find((time) => time > timeMs + SLACK_MS) ?? durationMs

const beyond = (timeMs: number, glimpsed: Glimpsed): number =>
  Math.min(glimpsed.durationMs, keyframeAfter(timeMs, glimpsed) + BEYOND_MS)

/** Overlapping windows, and those no further than `gapMs` apart, as one, cut to the query. */
const join = (windows: readonly Window[], durationMs: number, gapMs = JOINED_MS): Window[] => {
  const joined: { fromMs: number; toMs: number }[] = []
  for (const { fromMs, toMs } of [...windows].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1)
    const end = Math.min(toMs, durationMs)
    if (last !== undefined && fromMs <= last.toMs + gapMs) last.toMs = Math.max(last.toMs, end)
    else joined.push({ fromMs: Math.max(0, fromMs), toMs: end })
  }
  return joined.filter((one) => one.toMs > one.fromMs)
}
