import { nameOption } from '../fluent.ts'
import { confinementFor } from '../run/confinement.ts'
import { ErrorLog } from '../run/error-log.ts'
import { type Input, withInput } from '../run/open-input.ts'
import { decoderMemoryBytes, TOOL_FILE_BYTES } from '../run/program-limits.ts'
import { type ProcessRun, runProcess } from '../run/run-process.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { AudioClock } from './audio-clock.ts'
import { AUDIO_RATE, type DecodeArguments, decodeArguments, FRAME_SIDE, PIPES } from './decode-arguments.ts'
import { FrameClock } from './frame-clock.ts'
import { FrameReader } from './frame-reader.ts'
import type { RunOutcome } from './judge.ts'
import { PcmReader } from './pcm-reader.ts'

/** What is done with the things that one run of the decoder brings. All are synchronous; bytes are overwritten after. */
export type DecoderSinks = {
  /** Milliseconds of the presentation. */
  readonly onFrame?: (timeMs: number, gray: Uint8Array) => void
  /** Mono samples in order; a gap comes as silence. */
  readonly onAudio?: (pcm: Int16Array) => void
  /** Told how many samples were left out because they overlap others. */
  readonly onAudioOverlap?: (samples: number) => void
  readonly onThumbnailFrame?: (timeMs: number, planes: Uint8Array) => void
  /** Told as soon as ffmpeg complains of something, with its last line. */
  readonly onComplaint?: (line: string) => void
}

export type DecoderRun = DecodeArguments &
  DecoderSinks & {
    readonly signal: AbortSignal | undefined
    /** However busy it looks, it is killed after so long. */
    readonly timeoutMs: number
    /** Of all its threads together. */
    readonly cpuSeconds: number
  }

/**
 * Runs ffmpeg once over a file or a part of it and hands on what comes. While a sink works, the pipes fill and ffmpeg
 * waits, so memory stays bounded.
 */
export const runDecoder = (tools: Tools, path: string, run: DecoderRun): Promise<RunOutcome> =>
  withInput(path, (input) => decodeInput(tools, input, run))

const decodeInput = async (tools: Tools, input: Input, run: DecoderRun): Promise<RunOutcome> => {
  const {
    onFrame,
    onAudio,
    onAudioOverlap,
    onThumbnailFrame,
    onComplaint,
    signal,
    timeoutMs,
    cpuSeconds,
    ...decoding
  } = run
  const { threads, thumbnails, fromSeconds, info } = decoding
  const errors = new ErrorLog()
  const pictures = timedPictures(FRAME_SIDE * FRAME_SIDE, { fromSeconds, onPicture: onFrame })
  const thumbnailFrameBytes =
    thumbnails === null ? 0 : (thumbnails.frameWidth * thumbnails.frameHeight * 3) / 2
  const taken =
    thumbnails === null
      ? null
      : timedPictures(thumbnailFrameBytes, { fromSeconds, onPicture: onThumbnailFrame })
  const sound = new AudioClock({
    startSeconds: info.audioStartSeconds,
    onSamples: (pcm) => onAudio?.(pcm),
    onOverlap: onAudioOverlap,
  })
  const audio = new PcmReader((pcm) => sound.pushSamples(pcm))
  const sinks: ProcessRun['sinks'] = {
    [PIPES.frames]: pictures.onBytes,
    [PIPES.errors]: (chunk) => {
      errors.push(chunk)
      if (errors.count > 0) onComplaint?.(errors.last)
    },
    [PIPES.audio]: (chunk) => audio.push(chunk),
    // Read only so that the watchdog sees a sign of life while nothing else comes.
    [PIPES.progress]: () => undefined,
    [PIPES.times]: pictures.onTimes,
    [PIPES.audioTimes]: (chunk) => sound.pushTimes(chunk),
    ...(taken && { [PIPES.thumbnails]: taken.onBytes, [PIPES.thumbnailTimes]: taken.onTimes }),
  }
  const end = await runProcess({
    program: tools.ffmpeg,
    args: withName(input, decodeArguments(tools, input.pathAt(Object.keys(sinks).length + 1), decoding)),
    sinks,
    inherits: input.handle.fd,
    signal,
    nice: tools.decoderNice,
    stallMs: tools.stallMs,
    reportsOn: PIPES.progress,
    timeoutMs,
    limits: {
      memoryBytes: decoderMemoryBytes(threads),
      cpuSeconds,
      fileBytes: TOOL_FILE_BYTES,
      confinement: await confinementFor(tools.ffmpeg, input.stats),
    },
  })
  sound.end()
  const { clock } = pictures
  return {
    ...end,
    frames: clock.frames,
    firstFrameMs: 1000 * fromSeconds + clock.firstMs,
    lastFrameMs: 1000 * fromSeconds + clock.lastMs,
    audioSeconds: sound.samples / AUDIO_RATE,
    audioStartSeconds: sound.startSeconds,
    errors: errors.count,
    lastError: errors.last,
    outOfMemory: errors.outOfMemory,
    refusedSize: errors.refusedSize,
  }
}

const withName = (input: Input, args: readonly string[]): string[] =>
  args.flatMap((arg, n) => (arg === '-i' && n === args.indexOf('-i') ? [...nameOption(input), arg] : [arg]))

type Timed = {
  readonly fromSeconds: number
  readonly onPicture: ((timeMs: number, bytes: Uint8Array) => void) | undefined
}

/** Joins the pictures of one pipe with their times of another. */
const timedPictures = (size: number, { fromSeconds, onPicture }: Timed) => {
  const clock = new FrameClock((timeMs, bytes) => {
    onPicture?.(1000 * fromSeconds + timeMs, bytes)
    reader.reuse(bytes)
  })
  const reader: FrameReader = new FrameReader(size, (bytes) => clock.pushFrame(bytes))
  return {
    clock,
    onBytes: (chunk: Buffer) => reader.push(chunk),
    onTimes: (chunk: Buffer) => clock.pushTimes(chunk),
  }
}
