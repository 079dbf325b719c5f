import type { Fingerprint, PictureView, VideoTrack } from '../fingerprint.ts'
import { HASH_WORDS } from '../match/hamming.ts'
import { MAX_VIEWS } from './layout.ts'

const MAX_QUALITY = 100
const MAX_NUMBER = 0xffffffff

function isWhole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value <= MAX_NUMBER
}

function findRunsFlaw(track: Omit<PictureView, 'cut'>): string | null {
  const { intervalMs, startMs, lastMs, hashes, quality } = track
  if (!isWhole(intervalMs, 1)) return `the interval is ${intervalMs} ms`
  const runs = startMs.length
  if (lastMs.length !== runs || quality.length !== runs || hashes.length !== runs * HASH_WORDS) {
    return 'the tables of the runs differ in length'
  }
  let before = -1
  for (let run = 0; run < runs; run++) {
    const start = startMs[run] as number
    const last = lastMs[run] as number
    if (start <= before || last < start) return `run ${run} is not after the one before it`
    before = last
    if ((quality[run] as number) > MAX_QUALITY) return `run ${run} has the quality ${quality[run]}`
  }
  return null
}

function findVideoFlaw(video: VideoTrack): string | null {
  const [left, top, right, bottom] = video.picture
  const inside = left >= 0 && top >= 0 && right <= 1 && bottom <= 1 && left < right && top < bottom
  return inside ? findRunsFlaw(video) : 'the picture is not inside the frame'
}

function findViewFlaw(view: PictureView): string | null {
  return isWhole(view.cut, 0) ? findRunsFlaw(view) : `a view is of cut ${view.cut}`
}

/** What keeps a value from being a fingerprint, in words; null when nothing does. */
export function findFlaw({ durationSeconds, video, views = [], audio }: Fingerprint): string | null {
  if (!(durationSeconds >= 0 && durationSeconds < Number.POSITIVE_INFINITY)) {
    return `the duration is ${durationSeconds} s`
  }
  if (audio && !Number.isFinite(audio.startMs)) return `the sound starts at ${audio.startMs} ms`
  if (views.length > MAX_VIEWS) return `there are ${views.length} views`
  const viewFlaw = views.map(findViewFlaw).find((flaw) => flaw !== null)
  return findVideoFlaw(video) ?? viewFlaw ?? null
}
