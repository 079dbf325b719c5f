import { Fault } from '@kinoprint/core'
import { formatTraits } from '../formats/formats.ts'
import type { MediaInfo } from '../media-info.ts'
import { ffmpegMessage, outOfMemory, refusal, throwIfKilled } from '../probe/refusal.ts'
import { tooLarge } from '../probe/to-media-info.ts'
import type { ProcessEnd } from '../process/run-process.ts'
import type { DecodeSummary } from './decode.ts'

/** Output of one decoder run, and how it ended. */
export type DecoderOutcome = ProcessEnd & {
  readonly frames: number
  readonly firstFrameMs: number
  readonly lastFrameMs: number
  readonly audioSeconds: number
  readonly audioStartSeconds: number
  readonly errors: number
  readonly lastError: string
  readonly outOfMemory: boolean
  /** Size of a picture that was too large to decode. */
  readonly refusedSize: string | undefined
}

/** A video counts as truncated if more than both of these is missing. */
const MISSING_SHARE = 0.1
const MISSING_SECONDS = 2

/** Maximum length of a video, and time between sampled frames. */
type OutcomeLimits = { readonly maxSeconds: number; readonly intervalMs: number }

/**
 * Compares the decoded content with the header, because ffmpeg exits with 0 whether a file was complete, truncated or
 * damaged. Throws Fault ResourceNotSupported for a video that cannot be used.
 */
export function summarizeOutcome(
  outcome: DecoderOutcome,
  info: MediaInfo,
  { maxSeconds, intervalMs }: OutcomeLimits,
): Omit<DecodeSummary, 'thumbnails'> {
  throwIfFailed(outcome)
  if (info.kind === 'sound') refuseSilence(outcome)
  else if (outcome.frames === 0) {
    if (outcome.refusedSize !== undefined) throw tooLarge(outcome.refusedSize)
    throw refusal(
      'No picture could be decoded: the video is damaged, or in a codec that ffmpeg cannot decode.',
      `Re-encode it as H.264 in MP4. ${ffmpegMessage(outcome.lastError)}`,
    )
  }
  const decodedSeconds = decodedEndOf(outcome, info, intervalMs)
  if (decodedSeconds >= maxSeconds) throw tooLong(maxSeconds)
  refuseTruncated(outcome, info, intervalMs)
  return {
    frames: outcome.frames,
    firstFrameMs: outcome.firstFrameMs,
    lastFrameMs: outcome.lastFrameMs,
    audioSeconds: outcome.audioSeconds,
    audioStartSeconds: outcome.audioStartSeconds,
    durationSeconds: actualDuration(decodedSeconds, outcome, { info, intervalMs }),
    notes: info.notes,
    errors: outcome.errors,
  }
}

function refuseSilence({ audioSeconds, lastError }: DecoderOutcome): void {
  if (audioSeconds > 0) return
  throw refusal(
    'No sound could be decoded: the file is damaged, or in a codec that ffmpeg cannot decode.',
    `Re-encode it as AAC or FLAC. ${ffmpegMessage(lastError)}`,
  )
}

/** The refusal for a video that turned out to be too long during decoding. */
export function tooLong(maxSeconds: number): Fault {
  return refusal(
    `The video runs for ${maxSeconds} s or more.`,
    `Videos must be shorter than ${maxSeconds} s. Cut the video first.`,
  )
}

type FailedRun = ProcessEnd & Pick<DecoderOutcome, 'lastFrameMs' | 'outOfMemory' | 'frames'>

/** Throws if the decoder was stopped, was killed or did not start, even if it delivered frames before. */
export function throwIfFailed(run: FailedRun): void {
  const { ended, killedBy, startError, lastFrameMs, frames } = run
  if (ended === 'aborted') throw new Fault('Cancelled', 'The job was stopped.')
  if (ended === 'not-started') {
    throw new Fault('ServiceUnavailable', `ffmpeg could not be started: ${String(startError)}`, {
      cause: startError,
    })
  }
  const at = `${(lastFrameMs / 1000).toFixed(1)} s`
  if (ended === 'stalled') throw refusal(`Decoding stalled at ${at}.`, 'Re-encode the file.')
  if (ended === 'timed-out') {
    throw refusal(`Decoding timed out at ${at}.`, 'Re-encode it at its actual frame rate.')
  }
  if (run.outOfMemory && frames === 0) throw outOfMemory('Decoding the video')
  throwIfKilled(killedBy, { program: 'ffmpeg' })
}

/**
 * Time, in seconds, up to which frames or audio were decoded. Only the header contains the duration of the last slide
 * of a show.
 */
function decodedEndOf(outcome: DecoderOutcome, info: MediaInfo, intervalMs: number): number {
  const audioEnd = outcome.audioSeconds === 0 ? 0 : outcome.audioStartSeconds + outcome.audioSeconds
  if (info.kind === 'sound') return audioEnd
  return Math.max(outcome.lastFrameMs / 1000 + Math.min(1 / info.frameRate, intervalMs / 1000), audioEnd)
}

/**
 * The last picture of a slide show may last a minute, so missing time alone proves nothing. The decoder must also have
 * reported an error, or bytes must be missing at the end of the file.
 */
function refuseTruncated(outcome: DecoderOutcome, info: MediaInfo, intervalMs: number): void {
  const { format, videoStartSeconds, videoDurationSeconds, durationSeconds } = info
  // A container that does not state the length of each stream states that of the longest.
  const stated = videoDurationSeconds ?? (formatTraits[format].statesLength ? durationSeconds : undefined)
  if (stated === undefined || !isDamaged(outcome, info)) return
  const expected = videoStartSeconds + stated
  const decoded =
    info.kind === 'sound'
      ? decodedEndOf(outcome, info, intervalMs)
      : (outcome.lastFrameMs + intervalMs) / 1000
  const missing = expected - decoded
  if (missing <= MISSING_SECONDS || missing <= MISSING_SHARE * expected) return
  const found = `truncated or damaged: ${decoded.toFixed(1)} of ${expected.toFixed(1)} s could be read`
  throw refusal(
    `The ${info.kind === 'sound' ? 'sound' : 'video'} is ${found}.`,
    'Use a complete copy of the file.',
  )
}

function isDamaged({ errors, exit }: DecoderOutcome, { missingBytes }: MediaInfo): boolean {
  return errors > 0 || exit !== 0 || missingBytes > 0
}

/** Sampling finds the end only to within one interval. Within that interval the header is right. */
function actualDuration(
  decodedSeconds: number,
  outcome: DecoderOutcome,
  { info, intervalMs }: { readonly info: MediaInfo; readonly intervalMs: number },
): number {
  const header = info.durationSeconds
  if (header === undefined || !formatTraits[info.format].statesLength) return decodedSeconds
  if (Math.abs(header - decodedSeconds) <= (2 * intervalMs) / 1000) return header
  return decodedSeconds > header || isDamaged(outcome, info) ? decodedSeconds : header
}
