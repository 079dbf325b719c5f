import { FRAME_SIDE, type Rect } from '../picture/rect.ts'
import { DESCRIPTOR_WORDS, describe } from './descriptor.ts'
import { UNCERTAIN_BITS, uncertainKeyBits } from './descriptor-key.ts'
import { findKeypoints } from './keypoints.ts'
import { pyramidOf } from './pyramid.ts'
import { squarePicture } from './square-picture.ts'

/** Time between the frames whose keypoints are stored. */
export const LOCAL_INTERVAL_MS = 2000
/** While the picture stands still, keypoints are stored this often. */
const STILL_INTERVAL_MS = 10_000
/** Keypoints of a stored frame: 19 bytes each. */
export const STORED_KEYPOINTS = 24
/** Keypoints of a frame of a query. */
const QUERY_KEYPOINTS = 96

/**
 * Keypoints of some frames, with binary descriptors of the pictures around them, as parallel arrays. The keypoints of a
 * frame follow one another, the most prominent first.
 */
export type LocalTrack = {
  /** Width over height of the frame as displayed. */
  readonly aspect: number
  readonly timeMs: Uint32Array
  /** Number of keypoints of each frame. */
  readonly counts: Uint8Array
  /** Position of each keypoint in 256ths of the frame's width and height. */
  readonly columns: Uint8Array
  readonly rows: Uint8Array
  /** Scale of each keypoint, in half octaves from the finest (pyramid.ts). */
  readonly levels: Uint8Array
  /** 128 bits of each keypoint (descriptor.ts). */
  readonly descriptors: Uint32Array
  /** Eight bits of each keypoint's key that a copy may have otherwise (descriptor-key.ts). Only a query has them. */
  readonly uncertain?: Uint8Array
}

/** The keypoints of one frame; the fields are those of LocalTrack. */
export type LocalFrame = Omit<LocalTrack, 'aspect' | 'timeMs' | 'counts'> & { readonly timeMs: number }

/** Uncertain bits of a keypoint: those of its key, and those of its key in the mirrored picture. */
const UNCERTAIN = 2 * UNCERTAIN_BITS

type FrameOptions = {
  readonly timeMs: number
  /** The active picture, in pixels of the frame. */
  readonly picture: Rect
  readonly aspect: number
  readonly isQuery: boolean
}

/** Finds and describes the keypoints within the active picture of a frame of 192x192 grey pixels. */
export function localFrameOf(
  pixels: Uint8Array,
  { timeMs, picture, aspect, isQuery }: FrameOptions,
): LocalFrame {
  const count = isQuery ? QUERY_KEYPOINTS : STORED_KEYPOINTS
  const pyramid = pyramidOf(squarePicture(pixels, aspect))
  const keypoints = findKeypoints(pyramid, { within: picture, count })
  const frame = {
    timeMs,
    columns: new Uint8Array(keypoints.length),
    rows: new Uint8Array(keypoints.length),
    levels: new Uint8Array(keypoints.length),
    descriptors: new Uint32Array(DESCRIPTOR_WORDS * keypoints.length),
    ...(isQuery && { uncertain: new Uint8Array(UNCERTAIN * keypoints.length) }),
  }
  for (const [i, { level, x, y, at }] of keypoints.entries()) {
    const plane = pyramid[level]
    if (!plane) continue
    frame.columns[i] = Math.floor((256 * (x + 0.5)) / plane.width)
    frame.rows[i] = Math.floor((256 * (y + 0.5)) / plane.height)
    frame.levels[i] = level
    const from = DESCRIPTOR_WORDS * i
    describe(plane, at, frame.descriptors.subarray(from, from + DESCRIPTOR_WORDS))
    frame.uncertain?.set(uncertainKeyBits(plane, at), UNCERTAIN * i)
  }
  return frame
}

/** Joins frames, in the order of their times. */
export function joinLocalFrames(frames: readonly LocalFrame[], aspect: number): LocalTrack {
  const counts = Uint8Array.from(frames, ({ levels }) => levels.length)
  const keypoints = counts.reduce((sum, count) => sum + count, 0)
  const track = {
    aspect,
    timeMs: Uint32Array.from(frames, ({ timeMs }) => timeMs),
    counts,
    columns: new Uint8Array(keypoints),
    rows: new Uint8Array(keypoints),
    levels: new Uint8Array(keypoints),
    descriptors: new Uint32Array(DESCRIPTOR_WORDS * keypoints),
    ...(frames.some(({ uncertain }) => uncertain) && { uncertain: new Uint8Array(UNCERTAIN * keypoints) }),
  }
  let at = 0
  for (const { columns, rows, levels, descriptors, uncertain } of frames) {
    track.columns.set(columns, at)
    track.rows.set(rows, at)
    track.levels.set(levels, at)
    track.descriptors.set(descriptors, DESCRIPTOR_WORDS * at)
    if (uncertain) track.uncertain?.set(uncertain, UNCERTAIN * at)
    at += levels.length
  }
  return track
}

/** The frames of a track, as views of its arrays, with at most `count` keypoints each. */
export function localFramesOf(track: LocalTrack, count: number = QUERY_KEYPOINTS): LocalFrame[] {
  let from = 0
  return Array.from(track.timeMs, (timeMs, i) => {
    const all = track.counts[i] ?? 0
    const to = from + Math.min(all, count)
    const frame = {
      timeMs,
      columns: track.columns.subarray(from, to),
      rows: track.rows.subarray(from, to),
      levels: track.levels.subarray(from, to),
      descriptors: track.descriptors.subarray(DESCRIPTOR_WORDS * from, DESCRIPTOR_WORDS * to),
      ...(track.uncertain && { uncertain: track.uncertain.subarray(UNCERTAIN * from, UNCERTAIN * to) }),
    }
    from += all
    return frame
  })
}

/** Times of the runs of a video: the pictures of a run look alike (run-merger.ts). */
type Runs = { readonly startMs: Uint32Array; readonly lastMs: Uint32Array }

/** What is stored of a track: fewer keypoints, of the first frame of each two seconds, and fewer frames while it is still. */
export function storedLocalPart(track: LocalTrack, runs: Runs): LocalTrack {
  const kept: LocalFrame[] = []
  let cell = -1
  let run = 0
  for (const { uncertain: _, ...frame } of localFramesOf(track, STORED_KEYPOINTS)) {
    const { timeMs } = frame
    const here = Math.trunc(timeMs / LOCAL_INTERVAL_MS)
    if (here === cell) continue
    cell = here
    while (run + 1 < runs.startMs.length && (runs.startMs[run + 1] as number) <= timeMs) run++
    const before = kept.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY
    const isStill = before >= (runs.startMs[run] ?? Number.POSITIVE_INFINITY)
    if (!isStill || timeMs - before >= STILL_INTERVAL_MS) kept.push(frame)
  }
  return joinLocalFrames(kept, track.aspect)
}

/** Pixels, of about 192 x 192 in the displayed shape, per 256th of the frame. */
export function pixelsPerUnit(aspect: number): { readonly x: number; readonly y: number } {
  const root = Math.sqrt(aspect)
  return { x: (FRAME_SIDE * root) / 256, y: FRAME_SIDE / root / 256 }
}
