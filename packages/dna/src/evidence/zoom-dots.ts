import type { Segment } from '../align/segments/segment.ts'
import { audioTimelineOf } from '../fingerprint/audio-timeline.ts'
import { excerptOf } from '../fingerprint/excerpt.ts'
import { type Fingerprint, isSparseVideo, usableDurationMs } from '../fingerprint/fingerprint.ts'
import { addPictures, addSound } from './dot-grids.ts'
import { MAX_CELLS, ofEachTransform, transformKey, wholePictures } from './dot-sides.ts'
import type { Dots, Evidence } from './evidence.ts'
import { emptyLevels, encodeLevels } from './levels.ts'
import { type ComparedVideos, type PassageFrames, passageFrames } from './passage-frames.ts'

/** The longest range of a side whose dots are computed, in seconds. */
const MAX_ZOOM_SECONDS = 600
/** A cell is an item of sound long, or longer if there would be more cells than requested. */
const CELL_MS = 125
/** Nominal interval of frames that are dense enough for any grid. */
const DENSE_MS = 250
/** Columns that are filled in one step. */
const BAND_COLUMNS = 32

/** The seconds of both videos that a view of the dots shows, and its most columns and rows. */
export type DotsWindow = {
  readonly from: number
  readonly to: number
  readonly refFrom: number
  readonly refTo: number
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

export type ZoomInput = {
  readonly query: Fingerprint
  readonly ref: Fingerprint
  /** The passages of the match. */
  readonly segments: readonly Segment[]
  /** What was stored of the match: says what its search compared. */
  readonly evidence: Pick<Evidence, 'passages' | 'decoded' | 'dots'>
}

type Range = { readonly fromMs: number; readonly toMs: number }

/**
 * Computes the dots of part of both videos, finer than the stored ones, from their fingerprints. Each step takes a few
 * milliseconds, so that a caller can do other work in between; the result is deterministic.
 *
 * Returns null if the range is longer than MAX_ZOOM_SECONDS or outside a video, or if the fingerprints show less than
 * those that the search compared.
 */
export function* zoomDots(
  { query, ref, segments, evidence }: ZoomInput,
  window: DotsWindow,
): Generator<undefined, Dots | null> {
  const across = rangeWithin(window.from, window.to, query.durationSeconds)
  const down = rangeWithin(window.refFrom, window.refTo, ref.durationSeconds)
  // Frames between keyframes are not kept, but the search compared some.
  const lacksFrames = isSparseVideo(query.video) && evidence.decoded?.length !== 0
  if (across === null || down === null || lacksFrames) return null
  const excerpt = excerptWithin(query, across)
  const videos = { query: [excerpt], ref: excerptWithin(ref, down) }
  const shifted = segments.map((segment) => shiftedBy(segment, across.fromMs, down.fromMs))
  const sides = sidesOf(videos, shifted)
  if (!areAsDetailed(sides, evidence)) return null
  const span = { queryMs: across.toMs - across.fromMs, refMs: down.toMs - down.fromMs }
  const columns = cellsOf(span.queryMs, window.columns)
  const rows = cellsOf(span.refMs, window.rows)
  const [audio, refAudio] = [audioTimelineOf(excerpt), audioTimelineOf(videos.ref)]
  const picture = emptyLevels(columns, rows)
  const sound = query.audio && ref.audio ? emptyLevels(columns, rows) : null
  const frames = sides.map((side) => side.frames)
  for (let fromColumn = 0; fromColumn < columns; fromColumn += BAND_COLUMNS) {
    const band = { ...span, fromColumn, toColumn: Math.min(columns, fromColumn + BAND_COLUMNS) }
    addPictures(picture, frames, band)
    if (sound && audio && refAudio) addSound(sound, [audio, refAudio], band)
    yield
  }
  return {
    ...{ columns, rows },
    queryStart: across.fromMs / 1000,
    queryEnd: across.toMs / 1000,
    refStart: down.fromMs / 1000,
    refEnd: down.toMs / 1000,
    picture: encodeLevels(picture),
    sound: sound && encodeLevels(sound),
  }
}

/** The part of a range that is within a video; null if there is none, or if it is too long. */
function rangeWithin(from: number, to: number, durationSeconds: number): Range | null {
  const fromMs = Math.floor(1000 * Math.max(0, from))
  const toMs = Math.ceil(Math.min(1000 * to, usableDurationMs(durationSeconds)))
  return toMs > fromMs && toMs - fromMs <= 1000 * MAX_ZOOM_SECONDS ? { fromMs, toMs } : null
}

/** Without keypoints and peaks, which dots do not need. */
function excerptWithin({ local: _, audio, ...rest }: Fingerprint, range: Range): Fingerprint {
  return excerptOf({ ...rest, audio: audio && { startMs: audio.startMs, items: audio.items } }, range)
}

function shiftedBy(segment: Segment, queryMs: number, refMs: number): Segment {
  return {
    ...segment,
    queryStart: segment.queryStart - queryMs / 1000,
    queryEnd: segment.queryEnd - queryMs / 1000,
    refStart: segment.refStart - refMs / 1000,
    refEnd: segment.refEnd - refMs / 1000,
  }
}

type ZoomSide = { readonly frames: PassageFrames; readonly transform: string | null }

function sidesOf(videos: ComparedVideos, segments: readonly Segment[]): ZoomSide[] {
  const sides = ofEachTransform(segments).map((segment) => ({
    frames: passageFrames(videos, segment),
    transform: transformKey(segment),
  }))
  return sides.length > 0 ? sides : [{ frames: wholePictures(videos), transform: null }]
}

/** Whether the views that the search compared are there, and their frames no further apart than the stored columns. */
function areAsDetailed(sides: readonly ZoomSide[], { passages, dots }: ZoomInput['evidence']): boolean {
  const columnMs = (1000 * (dots.queryEnd - dots.queryStart)) / dots.columns
  const compared = new Set(
    passages.flatMap(({ picture, ...passage }) =>
      picture?.method === 'frames' ? transformKey(passage) : [],
    ),
  )
  return sides.every(({ frames, transform }) => {
    const isLost = frames.method === 'keypoints' && transform !== null && compared.has(transform)
    return !isLost && frames.query.stepMs <= Math.max(DENSE_MS, columnMs)
  })
}

/** As many cells as a range has, at most as many as were requested. */
function cellsOf(ms: number, most = MAX_CELLS): number {
  return Math.max(1, Math.min(most, MAX_CELLS, Math.ceil(ms / CELL_MS)))
}
