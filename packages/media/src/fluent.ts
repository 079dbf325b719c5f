import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import fluent, { type FfprobeData } from 'fluent-ffmpeg'
import type { Tools } from './tools/find-ffmpeg.ts'

/** The one file that knows fluent-ffmpeg, which is archived: what replaces it replaces this. */

/** Input options of every run: the MP4 demuxer only (a text file could be a playlist), local files only. */
export const SAFE_INPUT = ['-f', 'mp4', '-protocol_whitelist', 'file,pipe'] as const

/** The prefix keeps a name such as `http:x` or `-y` from being read as anything but a file. */
export const fileInput = (path: string): string => `file:${path}`

export type RunLimits = {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export class ProgramTimeout extends Error {
  override readonly name = 'ProgramTimeout'
}

/** Reads a file's header. Rejects with ffprobe's own words, ProgramTimeout, or the signal's reason. */
export const runFfprobe = async (tools: Tools, path: string, limits: RunLimits): Promise<FfprobeData> => {
  const command = fluent()
  command.setFfprobePath(tools.ffprobe)
  command.input(fileInput(path))
  return new Promise((resolve, reject) => {
    const child = firstChildOf(() =>
      command.ffprobe(['-v', 'error', ...SAFE_INPUT], (error: unknown, data: FfprobeData) => {
        stop()
        if (error) reject(error)
        else resolve(data)
      }),
    )
    const stop = limit(limits, (reason) => {
      child?.kill('SIGKILL')
      reject(reason)
    })
  })
}

export type StillRun = {
  readonly inputOptions: readonly string[]
  readonly outputOptions: readonly string[]
  /** Path, or the pattern of paths, that ffmpeg's image2 writes. */
  readonly output: string
}

/** Runs ffmpeg once to write pictures. Rejects with ffmpeg's own words, ProgramTimeout, or the signal's reason. */
export const runStills = async (
  tools: Tools,
  path: string,
  { inputOptions, outputOptions, output, ...limits }: StillRun & RunLimits,
): Promise<void> => {
  const command = fluent({ logger: undefined })
  command.setFfmpegPath(tools.ffmpeg)
  command.setFfprobePath(tools.ffprobe)
  command.input(fileInput(path)).inputOptions([...SAFE_INPUT, ...inputOptions])
  command.outputOptions([...outputOptions]).output(output)
  return new Promise((resolve, reject) => {
    const stop = limit(limits, (reason) => {
      command.kill('SIGKILL')
      reject(reason)
    })
    command.on('error', (error: Error) => {
      stop()
      reject(error)
    })
    command.on('end', () => {
      stop()
      resolve()
    })
    command.run()
  })
}

/**
 * The child that `start` spawns before it returns. fluent-ffmpeg's ffprobe gives no handle, and without one
 * a probe that hangs could not be killed; Node's own diagnostics channel names each new child.
 */
const firstChildOf = (start: () => void): ChildProcess | undefined => {
  let child: ChildProcess | undefined
  const note = (message: unknown): void => {
    child ??= (message as { process: ChildProcess }).process
  }
  subscribe('child_process', note)
  try {
    start()
  } finally {
    unsubscribe('child_process', note)
  }
  return child
}

/** Calls `end` once at the time-out or at the signal; the returned function disarms both. */
const limit = ({ timeoutMs, signal }: RunLimits, end: (reason: unknown) => void): (() => void) => {
  const onAbort = (): void => end(signal?.reason)
  const timer = setTimeout(() => end(new ProgramTimeout(`No answer within ${timeoutMs} ms.`)), timeoutMs)
  if (signal?.aborted) queueMicrotask(onAbort)
  else signal?.addEventListener('abort', onAbort, { once: true })
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
