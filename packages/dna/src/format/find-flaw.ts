import type { Fingerprint, VideoTrack } from '../fingerprint.ts'
import { HASH_WORDS } from '../match/hamming.ts'

const MAX_QUALITY = 100

function findVideoFlaw({ intervalMs, startMs, lastMs, hashes, quality, picture }: VideoTrack): string | null {
  if (!Number.isInteger(intervalMs) || intervalMs < 1 || intervalMs > 0xffffffff) {
    return `the interval is ${intervalMs} ms`
  }
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
  const [left, top, right, bottom] = picture
  const inside = left >= 0 && top >= 0 && right <= 1 && bottom <= 1 && left < right && top < bottom
  return inside ? null : 'the picture is not inside the frame'
}

/** What keeps a value from being a fingerprint, in words; null when nothing does. */
export function findFlaw({ durationSeconds, video, audio }: Fingerprint): string | null {
  if (!(durationSeconds >= 0 && durationSeconds < Number.POSITIVE_INFINITY)) {
    return `the duration is ${durationSeconds} s`
  }
  if (audio && !Number.isFinite(audio.startMs)) return `the sound starts at ${audio.startMs} ms`
  return findVideoFlaw(video)
}
