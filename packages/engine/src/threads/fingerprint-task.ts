import { Fault } from '@kinoprint/core'
import {
  audioWindowsOf,
  encodeFingerprint,
  type Fingerprint,
  FingerprintBuilder,
  keyframesOf,
  queryProbesOf,
  storedPart,
} from '@kinoprint/dna'
import {
  DamagedFile,
  type DecodedFrames,
  decode,
  decodeInPieces,
  type MediaInfo,
  makeStills,
  planTiles,
  probe,
  type Stills,
  type TilePlan,
} from '@kinoprint/media'
import { SparsenessCheck, SparseReferences, worthSkipping } from './sparse-references.ts'
import type { FileFingerprint, FingerprintTask } from './tasks.ts'

/** Videos up to this length are guessed at with every frame, longer ones with one in two seconds. */
const GUESS_ALL_SECONDS = 120
const GUESS_ALL_MS = 250
const GUESS_SOME_MS = 2000

export type TaskOptions = {
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
}

/** Decodes a file once and makes everything of it that storing or searching needs. Runs in a thread. */
export const fingerprintFile = async (
  task: FingerprintTask,
  options: TaskOptions,
): Promise<FileFingerprint> => {
  const info = await probe(task.tools, task.path, { maxSeconds: task.maxSeconds, signal: options.signal })
  options.signal.throwIfAborted()
  return fingerprintProbed(task, options, info)
}

/** The same for a file whose header has been read. */
export const fingerprintProbed = async (
  task: Omit<FingerprintTask, 'kind'>,
  options: TaskOptions,
  info: MediaInfo,
): Promise<FileFingerprint> => {
  let way: Way = { frames: worthSkipping(info) ? 'references' : 'all', byThreads: true }
  for (;;)
    try {
      return await fingerprintFrames(task, options, { info, ...way })
    } catch (error) {
      way = otherWay(way, error)
    }
}

/** Which frames of a file are decoded, and whether by as many threads as there are or by one. */
type Way = { readonly frames: DecodedFrames; readonly byThreads: boolean }

/** What to try after a way has turned out to be the wrong one; throws the error where it says nothing of the way. */
const otherWay = (way: Way, error: unknown): Way => {
  if (error instanceof SparseReferences) return { ...way, frames: 'all' }
  if (error instanceof DamagedFile) return { ...way, byThreads: false }
  throw error
}

const fingerprintFrames = async (
  { tools, path, maxSeconds, ffmpegThreads, asQuery, stillsDir }: Omit<FingerprintTask, 'kind'>,
  { signal, onProgress }: TaskOptions,
  { info, frames, byThreads }: Way & { readonly info: MediaInfo },
): Promise<FileFingerprint> => {
  const isShort = (info.durationSeconds ?? maxSeconds) <= GUESS_ALL_SECONDS
  const viewIntervalMs = isShort ? GUESS_ALL_MS : GUESS_SOME_MS
  const query = asQuery ? { viewIntervalMs, aspect: info.width / info.height } : undefined
  const builder = new FingerprintBuilder({ query })
  const plan = planTiles(info)
  const check = frames === 'references' ? new SparsenessCheck(info) : null
  const summary = await (byThreads ? decodeInPieces : decode)(tools, path, {
    info,
    maxSeconds,
    signal,
    frames,
    stills: stillsDir === null ? undefined : plan,
    threads: byThreads ? ffmpegThreads : 1,
    onFrame: (timeMs, gray) => {
      check?.see(timeMs)
      builder.pushFrame(timeMs, gray)
    },
    onAudio: (pcm) => builder.pushAudio(pcm),
    onProgress,
  })
  check?.end()
  if (summary.frames === 0) {
    throw new Fault(
      'ResourceNotSupported',
      'No picture of this video could be decoded. Re-encode it as H.264 in MP4.',
    )
  }
  const fingerprint = builder.finish({
    durationSeconds: summary.durationSeconds,
    audioStartMs: Math.round(summary.audioStartSeconds * 1000),
  })
  const stillsFailure = await failureOf(summary.stills, stillsDir, plan)
  return {
    ...partsOf(fingerprint, { info, frameCount: summary.frames, notes: summary.notes }),
    stillsFailure,
  }
}

/** Makes the stills, where any were taken. What goes wrong with them is told and stops nothing. */
const failureOf = async (
  taken: Stills | null,
  stillsDir: string | null,
  plan: TilePlan,
): Promise<string | null> => {
  if (taken === null || stillsDir === null) return null
  return makeStills(taken, stillsDir, { plan }).then(() => null, String)
}

/** Everything that storing or searching needs of a fingerprint. */
export const partsOf = (
  fingerprint: Fingerprint,
  {
    info,
    frameCount,
    notes = info.notes,
  }: { readonly info: MediaInfo; readonly frameCount: number; readonly notes?: readonly string[] },
): FileFingerprint => ({
  data: encodeFingerprint(storedPart(fingerprint)),
  queryData: encodeFingerprint(fingerprint),
  keyframes: keyframesOf(fingerprint),
  audioWindows: audioWindowsOf(fingerprint),
  probes: queryProbesOf(fingerprint),
  durationSeconds: fingerprint.durationSeconds,
  width: info.width,
  height: info.height,
  hasAudio: fingerprint.audio !== null,
  frameCount,
  notes,
  stillsFailure: null,
})
