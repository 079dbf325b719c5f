import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { toolEnvironment } from '../process/program-limits.ts'

export type ToolVersion = {
  /** The text after "version" in the first line: a release, or a revision such as `N-47683-g0e8eb07980`. */
  readonly text: string
  /** Major version of libavcodec, the only number that all builds report in the same way. */
  readonly libavcodecMajor: number
}

const START_TIMEOUT_MS = 20_000
/** libavcodec of ffmpeg 6.0. -fps_mode came with 5.1, but 5.0 shares libavcodec 59 and -vsync works in both. */
const FPS_MODE_SINCE = 60

/** What a program prints for options such as `-version`, which read no file. */
export async function toolOutput(path: string, options: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['-hide_banner', ...options], {
    timeout: START_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    env: toolEnvironment(),
  })
  return stdout
}

/** Runs `program -version`. Throws if it does not start or its output is not that of ffmpeg or ffprobe. */
export async function readToolVersion(path: string): Promise<ToolVersion> {
  const stdout = await toolOutput(path, ['-version'])
  const text = /^(?:ffmpeg|ffprobe) version (\S+)/m.exec(stdout)?.[1]
  const libavcodec = /^libavcodec\s+(\d+)\./m.exec(stdout)?.[1]
  if (text === undefined || libavcodec === undefined) {
    throw new Error(`${path} -version printed: ${stdout.slice(0, 200)}`)
  }
  return { text, libavcodecMajor: Number(libavcodec) }
}

/** Whether a build supports -fps_mode; older ones use -vsync. */
export function hasFpsMode({ libavcodecMajor }: ToolVersion): boolean {
  return libavcodecMajor >= FPS_MODE_SINCE
}
