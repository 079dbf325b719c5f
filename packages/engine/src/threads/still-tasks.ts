import { FingerprintBuilder, matchFingerprints, type PairMatch, SAMPLING, stillRanges } from '@kinoprint/dna'
import { canSeek, decodeRanges, type MediaInfo } from '@kinoprint/media'
import { probeFile } from './decode-file.ts'
import { decodeStored, nextTurn } from './match-task.ts'
import type { StillFramesInput, StillRangesInput, TaskOptions, TimeRange, VideoStillRange } from './tasks.ts'

/** Every frame of any video: none are less than a millisecond apart. */
const ALL_FRAMES = { ...SAMPLING, intervalMs: 1 }
/** A longer file without an index of its keyframes is not read: a range of it may be hours from the start. */
const THROUGH_SECONDS = 300

export async function runStillRangesTask(
  { still, references }: StillRangesInput,
  { signal }: Pick<TaskOptions, 'signal'>,
): Promise<VideoStillRange[]> {
  const found: VideoStillRange[] = []
  for (const { videoId, data } of references) {
    await nextTurn()
    signal.throwIfAborted()
    const video = decodeStored(data)
    if (video !== null) found.push(...stillRanges(still, video).map((range) => ({ videoId, ...range })))
  }
  return found
}

/**
 * Compares a still with every frame of some stretches of a file. Null if none of them can be decoded, or if the file
 * would have to be read from its start for too long. Throws the Fault ResourceNotSupported for a file that cannot be read.
 */
export async function runStillFramesTask(
  { still, ranges, durationSeconds, ...input }: StillFramesInput,
  options: TaskOptions,
): Promise<PairMatch | null> {
  const info = await probeFile(input, options)
  if (info.kind !== 'video' || !isWithinReach(info, ranges)) return null
  const { tools, path, ffmpegThreads } = input
  const builder = new FingerprintBuilder({ aspect: info.width / info.height })
  let frames = 0
  await decodeRanges(tools, path, {
    info,
    sampling: ALL_FRAMES,
    frames: 'all',
    ranges,
    signal: options.signal,
    threads: ffmpegThreads,
    onFrame: (timeMs, gray) => {
      frames++
      builder.pushFrame(timeMs, gray)
    },
  })
  if (frames === 0) return null
  const match = matchFingerprints(still, builder.finish({ durationSeconds, audioStartMs: 0 }))
  return { ...match, segments: match.segments.map((segment) => within(segment, ranges)) }
}

function isWithinReach(info: MediaInfo, ranges: readonly TimeRange[]): boolean {
  return canSeek(info) || ranges.every(({ toMs }) => toMs <= 1000 * THROUGH_SECONDS)
}

/** Ends a segment where its range ends: what follows was not decoded. */
function within(segment: PairMatch['segments'][number], ranges: readonly TimeRange[]): typeof segment {
  const middleMs = 500 * (segment.refStart + segment.refEnd)
  const nearest = [...ranges].sort((a, b) => distance(a, middleMs) - distance(b, middleMs))[0]
  if (nearest === undefined) return segment
  const refStart = Math.max(segment.refStart, nearest.fromMs / 1000)
  return { ...segment, refStart, refEnd: Math.max(refStart, Math.min(segment.refEnd, nearest.toMs / 1000)) }
}

function distance({ fromMs, toMs }: TimeRange, ms: number): number {
  return Math.max(fromMs - ms, ms - toMs, 0)
}
