import { Fault } from '@kinoprint/core'
import type { MediaInfo } from '../media-info.ts'
import { ffmpegSays, refusal, refuseMemory, throwIfKilled } from '../probe/refusal.ts'
import { tooLarge } from '../probe/to-media-info.ts'
import type { ProcessEnd } from '../run/run-process.ts'
import type { DecodeSummary } from './decode.ts'
import { SAMPLE_INTERVAL_MS } from './decode-arguments.ts'

/** What one run of the decoder brought and how it ended. */
export type RunOutcome = ProcessEnd & {
  readonly frames: number
  readonly firstFrameMs: number
  readonly lastFrameMs: number
  readonly audioSeconds: number
  readonly audioStartSeconds: number
  readonly errors: number
  readonly lastError: string
  readonly outOfMemory: boolean
  /** Of a picture that was too large to be decoded. */
  readonly refusedSize: string | undefined
}

/** A video counts as cut off when it lacks more than both of these. */
const MISSING_SHARE = 0.1
const MISSING_SECONDS = 2

/**
 * ffmpeg ends with exit code 0 whether a file was whole, cut or garbled, so the verdict comes from what was
 * decoded against what the header promised.
 */
export const judge = (
  outcome: RunOutcome,
  info: MediaInfo,
  maxSeconds: number,
): Omit<DecodeSummary, 'thumbnails'> => {
  throwIfNotRun(outcome)
  if (outcome.frames === 0) {
    if (outcome.refusedSize !== undefined) throw tooLarge(outcome.refusedSize)
    throw refusal(
      'No picture could be decoded: the video is damaged, or in a codec that ffmpeg cannot decode.',
      `Re-encode it as H.264 in MP4. ${ffmpegSays(outcome.lastError)}`,
    )
  }
  const decodedSeconds = decodedEnd(outcome, info)
  if (decodedSeconds >= maxSeconds) throw overlong(maxSeconds)
  refuseCut(outcome, info)
  return {
    frames: outcome.frames,
    firstFrameMs: outcome.firstFrameMs,
    lastFrameMs: outcome.lastFrameMs,
    audioSeconds: outcome.audioSeconds,
    audioStartSeconds: outcome.audioStartSeconds,
    durationSeconds: trueDuration(decodedSeconds, outcome, info),
    notes: info.notes,
    errors: outcome.errors,
  }
}

export const overlong = (maxSeconds: number): Fault =>
  refusal(
    `The video runs for ${maxSeconds} s or more.`,
    `Videos must be shorter than ${maxSeconds} s. Cut the video first.`,
  )

/** What must not have happened, whatever came of the run. */
export const throwIfNotRun = ({
  ended,
  killedBy,
  startError,
  lastFrameMs,
  outOfMemory,
  frames,
}: ProcessEnd & Pick<RunOutcome, 'lastFrameMs' | 'outOfMemory' | 'frames'>): void => {
  if (ended === 'aborted') throw new Fault('Cancelled', 'The job was stopped.')
  if (ended === 'unstartable') {
    throw new Fault('ServiceUnavailable', `ffmpeg could not be started: ${String(startError)}`, {
      cause: startError,
    })
  }
  const at = `${(lastFrameMs / 1000).toFixed(1)} s`
  if (ended === 'stalled') throw refusal(`Decoding stalled at ${at}.`, 'Re-encode the file.')
  if (ended === 'overtime') {
    throw refusal(`Decoding timed out at ${at}.`, 'Re-encode it at its actual frame rate.')
  }
  if (outOfMemory && frames === 0) throw refuseMemory('Decoding it')
  throwIfKilled(killedBy, { program: 'ffmpeg' })
}

/** Seconds up to which pictures or sound were decoded. How long a slide show's last picture stands, only the header knows. */
const decodedEnd = (outcome: RunOutcome, info: MediaInfo): number =>
  Math.max(
    outcome.lastFrameMs / 1000 + Math.min(1 / info.frameRate, SAMPLE_INTERVAL_MS / 1000),
    outcome.audioSeconds === 0 ? 0 : outcome.audioStartSeconds + outcome.audioSeconds,
  )

/**
 * A slide show's last picture may rightly stand for a minute, so missing time alone says nothing: there must
 * also be a complaint of the decoder or a hole at the file's end.
 */
const refuseCut = (outcome: RunOutcome, info: MediaInfo): void => {
  if (info.videoDurationSeconds === undefined || !isDamaged(outcome, info)) return
  const promised = info.videoStartSeconds + info.videoDurationSeconds
  const decoded = (outcome.lastFrameMs + SAMPLE_INTERVAL_MS) / 1000
  const missing = promised - decoded
  if (missing <= MISSING_SECONDS || missing <= MISSING_SHARE * promised) return
  const found = `truncated or damaged: ${decoded.toFixed(1)} of ${promised.toFixed(1)} s could be read`
  throw refusal(`The video is ${found}.`, 'Use a complete copy of the file.')
}

const isDamaged = ({ errors, exit }: RunOutcome, { missingBytes }: MediaInfo): boolean =>
  errors > 0 || exit !== 0 || missingBytes > 0

/** Sampling sees the end to a quarter of a second only; within that the header is right. */
const trueDuration = (decodedSeconds: number, outcome: RunOutcome, info: MediaInfo): number => {
  const header = info.durationSeconds
  if (header === undefined) return decodedSeconds
  if (Math.abs(header - decodedSeconds) <= (2 * SAMPLE_INTERVAL_MS) / 1000) return header
  return decodedSeconds > header || isDamaged(outcome, info) ? decodedSeconds : header
}
