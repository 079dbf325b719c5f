import fluent from 'fluent-ffmpeg'
import { type FileFormat, formatTraits } from './formats/formats.ts'
import { codecOptions } from './process/allowed-codecs.ts'
import { confinementFor } from './process/confinement.ts'
import { ErrorLog } from './process/error-log.ts'
import type { Input } from './process/open-input.ts'
import { type Command, TOOL_FILE_BYTES, TOOL_MEMORY_BYTES } from './process/program-limits.ts'
import { isObjectUrl } from './process/range-input.ts'
import { withReadable } from './process/readable-input.ts'
import { type ProcessEnd, runProcess } from './process/run-process.ts'
import type { Tools } from './tools/find-ffmpeg.ts'

/**
 * The only file that uses fluent-ffmpeg, which is archived. It only assembles the arguments; runProcess runs them,
 * because fluent-ffmpeg sets no limits and kills no process group.
 */

/** Of the file. MP4 files are checked before; ffmpeg's own limit is a thousand. */
const MAX_STREAMS = '100'

/**
 * Input options of every run: the demuxer of the file's format and no other (a text file could be a playlist, and
 * subtitles in AVI another format), local files or the proxy of an object, no references to other files, common
 * decoders.
 */
function safeInput(format: FileFormat, path: string): string[] {
  const { demuxer } = formatTraits[format]
  const protocols = isObjectUrl(path) ? 'http,tcp' : 'file'
  return [
    ...['-f', demuxer, '-format_whitelist', demuxer, '-protocol_whitelist', protocols],
    ...(demuxer === 'mp4' ? ['-enable_drefs', '0'] : []),
    ...(format === 'mp4' ? [] : ['-max_streams', MAX_STREAMS]),
    ...codecOptions(format),
  ]
}

/** The prefix ensures that a name such as `http:x` or `-y` is read as a file. */
function fileInput(path: string): string {
  return isObjectUrl(path) ? path : `file:${path}`
}

/**
 * An input option without effect that shows the file's name in process lists: the input itself is a descriptor. (What
 * it sets is printed at a log level that is never used here.)
 */
function nameOption({ name }: Pick<Input, 'name'>): readonly string[] {
  return ['-dump_separator', name]
}

/** Adds the name of the file to a command line of ffmpeg. Not in commandLine, which divides options at spaces. */
export function withName(input: Pick<Input, 'name'>, args: readonly string[]): string[] {
  const at = args.indexOf('-i')
  return [...args.slice(0, at), ...nameOption(input), ...args.slice(at)]
}

/** Input option for a file whose edit lists hide all of it. */
export function editListOptions({ ignoresEditList }: { readonly ignoresEditList: boolean }): string[] {
  return ignoresEditList ? ['-ignore_editlist', '1'] : []
}

export type RunLimits = {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** A run of ffmpeg or ffprobe that failed. The message is the program's last line, or how it ended. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure'
  readonly ended: ProcessEnd['ended']
  readonly killedBy: NodeJS.Signals | null
  /** The program hit its memory limit. */
  readonly outOfMemory: boolean

  constructor(end: ProcessEnd, errors: ErrorLog) {
    super(errors.last || `ended with ${end.killedBy ?? end.exit ?? end.ended}`, { cause: end.startError })
    this.ended = end.ended
    this.killedBy = end.killedBy
    this.outOfMemory = errors.outOfMemory
  }
}

/** Maximum output of one run. That of ffprobe for 32 streams is 66 kB. */
const MAX_OUTPUT_BYTES = 8 * 1024 ** 2

export type FfprobeRun = {
  /** ffprobe's JSON. */
  readonly json: string
  /** Size of a picture that ffprobe refused to open, e.g. `16384x16384`. */
  readonly refusedSize: string | undefined
}

/** Runs ffprobe on a file; `showOptions` select what it reports. Throws ProgramFailure. */
export async function runFfprobe(
  tools: Tools,
  path: string,
  {
    format,
    timeoutMs,
    signal,
    showOptions,
  }: RunLimits & { readonly format: FileFormat; readonly showOptions: readonly string[] },
): Promise<FfprobeRun> {
  const output = new OutputBuffer()
  const { refusedSize } = await withReadable(tools, path, {
    format,
    signal,
    use: (input) => {
      const inputPath = input.pathAt(INPUT_DESCRIPTOR)
      const args = ['-v', 'error', '-print_format', 'json', ...showOptions, ...safeInput(format, inputPath)]
      return runOnInput(
        input,
        { program: tools.ffprobe, args: [...args, ...nameOption(input), fileInput(inputPath)] },
        // ffprobe prints nothing until it is done, so the stall limit is also its time limit.
        {
          timeoutMs: Math.min(timeoutMs, tools.stallMs),
          signal,
          nice: tools.decoderNice,
          onOutput: output.push,
        },
      )
    },
  })
  if (output.isFull()) throw new Error('Its header is too large to read.')
  return { json: output.bytes().toString('utf8'), refusedSize }
}

export type FfmpegRun = RunLimits & {
  readonly format: FileFormat
  readonly inputOptions: readonly string[]
  readonly outputOptions: readonly string[]
}

/** Runs ffmpeg on a file and returns its text output, up to 8 MB. Throws ProgramFailure. */
export async function readFfmpegOutput(tools: Tools, path: string, run: FfmpegRun): Promise<string> {
  return (await readFfmpegBytes(tools, path, run)).toString('latin1')
}

/** Runs ffmpeg on a file and returns what it writes, up to 8 MB. Throws ProgramFailure. */
export async function readFfmpegBytes(
  tools: Tools,
  path: string,
  { format, timeoutMs, signal, inputOptions, outputOptions }: FfmpegRun,
): Promise<Buffer> {
  const output = new OutputBuffer()
  await withReadable(tools, path, {
    format,
    signal,
    use: (input) => {
      const command = commandLine({
        path: input.pathAt(INPUT_DESCRIPTOR),
        format,
        globalOptions: ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error'],
        inputOptions,
        outputs: [{ options: outputOptions, target: 'pipe:1' }],
      })
      const args = withName(input, command)
      return runOnInput(
        input,
        { program: tools.ffmpeg, args },
        {
          timeoutMs: Math.min(timeoutMs, tools.stallMs),
          signal,
          nice: tools.decoderNice,
          onOutput: output.push,
        },
      )
    },
  })
  return output.bytes()
}

/** Keeps the first 8 MB of an output. */
class OutputBuffer {
  readonly #chunks: Buffer[] = []
  #size = 0

  readonly push = (chunk: Buffer): void => {
    this.#size += chunk.length
    if (this.#size <= MAX_OUTPUT_BYTES) this.#chunks.push(chunk)
  }

  isFull(): boolean {
    return this.#size > MAX_OUTPUT_BYTES
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}

export type CommandLine = {
  readonly path: string
  readonly format: FileFormat
  /** Before all others. */
  readonly globalOptions: readonly string[]
  readonly inputOptions: readonly string[]
  readonly outputs: readonly { readonly options: readonly string[]; readonly target: string }[]
}

/** The arguments of one run of ffmpeg with one input and several outputs. */
export function commandLine({ path, format, globalOptions, inputOptions, outputs }: CommandLine): string[] {
  const command = fluent({ logger: undefined })
  command.input(fileInput(path)).inputOptions([...inputOptions, ...safeInput(format, path)])
  for (const { options, target } of outputs) command.output(target).outputOptions([...options])
  return [...globalOptions, ...command._getArguments()]
}

/** Descriptor of the file in a program that writes only to stdout and stderr. */
const INPUT_DESCRIPTOR = 3

type RunOptions = RunLimits & { readonly nice: number; readonly onOutput: (chunk: Buffer) => void }

async function runOnInput(
  { inherits, environment, stats }: Input,
  { program, args }: Command,
  { nice, timeoutMs, signal, onOutput }: RunOptions,
): Promise<ErrorLog> {
  const errors = new ErrorLog()
  const end = await runProcess({
    program,
    args,
    sinks: { 1: onOutput, 2: (chunk) => errors.push(chunk) },
    inherits,
    environment,
    signal,
    nice,
    stallMs: timeoutMs,
    timeoutMs,
    limits: {
      memoryBytes: TOOL_MEMORY_BYTES,
      cpuSeconds: timeoutMs / 1000 + 1,
      fileBytes: TOOL_FILE_BYTES,
      confinement: await confinementFor(program, stats),
    },
  })
  if (end.ended !== 'exited' || end.exit !== 0) throw new ProgramFailure(end, errors)
  return errors
}
