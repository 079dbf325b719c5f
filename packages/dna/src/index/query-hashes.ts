import { audioTimelineOf } from '../fingerprint/audio-timeline.ts'
import { type Fingerprint, usableDurationMs } from '../fingerprint/fingerprint.ts'
import { HASH_WORDS, hashDistance } from '../hash/hamming.ts'
import {
  MIRRORED,
  ORIENTATIONS,
  type Orientation,
  orientBitErrorRates,
  orientHashes,
} from '../hash/orientation.ts'
import { BLANK_QUALITY } from '../hash/pdq.ts'
import {
  FIRST_QUERY_VIEW,
  isClearPanel,
  isHalf,
  isInset,
  isPanel,
  isSmallRotation,
  isWindow,
  subcropsShownBy,
} from '../picture/query-views.ts'
import type { FrameRuns } from '../picture/run-merger.ts'
import { WINDOW_STEP, windowsAt } from './audio-windows.ts'
import { spread } from './spread.ts'
import type { TimedHash } from './timed-hash.ts'

/**
 * Maximum number of query hashes for the upright picture: one every 1.5 s, so that a few seconds within minutes of other
 * footage have some. A query of up to a minute has as many as one of a minute.
 */
const UPRIGHT_SECONDS = 1.5
const UPRIGHT = { least: 40, most: 160 }
/** Maximum for the mirrored picture, and each other orientation (which are rare). */
const MAX_MIRRORED = 16
const MAX_TURNED = 6
/** Maximum for each inset, each subcrop and each other query view. */
const MAX_INSET = 6
const MAX_SUBCROP = 8
const MAX_VIEW = 3
/** Maximum for each inset in another orientation: few are enough, since an inset is in every frame. */
const MAX_TURNED_INSET = 2
/** Maximum for each of the clearest panels. */
const MAX_CLEAR_PANEL = 6
const MAX_AUDIO = 128
/** A frame that differs in fewer bits from the last selected one adds nothing. */
const NEW_BITS = 24

/** Hashes of a query that are looked up in the candidate index. */
export type QueryHashes = { readonly video: readonly TimedHash[]; readonly audio: readonly TimedHash[] }

/**
 * Returns the hashes with which a query first probes the candidate index: frames spread over its length, some of them
 * also mirrored, some of its query views, and bursts of consecutive audio windows, because the index contains only every
 * sixteenth window. Rotations by three degrees are omitted: the unrotated frame is close enough to find them.
 */
export function queryHashesOf(fingerprint: Fingerprint): QueryHashes {
  const frames = distinctFrames(fingerprint.video)
  const timeline = audioTimelineOf(fingerprint)
  const windows = timeline ? windowsAt(timeline, { step: 1 }) : []
  const usual = Math.ceil(usableDurationMs(fingerprint.durationSeconds) / (1000 * UPRIGHT_SECONDS))
  return {
    video: [
      ...spread(frames, Math.min(Math.max(UPRIGHT.least, usual), UPRIGHT.most)),
      ...oriented(frames, [MIRRORED], MAX_MIRRORED),
      ...hashesOfViews(fingerprint, true),
    ],
    audio: bursts(windows),
  }
}

/**
 * Returns the frames of rarer edits, which are looked up only if the first lookup led to no accepted match: the picture and
 * insets upside down or turned, and more parts of the picture.
 */
export function furtherFramesOf(fingerprint: Fingerprint): TimedHash[] {
  const turned = ORIENTATIONS.filter((orientation) => !isUpright(orientation))
  return [
    ...oriented(distinctFrames(fingerprint.video), turned, MAX_TURNED),
    ...hashesOfViews(fingerprint, false),
  ]
}

function isUpright(orientation: Orientation | null): boolean {
  return orientation === null || orientation === MIRRORED
}

/** Returns at most `limit` of the frames in each orientation. */
function oriented(
  frames: readonly TimedHash[],
  orientations: readonly Orientation[],
  limit: number,
): TimedHash[] {
  const some = spread(frames, limit)
  return orientations.flatMap((orientation) => some.map((frame) => orient(frame, orientation)))
}

/** Returns the hashes of the query views that belong to a lookup. */
function hashesOfViews({ views = [] }: Fingerprint, isFirst: boolean): TimedHash[] {
  return views
    .filter(({ viewId }) => viewId >= FIRST_QUERY_VIEW && !isSmallRotation(viewId))
    .flatMap((view) => {
      const probes = probesOf(view.viewId).filter((probe) => probe.isFirst === isFirst)
      const frames = probes.length > 0 ? distinctFrames(view) : []
      return probes.flatMap(({ orientation, limit }) => {
        const some = spread(frames, limit)
        return orientation ? some.map((frame) => orient(frame, orientation)) : some
      })
    })
}

/** How many frames of a view are looked up in an orientation, and in which lookup. */
type Probe = {
  readonly orientation: Orientation | null
  readonly limit: number
  readonly isFirst: boolean
}

/** The orientations in which the index may contain the picture of a view. */
function probesOf(viewId: number): readonly Probe[] {
  const subcrops = subcropsShownBy(viewId)
  if (subcrops.length > 0) {
    return subcrops
      .filter(({ orientation }) => isUpright(orientation))
      .map(({ orientation }) => ({ orientation, limit: MAX_SUBCROP, isFirst: true }))
  }
  const upright = { orientation: null, limit: MAX_VIEW, isFirst: true }
  if (isInset(viewId)) {
    const turned = ORIENTATIONS.map((orientation) => ({
      orientation,
      limit: MAX_TURNED_INSET,
      isFirst: isUpright(orientation),
    }))
    return [{ ...upright, limit: MAX_INSET }, ...turned]
  }
  if (!isWindow(viewId)) return [upright]
  if (isClearPanel(viewId)) return [{ ...upright, limit: MAX_CLEAR_PANEL }, ...mirroredWindow]
  return [{ ...upright, isFirst: isPanel(viewId) || isHalf(viewId) }, ...mirroredWindow]
}

const mirroredWindow = [{ orientation: MIRRORED, limit: MAX_VIEW, isFirst: false }]

function orient({ timeMs, hash, bitErrorRates }: TimedHash, orientation: Orientation): TimedHash {
  return {
    timeMs,
    hash: orientHashes(hash, orientation),
    ...(bitErrorRates && { bitErrorRates: orientBitErrorRates(bitErrorRates, orientation) }),
  }
}

function distinctFrames(track: FrameRuns): TimedHash[] {
  const frames: TimedHash[] = []
  let last = -1
  for (let run = 0; run < track.startMs.length; run++) {
    if ((track.quality[run] ?? 0) < BLANK_QUALITY || track.hashes.length < (run + 1) * HASH_WORDS) continue
    if (last >= 0 && hashDistance(track.hashes, run, { b: track.hashes, j: last }) < NEW_BITS) continue
    const timeMs = track.startMs[run] as number
    const hash = track.hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS)
    const bitErrorRates = track.bitErrorRates?.[run]
    frames.push({ timeMs, hash, ...(bitErrorRates && { bitErrorRates }) })
    last = run
  }
  return frames
}

/** Returns all windows of a short query; for a longer one, evenly spread bursts of sixteen consecutive windows. */
function bursts(windows: readonly TimedHash[]): TimedHash[] {
  if (windows.length <= MAX_AUDIO) return [...windows]
  const count = MAX_AUDIO / WINDOW_STEP
  const starts = Array.from({ length: count }, (_, i) =>
    Math.floor((i * (windows.length - WINDOW_STEP)) / (count - 1)),
  )
  return starts.flatMap((start) => windows.slice(start, start + WINDOW_STEP)).slice(0, MAX_AUDIO)
}
