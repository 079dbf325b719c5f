import { SAMPLING } from '@kinoprint/dna'
import { decodeRanges } from '@kinoprint/media'
import { createQueryBuilder } from './keyframe-scan-task.ts'
import { shareBytes, shareFingerprint } from './share-fingerprint.ts'
import { worthSkipping } from './sparse-references.ts'
import type { RangeFrames, RefinedQuery, RefineInput, TaskOptions, TimeRange } from './tasks.ts'

/** Frames are kept for a further refinement up to this number: 125 s, 18 MB. */
const MAX_KEPT_FRAMES = 500

/**
 * Fingerprints parts of a scanned file in full, with all of its audio. The keyframes of the scan are left out. Many are
 * the first frame of a scene, off the even time grid on which frames are compared. They would shift the matches around
 * them by up to a tenth of a second.
 */
export async function runRefineTask(
  { tools, path, ffmpegThreads, keyframes, ranges, known }: RefineInput,
  { signal }: Pick<TaskOptions, 'signal'>,
): Promise<RefinedQuery> {
  const { info, audio, durationSeconds } = keyframes
  const builder = createQueryBuilder(info, { sparse: false })
  const reused = known.filter(({ range }) => ranges.some((other) => isSame(range, other)))
  const missing = ranges.filter((range) => !reused.some((other) => isSame(range, other.range)))
  const decoded = missing.map((range) => ({ range, frames: [] as RangeFrames['frames'][number][] }))
  const waiting = reused.flatMap(({ frames }) => frames).sort((a, b) => a.timeMs - b.timeMs)
  let count = waiting.length
  const pushKnown = (untilMs: number): void => {
    for (; waiting[0] !== undefined && waiting[0].timeMs < untilMs; waiting.shift())
      builder.pushFrame(waiting[0].timeMs, waiting[0].gray)
  }
  if (missing.length > 0)
    await decodeRanges(tools, path, {
      info,
      sampling: SAMPLING,
      frames: worthSkipping(info) ? 'references' : 'all',
      ranges: missing,
      signal,
      threads: ffmpegThreads,
      onFrame: (timeMs, gray) => {
        pushKnown(timeMs)
        builder.pushFrame(timeMs, gray)
        const at = decoded.findLast(({ range }) => timeMs > range.fromMs - SAMPLING.intervalMs)
        if (++count <= MAX_KEPT_FRAMES) at?.frames.push({ timeMs, gray: shareBytes(gray) })
      },
    })
  pushKnown(Number.POSITIVE_INFINITY)
  const fingerprint = builder.finish({ durationSeconds, audioStartMs: audio?.startMs ?? 0 })
  return {
    fingerprint: shareFingerprint({ ...fingerprint, audio }),
    decoded: count <= MAX_KEPT_FRAMES ? [...reused, ...decoded] : [],
  }
}

function isSame(a: TimeRange, b: TimeRange): boolean {
  return a.fromMs === b.fromMs && a.toMs === b.toMs
}
