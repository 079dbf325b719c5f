import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findFfmpeg, type Tools } from '../tools/find-ffmpeg.ts'
import { packagedTool } from '../tools/packaged-tool.ts'

const run = promisify(execFile)

/** Small and quick to encode, but with B-frames, as real files have. */
export const H264 = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-bf',
  '2',
  '-b_strategy',
  '0',
  '-pix_fmt',
  'yuv420p',
]
export const AAC = ['-c:a', 'aac', '-b:a', '64k']

export type Workshop = {
  readonly dir: string
  /** The system's programs where there are any. */
  readonly tools: Tools
  /** The programs of the npm packages, whatever the system has. */
  readonly packaged: Tools
  /** Runs ffmpeg with these arguments and answers the path of the file it made. */
  readonly render: (name: string, args: readonly string[]) => Promise<string>
  /** Times in ms of all pictures, from the presentation's start, as ffprobe reads them. */
  readonly pictureTimes: (path: string) => Promise<number[]>
  readonly close: () => Promise<void>
}

/** A temporary folder in which tests render the videos that they need. */
export const openWorkshop = async (): Promise<Workshop> => {
  const dir = await mkdtemp(join(tmpdir(), 'kinoprint-media-test-'))
  const tools = await findFfmpeg()
  const packaged = await findFfmpeg({
    ffmpegPath: await packagedTool('ffmpeg'),
    ffprobePath: await packagedTool('ffprobe'),
  })
  const render = async (name: string, args: readonly string[]): Promise<string> => {
    const path = join(dir, name)
    await run(tools.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, path])
    return path
  }
  const pictureTimes = async (path: string): Promise<number[]> => {
    const entries = ['-show_entries', 'format=start_time:frame=pts_time', '-of', 'csv']
    const { stdout } = await run(tools.ffprobe, ['-v', 'error', '-select_streams', 'v:0', ...entries, path])
    const start = Number(/^format,(\S+)/m.exec(stdout)?.[1])
    return [...stdout.matchAll(/^frame,([\d.-]+)/gm)].map((match) => 1000 * (Number(match[1]) - start))
  }
  return { dir, tools, packaged, render, pictureTimes, close: () => rm(dir, { recursive: true }) }
}

/** A source filter of moving bars and a counter. */
export const pictures = (seconds: number, rate: number | string, size = '160x120'): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`,
]

export const tone = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=440:duration=${seconds}`]
