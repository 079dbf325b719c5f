import type { VideoTrack } from '../fingerprint.ts'
import { HASH_WORDS } from './hamming.ts'

/**
 * PDQ quality under which a frame counts as blank: it says nothing, neither for nor against a copy. The
 * reference suggests 50 for single pictures; alignment over time gets along with far plainer frames.
 */
export const BLANK_QUALITY = 6
const DEFAULT_STEP_MS = 250
/** 24 hours at four frames a second: a bound on memory for fingerprints that claim more. */
const MAX_SAMPLES = 345_600

/** The picture track laid out on an even grid: sample i is what shows at i x stepMs. */
export type PictureLane = {
  readonly stepMs: number
  readonly durationMs: number
  /** Run shown at each sample, -1 where the picture is blank or missing. */
  readonly runAt: Int32Array
  /** Samples of each run that are on the grid. */
  readonly samplesOf: Uint32Array
  readonly firstOf: Int32Array
  readonly hashes: Uint32Array
  readonly runs: number
}

type Runs = Pick<VideoTrack, 'intervalMs' | 'startMs' | 'lastMs' | 'hashes' | 'quality'>

/** Lays runs out on a grid; those with impossible times are left out. */
export function pictureLaneOf(video: Runs, durationSeconds: number): PictureLane {
  const stepMs = video.intervalMs >= 40 && video.intervalMs <= 10_000 ? video.intervalMs : DEFAULT_STEP_MS
  const durationMs = durationMsOf(durationSeconds)
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
  return { stepMs, durationMs, runAt, samplesOf, firstOf, hashes: video.hashes, runs }
}

/** A length in milliseconds that can be relied on: finite, not negative, at most 24 hours. */
export function durationMsOf(seconds: number): number {
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 86_400) * 1000 : 0
}

/** The run shown at a time, or -1. */
export function runAtMs(lane: PictureLane, ms: number): number {
  return lane.runAt[Math.round(ms / lane.stepMs)] ?? -1
}

/** The runs that are on the grid, in their order. */
export function runsShown(lane: PictureLane): number[] {
  const runs: number[] = []
  for (let run = 0; run < lane.runs; run++) if ((lane.samplesOf[run] as number) > 0) runs.push(run)
  return runs
}

/** The hashes of those runs, one after the other. */
export function shownHashes(lane: PictureLane): Uint32Array {
  const runs = runsShown(lane)
  if (runs.length === lane.runs) return lane.hashes.subarray(0, lane.runs * HASH_WORDS)
  const hashes = new Uint32Array(runs.length * HASH_WORDS)
  for (const [at, run] of runs.entries())
    hashes.set(lane.hashes.subarray(run * HASH_WORDS, (run + 1) * HASH_WORDS), at * HASH_WORDS)
  return hashes
}
