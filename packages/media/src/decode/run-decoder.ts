import { confinementFor } from '../process/confinement.ts'
import { ErrorLog } from '../process/error-log.ts'
import type { Input } from '../process/open-input.ts'
import { decoderMemoryBytes, TOOL_FILE_BYTES } from '../process/program-limits.ts'
import { withReadable } from '../process/readable-input.ts'
import { type ProcessEnd, type ProcessRun, runProcess } from '../process/run-process.ts'
import { withName } from '../run-ffmpeg.ts'
import type { ThumbnailPlan } from '../thumbnails/plan-thumbnails.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { AudioClock } from './audio-clock.ts'
import { FrameReader, PcmReader } from './byte-readers.ts'
import { clockOffset, type DecodeArguments, decodeArguments, PIPES } from './decode-arguments.ts'
import type { DecoderOutcome } from './decode-outcome.ts'
import { FrameClock } from './frame-clock.ts'

/** Callbacks for the output of one decoder run. All are synchronous. The bytes are valid only during the call. */
export type DecoderSinks = {
  /** A square frame of luma bytes, and its time in milliseconds of the presentation. */
  readonly onFrame?: (timeMs: number, gray: Uint8Array) => void
  /** Mono samples in order, with gaps as silence. */
  readonly onAudio?: (pcm: Int16Array) => void
  /** Number of samples dropped because they overlap earlier ones. */
  readonly onAudioOverlap?: (samples: number) => void
  /** A frame for thumbnails as planar YUV 4:2:0. */
  readonly onThumbnailFrame?: (timeMs: number, planes: Uint8Array) => void
  /** An error that ffmpeg reported; its last line. */
  readonly onError?: (line: string) => void
}

export type DecoderRun = DecodeArguments &
  DecoderSinks & {
    readonly signal: AbortSignal | undefined
    /** The decoder is killed after this long. */
    readonly timeoutMs: number
    /** CPU time of all its threads combined. */
    readonly cpuSeconds: number
  }

/**
 * Runs ffmpeg once over a file or a part of it. While a callback runs, the pipes fill up and ffmpeg waits, so memory
 * stays bounded.
 */
export function runDecoder(tools: Tools, path: string, run: DecoderRun): Promise<DecoderOutcome> {
  const {
    info: { format },
    signal,
  } = run
  return withReadable(tools, path, { format, signal, use: (input) => decodeInput(tools, input, run) })
}

async function decodeInput(tools: Tools, input: Input, run: DecoderRun): Promise<DecoderOutcome> {
  const { sinks, finish } = createReaders(run)
  const inputPath = input.pathAt(Object.keys(sinks).length + 1)
  const end = await runProcess({
    program: tools.ffmpeg,
    args: withName(input, decodeArguments(tools, inputPath, run)),
    sinks,
    inherits: input.inherits,
    environment: input.environment,
    signal: run.signal,
    nice: tools.decoderNice,
    stallMs: tools.stallMs,
    reportsOn: PIPES.progress,
    timeoutMs: run.timeoutMs,
    limits: {
      memoryBytes: decoderMemoryBytes(run.threads),
      cpuSeconds: run.cpuSeconds,
      fileBytes: TOOL_FILE_BYTES,
      confinement: await confinementFor(tools.ffmpeg, input.stats),
    },
  })
  return { ...end, ...finish() }
}

type Readers = {
  readonly sinks: ProcessRun['sinks']
  /** Delivers the remaining output and returns the totals. */
  readonly finish: () => Omit<DecoderOutcome, keyof ProcessEnd>
}

/** Readers for the pipes of one run. They pass what they read to its callbacks. */
function createReaders(run: DecoderRun): Readers {
  const { info, sampling, thumbnails } = run
  const fromSeconds = clockOffset(run)
  const errors = new ErrorLog()
  const frames = timedFrames(sampling.frameSide ** 2, { fromSeconds, onFrame: run.onFrame })
  const audio = new AudioClock({
    sampleRate: sampling.audioSampleRate,
    startSeconds: info.audioStartSeconds,
    onSamples: (pcm) => run.onAudio?.(pcm),
    onOverlap: run.onAudioOverlap,
  })
  const pcm = new PcmReader((samples) => audio.pushSamples(samples))
  const sinks: ProcessRun['sinks'] = {
    [PIPES.frames]: frames.onBytes,
    [PIPES.errors]: (chunk) => {
      errors.push(chunk)
      // A decoder that is stopped while it reads reports what it could not read.
      if (errors.count > 0 && run.signal?.aborted !== true) run.onError?.(errors.last)
    },
    [PIPES.audio]: (chunk) => pcm.push(chunk),
    // Read only so that the watchdog sees activity while nothing else arrives.
    [PIPES.progress]: () => undefined,
    [PIPES.times]: frames.onTimes,
    [PIPES.audioTimes]: (chunk) => audio.pushTimes(chunk),
    ...(thumbnails !== null && thumbnailSinks(thumbnails, run)),
  }
  const finish: Readers['finish'] = () => {
    audio.end()
    const { clock } = frames
    return {
      frames: clock.frames,
      firstFrameMs: 1000 * fromSeconds + clock.firstMs,
      lastFrameMs: 1000 * fromSeconds + clock.lastMs,
      audioSeconds: audio.samples / sampling.audioSampleRate,
      audioStartSeconds: audio.startSeconds,
      errors: errors.count,
      lastError: errors.last,
      outOfMemory: errors.outOfMemory,
      refusedSize: errors.refusedSize,
    }
  }
  return { sinks, finish }
}

function thumbnailSinks({ frameWidth, frameHeight }: ThumbnailPlan, run: DecoderRun): ProcessRun['sinks'] {
  // Planar YUV 4:2:0 has 12 bits per pixel.
  const size = (frameWidth * frameHeight * 3) / 2
  const frames = timedFrames(size, { fromSeconds: clockOffset(run), onFrame: run.onThumbnailFrame })
  return { [PIPES.thumbnails]: frames.onBytes, [PIPES.thumbnailTimes]: frames.onTimes }
}

type TimedFrames = {
  readonly fromSeconds: number
  readonly onFrame: ((timeMs: number, bytes: Uint8Array) => void) | undefined
}

/** Pairs the frames of one pipe with their timestamps from another. */
function timedFrames(size: number, { fromSeconds, onFrame }: TimedFrames) {
  const clock = new FrameClock((timeMs, bytes) => {
    onFrame?.(1000 * fromSeconds + timeMs, bytes)
    reader.reuse(bytes)
  })
  const reader: FrameReader = new FrameReader(size, (bytes) => clock.pushFrame(bytes))
  return {
    clock,
    onBytes: (chunk: Buffer) => reader.push(chunk),
    onTimes: (chunk: Buffer) => clock.pushTimes(chunk),
  }
}
