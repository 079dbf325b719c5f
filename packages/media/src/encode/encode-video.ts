import { open } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import type { FileFormat } from '../formats/formats.ts'
import { ffmpegMessage, refusal } from '../probe/refusal.ts'
import { MAX_PIXELS } from '../probe/to-media-info.ts'
import { confinementFor } from '../process/confinement.ts'
import { ErrorLog } from '../process/error-log.ts'
import { type Input, openInput } from '../process/open-input.ts'
import { decoderMemoryBytes } from '../process/program-limits.ts'
import { runProcess } from '../process/run-process.ts'
import { commandLine, withName } from '../run-ffmpeg.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

export type Encoding = {
  /** A local file, or the generators of ffmpeg (`-f lavfi -i …`), which read no file. */
  readonly input:
    | { readonly path: string; readonly format: FileFormat }
    | { readonly generators: readonly string[] }
  /** Options before the input file. */
  readonly inputOptions?: readonly string[]
  /** Which streams to encode, and filters. */
  readonly outputOptions: readonly string[]
  /** Expected length of the result, for progress. */
  readonly seconds: number
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Called with 0..1. */
  readonly onProgress?: ((fraction: number) => void) | undefined
}

/** Descriptors of the encoder after stdin. */
const PIPES = { output: 1, errors: 2, progress: 3 } as const
const INPUT_DESCRIPTOR = 4
const THREADS = 2
/** In addition to what a decoder needs. */
const ENCODER_MEMORY_BYTES = 1024 ** 3
/** What every browser plays, with the index at the start so that players can seek. */
const MP4 = [
  ...['-sn', '-dn', '-map_metadata', '-1', '-threads', String(THREADS)],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-pix_fmt', 'yuv420p', '-g', '50'],
  ...['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-movflags', '+faststart', '-f', 'mp4', '-y'],
]

/**
 * Encodes H.264 and AAC into an MP4 file, in the same confinement as every decoder: the program can write to this file
 * and to no other.
 *
 * @throws Fault ResourceNotSupported if ffmpeg cannot read the input or the result exceeds `maxBytes`, or Cancelled.
 */
export async function encodeVideo(tools: Tools, outputPath: string, encoding: Encoding): Promise<void> {
  // The confined program runs as another user.
  const output = await open(outputPath, 'w+')
  const input = 'path' in encoding.input ? await openInput(encoding.input.path) : null
  try {
    await output.chmod(0o666)
    await run(tools, { output: outputPath, outputFd: output.fd, input }, encoding)
    await output.chmod(0o600)
    if ((await output.stat()).size === 0)
      throw refusal('The file has no picture that can be shown.', 'Re-encode it.')
  } finally {
    await input?.close()
    await output.close()
  }
}

type Files = { readonly output: string; readonly outputFd: number; readonly input: Input | null }

async function run(tools: Tools, { output, outputFd, input }: Files, encoding: Encoding): Promise<void> {
  const { seconds, maxBytes, timeoutMs, signal, onProgress } = encoding
  const errors = new ErrorLog()
  const inherits = [...(input?.inherits ?? []), outputFd]
  const descriptor = INPUT_DESCRIPTOR + inherits.length - 1
  const target = process.platform === 'linux' ? `/proc/self/fd/${descriptor}` : output
  const end = await runProcess({
    program: tools.ffmpeg,
    args: argumentsOf(encoding, input, `file:${target}`),
    sinks: {
      [PIPES.output]: () => undefined,
      [PIPES.errors]: (chunk) => errors.push(chunk),
      [PIPES.progress]: (chunk) => {
        const times = [...String(chunk).matchAll(/out_time_ms=(\d+)/g)]
        const microseconds = Number(times.at(-1)?.[1] ?? Number.NaN)
        if (microseconds >= 0) onProgress?.(Math.min(1, microseconds / 1e6 / seconds))
      },
    },
    inherits,
    environment: input?.environment,
    signal,
    nice: tools.decoderNice,
    stallMs: tools.stallMs,
    reportsOn: PIPES.progress,
    timeoutMs,
    limits: {
      memoryBytes: decoderMemoryBytes(THREADS) + ENCODER_MEMORY_BYTES,
      cpuSeconds: (THREADS * timeoutMs) / 1000,
      fileBytes: maxBytes,
      confinement: input === null ? 'none' : await confinementFor(tools.ffmpeg, input.stats),
    },
  })
  if (end.ended === 'exited' && end.exit === 0) return
  if (signal?.aborted) throw new Fault('Cancelled', 'Encoding was stopped.')
  if (end.ended === 'not-started')
    throw new Fault('ServiceUnavailable', `ffmpeg could not be started: ${String(end.startError)}`)
  if (end.killedBy === 'SIGXFSZ' || /File too large/.test(errors.last))
    throw refusal('The encoded video would be too large.', 'Use a shorter video.')
  const problem = end.ended === 'exited' ? 'The video could not be encoded.' : 'Encoding took too long.'
  throw refusal(problem, `Re-encode it as H.264 in MP4. ${ffmpegMessage(errors.last)}`)
}

function argumentsOf(encoding: Encoding, input: Input | null, target: string): string[] {
  const globalOptions = [
    ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error'],
    ...['-progress', `pipe:${PIPES.progress}`],
  ]
  const output = [...encoding.outputOptions, ...MP4]
  if ('generators' in encoding.input)
    return [
      ...globalOptions,
      ...encoding.input.generators.flatMap((source) => ['-f', 'lavfi', '-i', source]),
      ...output,
      target,
    ]
  const inputOptions = [
    ...['-threads', String(THREADS), '-max_pixels', String(MAX_PIXELS)],
    ...(encoding.inputOptions ?? []),
  ]
  const path = input?.pathAt(INPUT_DESCRIPTOR) ?? encoding.input.path
  const { format } = encoding.input
  const outputs = [{ options: output, target }]
  const args = commandLine({ path, format, globalOptions, inputOptions, outputs })
  return input === null ? args : withName(input, args)
}
