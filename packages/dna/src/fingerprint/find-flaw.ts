import { HASH_WORDS } from '../hash/hamming.ts'
import type { FrameRuns } from '../picture/run-merger.ts'
import { findLocalFlaw } from './encode-local.ts'
import { findPeaksFlaw } from './encode-peaks.ts'
import type { Fingerprint, PictureView, VideoTrack } from './fingerprint.ts'
import { MAX_VIEWS } from './format.ts'

const MAX_QUALITY = 100
const MAX_NUMBER = 0xffffffff

function isWhole(value: number, minimum: number): boolean {
  return Number.isInteger(value) && value >= minimum && value <= MAX_NUMBER
}

function findRunsFlaw(track: FrameRuns & { readonly intervalMs: number }): string | null {
  const { intervalMs, startMs, lastMs, hashes, quality } = track
  if (!isWhole(intervalMs, 1)) return `The sampling interval of ${intervalMs} ms is invalid.`
  const runs = startMs.length
  if (lastMs.length !== runs || quality.length !== runs || hashes.length !== runs * HASH_WORDS) {
    return 'The arrays of the runs differ in length.'
  }
  let before = -1
  for (let run = 0; run < runs; run++) {
    const start = startMs[run] as number
    const last = lastMs[run] as number
    if (start <= before || last < start) return `The times of run ${run} are not in order.`
    before = last
    if ((quality[run] as number) > MAX_QUALITY) return `The quality of run ${run} is above ${MAX_QUALITY}.`
  }
  return null
}

function findVideoFlaw(video: VideoTrack): string | null {
  const [left, top, right, bottom] = video.picture
  const inside = left >= 0 && top >= 0 && right <= 1 && bottom <= 1 && left < right && top < bottom
  return inside ? findRunsFlaw(video) : 'The active picture is not inside the frame.'
}

function findViewFlaw(view: PictureView): string | null {
  return isWhole(view.viewId, 0) ? findRunsFlaw(view) : `The view number ${view.viewId} is out of range.`
}

/** Returns a sentence that explains why a value is not a valid fingerprint; null if it is valid. */
export function findFlaw({ durationSeconds, video, views = [], local, audio }: Fingerprint): string | null {
  if (!(durationSeconds >= 0 && durationSeconds < Number.POSITIVE_INFINITY)) {
    return `The duration is ${durationSeconds} s.`
  }
  if (audio && !Number.isFinite(audio.startMs)) return `The audio starts at ${audio.startMs} ms.`
  if (views.length > MAX_VIEWS) return `There are ${views.length} views, more than ${MAX_VIEWS}.`
  const viewFlaw = views.map(findViewFlaw).find((flaw) => flaw !== null)
  const peaksFlaw = audio?.peaks ? findPeaksFlaw(audio.peaks) : null
  return findVideoFlaw(video) ?? viewFlaw ?? (local ? findLocalFlaw(local) : null) ?? peaksFlaw
}
