import type { Fingerprint, VideoTrack } from '../fingerprint.ts'
import { HASH_WORDS, hashDistance } from '../match/hamming.ts'
import { laidDoubts, laidHashes, MIRRORED, ORIENTATIONS, type Orientation } from '../match/orientation.ts'
import { BLANK_QUALITY } from '../match/picture-lane.ts'
import { soundLaneOf } from '../match/sound-lane.ts'
import { FIRST_QUERY_VIEW, isRectangle, isSmallTurn, shownParts } from '../video/query-views.ts'
import { WINDOW_STEP, windowsAt } from './audio-windows-of.ts'
import type { Probe } from './probe.ts'

const MAX_PLAIN = 40
const MAX_MIRRORED = 16
/** Of each other way to lay the picture: they are rare. */
const MAX_TURNED = 6
/** Of each rectangle in the picture, of each part of it, and of each other view that only a query has. */
const MAX_RECTANGLE = 6
const MAX_PART = 8
const MAX_VIEW = 3
/** Of each rectangle that was turned too: it needs no more, being there in every frame. */
const MAX_TURNED_RECTANGLE = 2
const MAX_AUDIO = 128
/** Frames of the query nearer than this to the last probe say nothing new. */
const NEW_BITS = 24

/**
 * What is asked of the candidate index for a query: frames spread over its length, some of them mirrored and turned too,
 * some of the views that only a query has (a turn of three degrees is near enough to the plain frame to be found by it),
 * and bursts of neighbouring windows of sound, because the index holds every sixteenth window only.
 */
export function queryProbesOf(fingerprint: Fingerprint): { video: Probe[]; audio: Probe[] } {
  const frames = distinctFrames(fingerprint.video)
  const turned = ORIENTATIONS.flatMap((orientation) =>
    spread(frames, orientation === MIRRORED ? MAX_MIRRORED : MAX_TURNED).map(laidBy(orientation)),
  )
  const views = (fingerprint.views ?? [])
    .filter(({ cut }) => cut >= FIRST_QUERY_VIEW && !isSmallTurn(cut))
    .flatMap((view) => probesOfView(view.cut, distinctFrames(view)))
  const lane = soundLaneOf(fingerprint)
  const windows = lane ? windowsAt(lane, { step: 1 }) : []
  return { video: [...spread(frames, MAX_PLAIN), ...turned, ...views], audio: bursts(windows) }
}

/** Some frames of a view, laid in each way in which the index may hold what it shows. */
function probesOfView(view: number, frames: readonly Probe[]): Probe[] {
  const parts = shownParts(view)
  const ways: readonly (Orientation | null)[] =
    parts.length > 0
      ? parts.map(({ orientation }) => orientation).filter((way) => way === null || way === MIRRORED)
      : isRectangle(view)
        ? [null, ...ORIENTATIONS]
        : [null]
  return ways.flatMap((way) => {
    const some = spread(frames, mostProbes(view, way))
    return way ? some.map(laidBy(way)) : some
  })
}

function mostProbes(view: number, way: Orientation | null): number {
  if (shownParts(view).length > 0) return MAX_PART
  if (isRectangle(view)) return way === null ? MAX_RECTANGLE : MAX_TURNED_RECTANGLE
  return MAX_VIEW
}

const laidBy =
  (orientation: Orientation) =>
  ({ timeMs, hash, doubts }: Probe): Probe => ({
    timeMs,
    hash: laidHashes(hash, orientation),
    ...(doubts && { doubts: laidDoubts(doubts, orientation) }),
  })

function distinctFrames(video: Omit<VideoTrack, 'picture' | 'intervalMs'>): Probe[] {
  const frames: Probe[] = []
  let last = -1
  for (let run = 0; run < video.startMs.length; run++) {
    if ((video.quality[run] ?? 0) < BLANK_QUALITY || video.hashes.length < (run + 1) * HASH_WORDS) continue
    if (last >= 0 && hashDistance(video.hashes, run, { b: video.hashes, j: last }) < NEW_BITS) continue
    const timeMs = video.startMs[run] as number
    const hash = video.hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS)
    const doubts = video.doubts?.[run]
    frames.push({ timeMs, hash, ...(doubts && { doubts }) })
    last = run
  }
  return frames
}

/** At most `limit` items, evenly spread over the list. */
function spread<T>(items: readonly T[], limit: number): T[] {
  if (items.length <= limit) return [...items]
  return Array.from({ length: limit }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / limit)] as T)
}

/** All windows of a short query; of a longer one, bursts of sixteen neighbours, evenly spread. */
function bursts(windows: readonly Probe[]): Probe[] {
  if (windows.length <= MAX_AUDIO) return [...windows]
  const count = MAX_AUDIO / WINDOW_STEP
  const starts = Array.from({ length: count }, (_, i) =>
    Math.floor((i * (windows.length - WINDOW_STEP)) / (count - 1)),
  )
  return starts.flatMap((start) => windows.slice(start, start + WINDOW_STEP)).slice(0, MAX_AUDIO)
}
