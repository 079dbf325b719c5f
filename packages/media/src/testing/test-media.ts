import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundledTool } from '../tools/bundled-tool.ts'
import { findFfmpeg, type Tools } from '../tools/find-ffmpeg.ts'

const run = promisify(execFile)

export { SAMPLING } from './test-sampling.ts'

/** Small and quick to encode, but with B-frames, as real files have. */
export const H264 = [
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-b_strategy', '0'],
  ...['-pix_fmt', 'yuv420p'],
]
export const AAC = ['-c:a', 'aac', '-b:a', '64k']

export type TestMedia = {
  readonly dir: string
  /** The installed programs, if there are any. */
  readonly system: Tools
  /** The programs of the npm packages. */
  readonly bundled: Tools
  /** Runs ffmpeg with these arguments and returns the path of the file that it wrote. */
  readonly render: (name: string, args: readonly string[]) => Promise<string>
  /** Times of all frames in ms from the start of the presentation, as ffprobe reads them. */
  readonly frameTimes: (path: string) => Promise<number[]>
  readonly close: () => Promise<void>
}

/** A temporary folder in which tests render the videos that they need. */
export async function openTestMedia(): Promise<TestMedia> {
  const dir = await mkdtemp(join(tmpdir(), 'kinoprint-media-test-'))
  const system = await findFfmpeg()
  const bundled = await findFfmpeg({
    ffmpegPath: await bundledTool('ffmpeg'),
    ffprobePath: await bundledTool('ffprobe'),
  })
  const render = async (name: string, args: readonly string[]): Promise<string> => {
    const path = join(dir, name)
    await run(system.ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, path])
    return path
  }
  const frameTimes = async (path: string): Promise<number[]> => {
    const entries = ['-show_entries', 'format=start_time:frame=pts_time', '-of', 'csv']
    const { stdout } = await run(system.ffprobe, ['-v', 'error', '-select_streams', 'v:0', ...entries, path])
    const start = Number(/^format,(\S+)/m.exec(stdout)?.[1])
    return [...stdout.matchAll(/^frame,([\d.-]+)/gm)].map((match) => 1000 * (Number(match[1]) - start))
  }
  return { dir, system, bundled, render, frameTimes, close: () => rm(dir, { recursive: true }) }
}

/** Source of moving bars and a counter. */
export function pictures(seconds: number, rate: number | string, size = '160x120'): string[] {
  return ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`]
}

export function tone(seconds: number): string[] {
  return ['-f', 'lavfi', '-i', `sine=440:duration=${seconds}`]
}
