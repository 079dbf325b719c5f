import { Fault } from '@kinoprint/core'
import { FingerprintBuilder } from '@kinoprint/dna'
import { decode, type MediaInfo, probe } from '@kinoprint/media'
import { fingerprintProbed, partsOf, type TaskOptions } from './fingerprint-task.ts'
import type { Look, LookTask } from './tasks.ts'

/** A shorter video is decoded at once: another start of ffmpeg costs as much as its frames. */
const LONG_SECONDS = 60
/** Views that only a query has are made this often. */
const VIEWED_EVERY_MS = 2000
/** With keyframes further apart than this in the mean, or nearer, the whole is decoded at once. */
const MOST_APART_MS = 12_000
const LEAST_APART_MS = 750

/**
 * Fingerprints a file that is only asked with. Of a long one only keyframes and sound are decoded, a tenth of the
 * work; whoever doubts the answer looks closer. Runs in a thread.
 */
export const lookAtFile = async (task: LookTask, options: TaskOptions): Promise<Look> => {
  const info = await probe(task.tools, task.path, { maxSeconds: task.maxSeconds, signal: options.signal })
  options.signal.throwIfAborted()
  const isLong = (info.durationSeconds ?? 0) >= LONG_SECONDS
  const glance = isLong ? await glanceAt(task, options, info) : null
  return (
    glance ?? {
      fingerprint: await fingerprintProbed({ ...task, asQuery: true, stillsDir: null }, options, info),
      glance: null,
    }
  )
}

/** A builder for a query of which only some frames are seen: keyframes (`sparse`), or some passages in full. */
export const newBuilder = (
  { width, height }: MediaInfo,
  { sparse }: { readonly sparse: boolean },
): FingerprintBuilder =>
  new FingerprintBuilder({ query: { viewIntervalMs: VIEWED_EVERY_MS, aspect: width / height, sparse } })

/** Null where a glance says too little: damage, or keyframes that are too rare or no rarer than other frames. */
const glanceAt = async (
  { tools, path, maxSeconds, ffmpegThreads }: LookTask,
  { signal, onProgress }: TaskOptions,
  info: MediaInfo,
): Promise<Look | null> => {
  const builder = newBuilder(info, { sparse: true })
  const timesMs: number[] = []
  try {
    const { durationSeconds, errors, audioStartSeconds } = await decode(tools, path, {
      info,
      maxSeconds,
      signal,
      frames: 'keyframes',
      threads: ffmpegThreads,
      onFrame: (timeMs, gray) => {
        timesMs.push(timeMs)
        builder.pushFrame(timeMs, gray)
      },
      onAudio: (pcm) => builder.pushAudio(pcm),
      onProgress,
    })
    const apartMs = (1000 * durationSeconds) / timesMs.length
    if (errors > 0 || apartMs > MOST_APART_MS || apartMs < LEAST_APART_MS) return null
    const audioStartMs = Math.round(audioStartSeconds * 1000)
    const fingerprint = builder.finish({ durationSeconds, audioStartMs })
    const glance = { info, timesMs, audio: fingerprint.audio, durationSeconds }
    return { fingerprint: partsOf(fingerprint, { info, frameCount: timesMs.length }), glance }
  } catch (error) {
    // What decoding the whole says of the file is what counts.
    if (error instanceof Fault && error.code === 'ResourceNotSupported') return null
    throw error
  }
}
