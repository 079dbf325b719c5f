import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { asksForFpsMode, askVersion, type ToolVersion } from './ask-version.ts'
import { packagedTool } from './packaged-tool.ts'

/** Where a program came from: a setting, the PATH, or the npm package that carries one. */
export type ToolSource = 'setting' | 'system' | 'package'

/** The two programs that everything here runs. Made by findFfmpeg only. */
export type Tools = {
  /** Absolute path, or a name that the operator has set. */
  readonly ffmpeg: string
  readonly ffprobe: string
  readonly source: ToolSource
  readonly ffprobeSource: ToolSource
  /** As the program prints it, e.g. `5.1.9-0+deb12u1`. */
  readonly version: string
  readonly ffprobeVersion: string
  /** `-fps_mode` replaced `-vsync`; each build must get the one it knows. */
  readonly frameSyncOption: '-vsync' | '-fps_mode'
  /** A run of either that shows no byte and no sign of progress for so many milliseconds is ended. */
  readonly stallMs: number
  /** Autogroup nice value of every run of either, 0 to 19; only Linux knows it. */
  readonly decoderNice: number
}

export type FindFfmpegOptions = {
  readonly ffmpegPath?: string | undefined
  readonly ffprobePath?: string | undefined
  /** See Tools; two minutes unless given. */
  readonly stallMs?: number | undefined
  /** See Tools; 0, which leaves the priority as it is, unless given. */
  readonly decoderNice?: number | undefined
  /** Searched for the system's programs; the process's own PATH unless given. */
  readonly searchPath?: string | undefined
}

/** Far longer than the disk or the network of a store pauses, far shorter than a place of a worker may be lost. */
const DEFAULT_STALL_MS = 120_000

type ToolName = 'ffmpeg' | 'ffprobe'
type Found = { readonly path: string; readonly source: ToolSource; readonly version: ToolVersion }

/**
 * Runs once at start. The setting wins and must work; then the system's program; then the packaged one.
 * Each candidate is run (`-version`), because a file that exists may be built for another machine.
 *
 * @example const tools = await findFfmpeg({ ffmpegPath: process.env.FFMPEG_PATH })
 */
export const findFfmpeg = async ({
  ffmpegPath,
  ffprobePath,
  stallMs = DEFAULT_STALL_MS,
  decoderNice = 0,
  searchPath = process.env.PATH ?? '',
}: FindFfmpegOptions = {}): Promise<Tools> => {
  const [ffmpeg, ffprobe] = await Promise.all([
    findTool('ffmpeg', ffmpegPath, searchPath),
    findTool('ffprobe', ffprobePath, searchPath),
  ])
  return {
    ffmpeg: ffmpeg.path,
    ffprobe: ffprobe.path,
    source: ffmpeg.source,
    ffprobeSource: ffprobe.source,
    version: ffmpeg.version.text,
    ffprobeVersion: ffprobe.version.text,
    frameSyncOption: asksForFpsMode(ffmpeg.version) ? '-fps_mode' : '-vsync',
    stallMs,
    decoderNice,
  }
}

/** One line for the log at start: which programs run, and from where. */
export const describeTools = (tools: Tools): string =>
  `ffmpeg ${tools.version} (${tools.source}: ${tools.ffmpeg}), ` +
  `ffprobe ${tools.ffprobeVersion} (${tools.ffprobeSource}: ${tools.ffprobe})`

const findTool = async (name: ToolName, setting: string | undefined, searchPath: string): Promise<Found> => {
  if (setting !== undefined && setting !== '') return fromSetting(name, setting)
  return (await fromSystem(name, searchPath)) ?? (await fromPackage(name))
}

const fromSetting = async (name: ToolName, path: string): Promise<Found> => {
  const variable = name === 'ffmpeg' ? 'FFMPEG_PATH' : 'FFPROBE_PATH'
  try {
    return { path, source: 'setting', version: await askVersion(path) }
  } catch (cause) {
    const message = `${variable} names ${path}, which does not run as ${name}. Correct it, or leave it empty to use the system's.`
    throw new Fault('InvalidSettings', message, { cause })
  }
}

const fromSystem = async (name: ToolName, searchPath: string): Promise<Found | undefined> => {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '') continue
    const path = join(folder, name)
    try {
      await access(path, constants.X_OK)
      return { path, source: 'system', version: await askVersion(path) }
    } catch {
      // Absent or broken: the next folder, and in the end the package, may have one that runs.
    }
  }
  return undefined
}

const fromPackage = async (name: ToolName): Promise<Found> => {
  try {
    const path = await packagedTool(name)
    return { path, source: 'package', version: await askVersion(path) }
  } catch (cause) {
    const variable = name === 'ffmpeg' ? 'FFMPEG_PATH' : 'FFPROBE_PATH'
    const message = `No ${name} was found that runs here. Install the system's ffmpeg (Debian: apt-get install ffmpeg) or set ${variable}.`
    throw new Fault('InvalidSettings', message, { cause })
  }
}
