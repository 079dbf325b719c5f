import { type Fingerprint, isSparseVideo } from '../fingerprint/fingerprint.ts'
import { HASH_WORDS } from '../hash/hamming.ts'
import type { FrameRuns } from '../picture/run-merger.ts'
import type { VpdqFrame } from './vpdq-frames.ts'

/** Frames that follow sooner are dropped: four a second is what a fingerprint has. */
const LEAST_INTERVAL_MS = 250

/**
 * A fingerprint of the frames of a vPDQ hash: the whole picture with its black bars, without crops, keypoints and sound.
 * It finds fewer copies than a fingerprint of the file.
 */
export function fingerprintOfVpdq(frames: readonly VpdqFrame[]): Fingerprint {
  const kept: VpdqFrame[] = []
  let last = Number.NEGATIVE_INFINITY
  for (const frame of frames) {
    if (1000 * (frame.seconds - last) < LEAST_INTERVAL_MS) continue
    kept.push(frame)
    last = frame.seconds
  }
  const startMs = Uint32Array.from(kept, ({ seconds }) => Math.round(1000 * seconds))
  const intervalMs = medianStep(startMs)
  const hashes = new Uint32Array(kept.length * HASH_WORDS)
  for (const [at, { hash }] of kept.entries()) hashes.set(hash, at * HASH_WORDS)
  return {
    durationSeconds: ((startMs.at(-1) ?? 0) + intervalMs) / 1000,
    video: {
      intervalMs,
      picture: [0, 0, 1, 1],
      startMs,
      lastMs: startMs.slice(),
      quality: Uint8Array.from(kept, ({ quality }) => quality),
      hashes,
    },
    audio: null,
  }
}

function medianStep(startMs: Uint32Array): number {
  const steps = Array.from(startMs.subarray(1), (start, at) => start - (startMs[at] ?? 0)).sort(
    (a, b) => a - b,
  )
  return Math.max(LEAST_INTERVAL_MS, steps[steps.length >> 1] ?? 1000)
}

/**
 * The vPDQ hash of a fingerprint: a frame a second, as vPDQ takes by default, or the frames that a sparse video has. The
 * picture is that without black bars.
 */
export function vpdqOf({ video }: Fingerprint): VpdqFrame[] {
  const { startMs, lastMs } = video
  const frames: VpdqFrame[] = []
  if (isSparseVideo(video)) {
    for (const [run, start] of startMs.entries()) frames.push(frameOf(video, run, start / 1000))
    return frames
  }
  let run = 0
  const end = lastMs.at(-1) ?? -1
  for (let timeMs = 0; timeMs <= end; timeMs += 1000) {
    while ((lastMs[run] ?? 0) < timeMs) run++
    // Between two runs, the sampled frame that follows is shown less than an interval later.
    frames.push(frameOf(video, run, Math.max(timeMs, startMs[run] ?? 0) / 1000))
  }
  return frames
}

/** Every sampled frame of a fingerprint that has a hash of its own. */
export function sampledFramesOf({ video }: Fingerprint): VpdqFrame[] {
  return Array.from(video.startMs, (start, run) => frameOf(video, run, start / 1000))
}

function frameOf({ hashes, quality }: FrameRuns, run: number, seconds: number): VpdqFrame {
  return {
    hash: hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS),
    quality: quality[run] ?? 0,
    seconds,
  }
}
