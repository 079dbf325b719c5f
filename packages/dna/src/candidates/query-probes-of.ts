import type { Fingerprint, VideoTrack } from '../fingerprint.ts'
import { HASH_WORDS, hashDistance } from '../match/hamming.ts'
import { laidDoubts, laidHashes, MIRRORED, ORIENTATIONS } from '../match/orientation.ts'
import { BLANK_QUALITY } from '../match/picture-lane.ts'
import { soundLaneOf } from '../match/sound-lane.ts'
import { FIRST_QUERY_VIEW, isRectangle, isSmallTurn, partOf } from '../video/query-views.ts'
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
    spread(frames, orientation === MIRRORED ? MAX_MIRRORED : MAX_TURNED).map(({ timeMs, hash, doubts }) => ({
      timeMs,
      hash: laidHashes(hash, orientation),
      ...(doubts && { doubts: laidDoubts(doubts, orientation) }),
    })),
  )
  const views = (fingerprint.views ?? [])
    .filter(({ cut }) => cut >= FIRST_QUERY_VIEW && !isSmallTurn(cut))
    .flatMap((view) => spread(distinctFrames(view), mostProbes(view.cut)))
  const lane = soundLaneOf(fingerprint)
  const windows = lane ? windowsAt(lane, { step: 1 }) : []
  return { video: [...spread(frames, MAX_PLAIN), ...turned, ...views], audio: bursts(windows) }
}

function mostProbes(view: number): number {
  if (partOf(view) !== null) return MAX_PART
  return isRectangle(view) ? MAX_RECTANGLE : MAX_VIEW
}

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
