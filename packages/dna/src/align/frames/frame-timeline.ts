import { usableDurationMs, type VideoTrack } from '../../fingerprint/fingerprint.ts'
import { HASH_WORDS } from '../../hash/hamming.ts'
import { BLANK_QUALITY } from '../../hash/pdq.ts'
import { nearestIndex } from '../lines/nearest-index.ts'

const DEFAULT_STEP_MS = 250
/** 24 hours at four frames per second: limits memory for fingerprints that claim more. */
const MAX_SAMPLES = 345_600
/** Pictures further apart count as if they were this far apart: the keyframes of common encoders. */
const MAX_SPACING_MS = 10_000

/** A frame track on an even grid: sample i is the picture shown at i x stepMs. */
export type FrameTimeline = {
  readonly stepMs: number
  /** Mean time between pictures: `stepMs`, or more if the track is sparse and most samples are missing. */
  readonly spacingMs: number
  readonly durationMs: number
  /** The run shown at each sample; -1 if the picture is blank or missing. */
  readonly runAt: Int32Array
  /** Number of samples of each run on the grid. */
  readonly samplesOf: Uint32Array
  /** First sample of each run; -1 if it is not on the grid. */
  readonly firstOf: Int32Array
  /** Eight words per run. */
  readonly hashes: Uint32Array
  readonly runs: number
  /** PDQ quality of each run, 0 (blank) to 100. */
  readonly quality: Uint8Array
}

/**
 * Arranges the runs of a track on a grid. Runs with impossible times are skipped. The pictures of a `sparse` video are
 * at uneven times, so its tracks need a fine grid with many missing samples.
 */
export function frameTimelineOf(
  video: Omit<VideoTrack, 'picture'>,
  durationSeconds: number,
  { sparse = false }: { readonly sparse?: boolean } = {},
): FrameTimeline {
  const isUsable = video.intervalMs >= 40 && video.intervalMs <= 10_000
  const stepMs = isUsable && !sparse ? video.intervalMs : DEFAULT_STEP_MS
  const durationMs = usableDurationMs(durationSeconds)
  const count = Math.min(Math.ceil(durationMs / stepMs), MAX_SAMPLES)
  const runs = Math.min(video.startMs.length, Math.floor(video.hashes.length / HASH_WORDS))
  const runAt = new Int32Array(count).fill(-1)
  const samplesOf = new Uint32Array(runs)
  const firstOf = new Int32Array(runs).fill(-1)
  for (let run = 0; run < runs; run++) {
    if ((video.quality[run] ?? 0) < BLANK_QUALITY) continue
    const first = Math.round((video.startMs[run] as number) / stepMs)
    const last = Math.min(Math.round((video.lastMs[run] ?? 0) / stepMs), count - 1)
    for (let i = first; i <= last; i++) runAt[i] = run
  }
  for (let i = 0; i < count; i++) {
    const run = runAt[i] as number
    if (run < 0) continue
    if (samplesOf[run] === 0) firstOf[run] = i
    samplesOf[run] = (samplesOf[run] as number) + 1
  }
  const shown = sparse ? samplesOf.reduce((sum, samples) => sum + Math.min(samples, 1), 0) : 0
  const spacingMs = shown > 0 ? Math.min(Math.max(durationMs / shown, stepMs), MAX_SPACING_MS) : stepMs
  return {
    stepMs,
    spacingMs,
    durationMs,
    runAt,
    samplesOf,
    firstOf,
    hashes: video.hashes,
    runs,
    quality: video.quality,
  }
}

/** Whether most samples are missing, because only keyframes are known. */
export function isSparse({ stepMs, spacingMs }: FrameTimeline): boolean {
  return spacingMs > stepMs
}

/** Samples from one picture to the next, on average; 1 unless the track is sparse. */
export function rowsPerFrame({ stepMs, spacingMs }: FrameTimeline): number {
  return spacingMs / stepMs
}

/** The run shown at a time, or -1. */
export function runAtMs(timeline: FrameTimeline, ms: number): number {
  return timeline.runAt[nearestIndex(ms / timeline.stepMs)] ?? -1
}

/** The runs on the grid, in order. */
export function runsShown(timeline: FrameTimeline): number[] {
  const runs: number[] = []
  for (let run = 0; run < timeline.runs; run++) if ((timeline.samplesOf[run] as number) > 0) runs.push(run)
  return runs
}

/** The hashes of these runs, concatenated. */
export function hashesShown(timeline: FrameTimeline): Uint32Array {
  const runs = runsShown(timeline)
  if (runs.length === timeline.runs) return timeline.hashes.subarray(0, timeline.runs * HASH_WORDS)
  const hashes = new Uint32Array(runs.length * HASH_WORDS)
  for (const [at, run] of runs.entries())
    hashes.set(timeline.hashes.subarray(run * HASH_WORDS, (run + 1) * HASH_WORDS), at * HASH_WORDS)
  return hashes
}
