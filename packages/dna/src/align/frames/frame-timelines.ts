import {
  type Fingerprint,
  isSparseVideo,
  type PictureView,
  type VideoTrack,
} from '../../fingerprint/fingerprint.ts'
import { CROPS, WINDOW_CROPS } from '../../picture/crops.ts'
import {
  isInset,
  isUncropped,
  isVariant,
  isWindow,
  type Subcrop,
  subcropsShownBy,
} from '../../picture/query-views.ts'
import { viewBox } from '../../picture/view-box.ts'
import type { Box } from '../segments/segment.ts'
import { type FrameTimeline, frameTimelineOf } from './frame-timeline.ts'

/** A frame timeline, and the part of the frame that it shows; null if all of it. */
export type ViewTimeline = FrameTimeline & { readonly box: Box | null }

/** The frame timelines of a video: the whole picture, and its views at a lower frame rate. */
export type FrameTimelines = {
  readonly whole: ViewTimeline
  /** Stored crops, by view number. */
  readonly crops: ReadonlyMap<number, ViewTimeline>
  /** Stored crops that are compared only with windows. */
  readonly windowCrops: readonly ViewTimeline[]
  /** Queries only: the picture slightly rotated, and further crops. */
  readonly variants: readonly ViewTimeline[]
  /** Queries only: pictures within the picture (insets). */
  readonly insets: readonly ViewTimeline[]
  /** Queries only: parts that show the same as a stored crop, if the query has the given orientation. */
  readonly subcrops: readonly (Subcrop & { readonly timeline: ViewTimeline })[]
  /** Queries only: the frame including its letterbox. */
  readonly uncropped: ViewTimeline | null
  /** Queries only: panels and windows of fixed position. Each may show a stored view. */
  readonly windows: readonly ViewTimeline[]
}

/** The frame timelines of a fingerprint: the whole picture and each view, by what the view is for. */
export function frameTimelinesOf({ video, views = [], durationSeconds }: Fingerprint): FrameTimelines {
  const sparse = isSparseVideo(video)
  const timelineOf = (view: PictureView): ViewTimeline => ({
    ...frameTimelineOf(view, durationSeconds, { sparse }),
    box: shownBox(view, video),
  })
  const uncropped = views.find(({ viewId }) => isUncropped(viewId))
  return {
    whole: { ...frameTimelineOf(video, durationSeconds, { sparse }), box: pictureBox(video) },
    crops: new Map(
      views.filter(({ viewId }) => CROPS.has(viewId)).map((view) => [view.viewId, timelineOf(view)]),
    ),
    windowCrops: views.filter(({ viewId }) => WINDOW_CROPS.has(viewId)).map(timelineOf),
    variants: views.filter(({ viewId }) => isVariant(viewId)).map(timelineOf),
    insets: views.filter(({ viewId }) => isInset(viewId)).map(timelineOf),
    subcrops: views.flatMap((view) => {
      const timeline = timelineOf(view)
      return subcropsShownBy(view.viewId).map((subcrop) => ({ ...subcrop, timeline }))
    }),
    windows: views.filter(({ viewId }) => isWindow(viewId)).map(timelineOf),
    uncropped: uncropped ? timelineOf(uncropped) : null,
  }
}

/** The part of the frame that the active picture takes; null for the whole frame. */
export function pictureBox(video: VideoTrack): Box | null {
  return partialBox(pictureOf(video))
}

/** The part of the frame that a view shows; null for the whole frame. */
export function shownBox(view: PictureView, video: VideoTrack): Box | null {
  return partialBox(view.box ?? viewBox(view.viewId, pictureOf(video)))
}

function pictureOf({ picture: [left, top, right, bottom] }: VideoTrack): Box {
  return { left, top, right, bottom }
}

/** Null for the whole frame. */
function partialBox(box: Box): Box | null {
  return box.left <= 0 && box.top <= 0 && box.right >= 1 && box.bottom >= 1 ? null : box
}
