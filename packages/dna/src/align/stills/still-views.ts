import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { HASH_WORDS } from '../../hash/hamming.ts'
import { MIRRORED, ORIENTATIONS, type Orientation, orientHashes } from '../../hash/orientation.ts'
import { STORED_CROPS } from '../../picture/crops.ts'
import { FIRST_QUERY_VIEW, isSmallRotation, subcropsShownBy } from '../../picture/query-views.ts'
import type { FrameRuns } from '../../picture/run-merger.ts'
import { pictureBox, shownBox } from '../frames/frame-timelines.ts'
import type { Box, Segment } from '../segments/segment.ts'

/** One assumption about how a still shows a frame of the reference. */
export type StillView = Pick<Segment, 'mirrored' | 'turn' | 'queryBox' | 'refBox'> & {
  /** The hash of the still, or of a part of it, as the reference would have it. */
  readonly hash: Uint32Array
  /** PDQ quality of what is hashed. */
  readonly quality: number
  /** Where the reference may have it: the whole frames, or a stored crop of them. */
  readonly frames: FrameRuns
  /** Time between those frames, in milliseconds. */
  readonly intervalMs: number
  /** Bits by which this assumption must be nearer, because there are many like it. */
  readonly handicap: number
}

/** Handicaps of a mirrored still, of a turned one, of a part of either side, and of a mirrored part. */
const MIRRORED_BITS = 6
const TURNED_BITS = 10
const PART_BITS = 12
const MIRRORED_PART_BITS = 16
/** PDQ quality from which a part of a still is compared. Plain parts resemble many frames. */
const MIN_PART_QUALITY = 50

/** Every way in which a still may show a frame of the reference, the likeliest first. */
export function stillViewsOf({ video, views = [] }: Fingerprint, ref: Fingerprint): StillView[] {
  const whole = { runs: video, box: pictureBox(video) }
  const refWhole = { frames: ref.video, intervalMs: ref.video.intervalMs, refBox: pictureBox(ref.video) }
  const refCrops = (ref.views ?? [])
    .filter(({ viewId }) => STORED_CROPS.has(viewId))
    .map((view) => ({
      viewId: view.viewId,
      frames: view,
      intervalMs: view.intervalMs,
      refBox: shownBox(view, ref.video),
    }))
  const parts = views
    .filter(({ viewId, quality }) => viewId >= FIRST_QUERY_VIEW && (quality[0] ?? 0) >= MIN_PART_QUALITY)
    .map((view) => ({ viewId: view.viewId, runs: view, box: shownBox(view, video) }))
  return [
    viewOf(whole, refWhole, null, 0),
    ...ORIENTATIONS.map((one) =>
      viewOf(whole, refWhole, one, one === MIRRORED ? MIRRORED_BITS : TURNED_BITS),
    ),
    ...refCrops.flatMap((crop) => [
      viewOf(whole, crop, null, PART_BITS),
      viewOf(whole, crop, MIRRORED, MIRRORED_PART_BITS),
    ]),
    ...parts
      .filter(({ viewId }) => subcropsShownBy(viewId).length === 0 && !isSmallRotation(viewId))
      .flatMap((part) => [
        viewOf(part, refWhole, null, PART_BITS),
        viewOf(part, refWhole, MIRRORED, MIRRORED_PART_BITS),
      ]),
    ...parts.flatMap((part) =>
      subcropsShownBy(part.viewId).flatMap(({ viewId, orientation }) => {
        const crop = refCrops.find((one) => one.viewId === viewId)
        return crop ? [viewOf(part, crop, orientation, MIRRORED_PART_BITS)] : []
      }),
    ),
  ]
}

type Shown = { readonly runs: FrameRuns; readonly box: Box | null }
type Stored = Pick<StillView, 'frames' | 'intervalMs' | 'refBox'>

function viewOf(
  { runs, box }: Shown,
  { frames, intervalMs, refBox }: Stored,
  orientation: Orientation | null,
  handicap: number,
): StillView {
  const hash = runs.hashes.subarray(0, HASH_WORDS)
  return {
    hash: orientation ? orientHashes(hash, orientation) : hash,
    quality: runs.quality[0] ?? 0,
    ...{ frames, intervalMs, handicap },
    ...{ mirrored: orientation?.mirrored ?? false, turn: orientation?.turn ?? 0 },
    ...{ queryBox: box, refBox },
  }
}
