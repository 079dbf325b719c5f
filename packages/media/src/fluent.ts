import fluent from 'fluent-ffmpeg'
import { CODEC_OPTIONS } from './run/allowed-codecs.ts'
import { confinementFor } from './run/confinement.ts'
import { ErrorLog } from './run/error-log.ts'
import { type Input, withInput } from './run/open-input.ts'
import { TOOL_FILE_BYTES, TOOL_MEMORY_BYTES } from './run/program-limits.ts'
import { type ProcessEnd, runProcess } from './run/run-process.ts'
import type { Tools } from './tools/find-ffmpeg.ts'

/**
 * The one file that knows fluent-ffmpeg, which is archived: what replaces it replaces this. It only puts the
 * arguments together; what runs them is ours, because it knows no limits and kills no group.
 */

/**
 * Input options of every run: the MP4 demuxer only (a text file could be a playlist), local files only, and decoders of
 * usual formats only.
 */
const SAFE_INPUT = ['-f', 'mp4', '-protocol_whitelist', 'file', ...CODEC_OPTIONS] as const

/** The prefix keeps a name such as `http:x` or `-y` from being read as anything but a file. */
const fileInput = (path: string): string => `file:${path}`

/**
 * An input option without effect that shows the file's name in a list of processes: the input itself is a descriptor.
 * (What it separates is printed at a log level that no run has.)
 */
export const nameOption = ({ name }: Pick<Input, 'name'>): readonly string[] => ['-dump_separator', name]

/** Input option of a file whose edit lists leave nothing of it. */
export const editListOptions = ({ ignoresEditList }: { readonly ignoresEditList: boolean }): string[] =>
  ignoresEditList ? ['-ignore_editlist', '1'] : []

export type RunLimits = {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** A program that did not do its work. Its message is the program's own last line, or says how it was ended. */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure'
  readonly ended: ProcessEnd['ended']
  readonly killedBy: NodeJS.Signals | null
  /** It asked for more memory than it may have. */
  readonly outOfMemory: boolean

  constructor(end: ProcessEnd, errors: ErrorLog) {
    super(errors.last || `ended with ${end.killedBy ?? end.exit ?? end.ended}`, { cause: end.startError })
    this.ended = end.ended
    this.killedBy = end.killedBy
    this.outOfMemory = errors.outOfMemory
  }
}

/** ffprobe's whole answer; one for 32 streams has 66 KB. */
const ANSWER_BYTES_MAX = 8 * 1024 ** 2

export type ProbeRun = {
  /** ffprobe's JSON. */
  readonly answer: string
  /** Of a picture that it refused to look at, e.g. `16384x16384`. */
  readonly refusedSize: string | undefined
}

/** Asks about a file; `question` says what is to be shown. Throws ProgramFailure. */
export const runFfprobe = async (
  tools: Tools,
  path: string,
  { timeoutMs, signal, question }: RunLimits & { readonly question: readonly string[] },
): Promise<ProbeRun> => {
  const args = ['-v', 'error', '-print_format', 'json', ...question]
  const chunks: Buffer[] = []
  let size = 0
  const command = { program: tools.ffprobe, args: [...args, ...SAFE_INPUT] }
  const { refusedSize } = await run(command, path, {
    nice: tools.decoderNice,
    // It says nothing before it is done: time without a word is all the time that it has.
    timeoutMs: Math.min(timeoutMs, tools.stallMs),
    signal,
    onOutput: (chunk) => {
      size += chunk.length
      if (size <= ANSWER_BYTES_MAX) chunks.push(chunk)
    },
  })
  if (size > ANSWER_BYTES_MAX) throw new Error('Its header says more than can be read.')
  return { answer: Buffer.concat(chunks).toString('utf8'), refusedSize }
}

/** Runs ffmpeg on a file with these options and an output at `pipe:1`; answers the text. Throws ProgramFailure. */
export const askFfmpeg = async (
  tools: Tools,
  path: string,
  { timeoutMs, signal, inputOptions, outputOptions }: FfmpegQuestion,
): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  await withInput(path, async (input) => {
    const args = commandLine({
      path: input.pathAt(INPUT_DESCRIPTOR),
      globalOptions: ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error'],
      inputOptions: [...nameOption(input), ...inputOptions],
      outputs: [{ options: outputOptions, target: 'pipe:1' }],
    })
    await runOn(
      input,
      { program: tools.ffmpeg, args },
      {
        nice: tools.decoderNice,
        timeoutMs: Math.min(timeoutMs, tools.stallMs),
        signal,
        onOutput: (chunk) => {
          size += chunk.length
          if (size <= ANSWER_BYTES_MAX) chunks.push(chunk)
        },
      },
    )
  })
  return Buffer.concat(chunks).toString('latin1')
}

export type FfmpegQuestion = RunLimits & {
  readonly inputOptions: readonly string[]
  readonly outputOptions: readonly string[]
}

export type CommandLine = {
  readonly path: string
  /** Go before everything, and before the input. */
  readonly globalOptions: readonly string[]
  readonly inputOptions: readonly string[]
  readonly outputs: readonly { readonly options: readonly string[]; readonly target: string }[]
}

/** The arguments of one run of ffmpeg that reads one file and writes several things. */
export const commandLine = ({ path, globalOptions, inputOptions, outputs }: CommandLine): string[] => {
  const command = fluent({ logger: undefined })
  command.input(fileInput(path)).inputOptions([...inputOptions, ...SAFE_INPUT])
  for (const { options, target } of outputs) command.output(target).outputOptions([...options])
  return [...globalOptions, ...command._getArguments()]
}

type Run = RunLimits & { readonly nice: number; readonly onOutput: (chunk: Buffer) => void }

/** Descriptor of the file in a program that writes to the two usual pipes alone. */
const INPUT_DESCRIPTOR = 3

type Command = { readonly program: string; readonly args: readonly string[] }

/** Runs a program whose last argument is a file. */
const run = ({ program, args }: Command, path: string, options: Run): Promise<ErrorLog> =>
  withInput(path, (input) =>
    runOn(
      input,
      { program, args: [...args, ...nameOption(input), fileInput(input.pathAt(INPUT_DESCRIPTOR))] },
      options,
    ),
  )

const runOn = async (
  { handle, stats }: Input,
  { program, args }: Command,
  { nice, timeoutMs, signal, onOutput }: Run,
): Promise<ErrorLog> => {
  const errors = new ErrorLog()
  const end = await runProcess({
    program,
    args,
    sinks: { 1: onOutput, 2: (chunk) => errors.push(chunk) },
    inherits: handle.fd,
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
