import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { toolEnvironment } from '../run/program-limits.ts'

export type ToolVersion = {
  /** What stands after "version" in the first line: a release, or a revision such as `N-47683-g0e8eb07980`. */
  readonly text: string
  /** Major version of libavcodec: the only number that every build states alike. */
  readonly libavcodecMajor: number
}

const START_TIMEOUT_MS = 20_000
/** libavcodec of ffmpeg 6.0. -fps_mode came with 5.1, but 5.0 shares libavcodec 59 and -vsync works in both. */
const FPS_MODE_SINCE = 60

/** Runs `program -version`. Throws when it does not start or does not answer like ffmpeg. */
export const askVersion = async (path: string): Promise<ToolVersion> => {
  const { stdout } = await promisify(execFile)(path, ['-hide_banner', '-version'], {
    timeout: START_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    env: toolEnvironment(),
  })
  const text = /^(?:ffmpeg|ffprobe) version (\S+)/m.exec(stdout)?.[1]
  const libavcodec = /^libavcodec\s+(\d+)\./m.exec(stdout)?.[1]
  if (text === undefined || libavcodec === undefined) {
    throw new Error(`${path} -version answered: ${stdout.slice(0, 200)}`)
  }
  return { text, libavcodecMajor: Number(libavcodec) }
}

export const asksForFpsMode = ({ libavcodecMajor }: ToolVersion): boolean => libavcodecMajor >= FPS_MODE_SINCE
