import { Fault } from '@kinoprint/contract'
import {
  audioWindowsOf,
  encodeFingerprint,
  FingerprintBuilder,
  keyframesOf,
  queryProbesOf,
  storedPart,
} from '@kinoprint/dna'
import { decode, probe } from '@kinoprint/media'
import type { FileFingerprint, FingerprintTask } from './protocol.ts'
import { assertReadable } from './readable-file.ts'

/** Videos up to this length are guessed at with every frame, longer ones with one in two seconds. */
const GUESS_ALL_SECONDS = 120
const GUESS_ALL_MS = 250
const GUESS_SOME_MS = 2000

/** Decodes a file once and makes everything of it that storing or searching needs. Runs in a thread. */
export const fingerprintFile = async (
  { tools, path, maxSeconds, ffmpegThreads }: FingerprintTask,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (fraction: number) => void },
): Promise<FileFingerprint> => {
  await assertReadable(path)
  const info = await probe(tools, path, { maxSeconds, signal })
  signal.throwIfAborted()
  const isShort = (info.durationSeconds ?? maxSeconds) <= GUESS_ALL_SECONDS
  const builder = new FingerprintBuilder({
    query: {
      viewIntervalMs: isShort ? GUESS_ALL_MS : GUESS_SOME_MS,
      aspect: info.width / info.height,
    },
  })
  const summary = await decode(tools, path, {
    info,
    maxSeconds,
    signal,
    threads: ffmpegThreads,
    onFrame: (timeMs, gray) => builder.pushFrame(timeMs, gray),
    onAudio: (pcm) => builder.pushAudio(pcm),
    onProgress,
  })
  if (summary.frames === 0) {
    throw new Fault('ResourceNotSupported', 'No picture of this video could be decoded.')
  }
  const fingerprint = builder.finish({
    durationSeconds: summary.durationSeconds,
    audioStartMs: Math.round(info.audioStartSeconds * 1000),
  })
  return {
    data: encodeFingerprint(storedPart(fingerprint)),
    queryData: encodeFingerprint(fingerprint),
    keyframes: keyframesOf(fingerprint),
    audioWindows: audioWindowsOf(fingerprint),
    probes: queryProbesOf(fingerprint),
    durationSeconds: fingerprint.durationSeconds,
    width: info.width,
    height: info.height,
    hasAudio: fingerprint.audio !== null,
    frameCount: summary.frames,
  }
}
