import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { Fault, type InputFormat } from '@kinoprint/core'
import { bundledTool } from './bundled-tool.ts'
import { findHwaccel, type Hwaccel, type HwaccelSetting } from './find-hwaccel.ts'
import { hasFpsMode, readToolVersion, type ToolVersion } from './tool-version.ts'

/** Where a program comes from: a setting, the PATH, or the npm package that bundles one. */
type ToolSource = 'setting' | 'system' | 'bundled'

/** ffmpeg and ffprobe, and how to run them. Created only by findFfmpeg. */
export type Tools = {
  /** Absolute path, or a name from a setting. */
  readonly ffmpeg: string
  readonly ffprobe: string
  readonly source: ToolSource
  readonly ffprobeSource: ToolSource
  /** As the program prints it, e.g. `5.1.9-0+deb12u1`. */
  readonly version: string
  readonly ffprobeVersion: string
  /** `-fps_mode` replaced `-vsync`; each build gets the option that it knows. */
  readonly frameSyncOption: '-vsync' | '-fps_mode'
  /** Milliseconds without output or activity after which a program is killed. */
  readonly stallMs: number
  /** Autogroup nice value of both programs, 0 to 19. Effective on Linux only. */
  readonly decoderNice: number
  /** Formats of files that they may open. */
  readonly inputFormats: readonly InputFormat[]
  readonly hwaccel: Hwaccel
}

export type FindFfmpegOptions = {
  readonly ffmpegPath?: string | undefined
  readonly ffprobePath?: string | undefined
  /** See Tools. Default: two minutes. */
  readonly stallMs?: number | undefined
  /** See Tools. Default: 0, the priority of this process. */
  readonly decoderNice?: number | undefined
  /** See Tools. Default: MP4 only. */
  readonly inputFormats?: readonly InputFormat[] | undefined
  /** Hardware that decodes, if it can be opened. Default: none. */
  readonly hwaccel?: HwaccelSetting | undefined
  /** Where to search for installed programs. Default: the PATH of this process. */
  readonly searchPath?: string | undefined
}

/** Far longer than a disk or network store pauses, far shorter than the loss of a worker slot can be tolerated. */
const DEFAULT_STALL_MS = 120_000

type ToolName = 'ffmpeg' | 'ffprobe'
type Found = { readonly path: string; readonly source: ToolSource; readonly version: ToolVersion }

/**
 * Finds ffmpeg and ffprobe; called once at startup. A configured program takes precedence and must work, followed by
 * the installed program and the bundled one. Each candidate is run (`-version`), because an existing file may be built
 * for another machine.
 *
 * @throws Fault InvalidSettings that names the setting, or says what to install.
 * @example const tools = await findFfmpeg({ ffmpegPath: process.env.FFMPEG_PATH })
 */
export async function findFfmpeg({
  ffmpegPath,
  ffprobePath,
  stallMs = DEFAULT_STALL_MS,
  decoderNice = 0,
  inputFormats = ['mp4'],
  hwaccel = 'none',
  searchPath = process.env.PATH ?? '',
}: FindFfmpegOptions = {}): Promise<Tools> {
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
    frameSyncOption: hasFpsMode(ffmpeg.version) ? '-fps_mode' : '-vsync',
    stallMs,
    decoderNice,
    inputFormats,
    hwaccel: await findHwaccel(ffmpeg.path, hwaccel),
  }
}

/** One line for the log: which programs run, and where they come from. */
export function describeTools(tools: Tools): string {
  return (
    `ffmpeg ${tools.version} (${tools.source}: ${tools.ffmpeg}), ` +
    `ffprobe ${tools.ffprobeVersion} (${tools.ffprobeSource}: ${tools.ffprobe})${describeHwaccel(tools.hwaccel)}`
  )
}

function describeHwaccel({ method, problem }: Hwaccel): string {
  if (method !== null) return `, decoding with ${method}`
  return problem === null ? '' : `, decoding in software (${problem})`
}

async function findTool(name: ToolName, setting: string | undefined, searchPath: string): Promise<Found> {
  if (setting !== undefined && setting !== '') return fromSetting(name, setting)
  return (await fromSystem(name, searchPath)) ?? (await fromBundle(name))
}

function variableOf(name: ToolName): string {
  return name === 'ffmpeg' ? 'FFMPEG_PATH' : 'FFPROBE_PATH'
}

async function fromSetting(name: ToolName, path: string): Promise<Found> {
  try {
    return { path, source: 'setting', version: await readToolVersion(path) }
  } catch (cause) {
    const message = `${variableOf(name)} is ${path}, which does not run as ${name}. Correct it, or unset it to use the installed ${name}.`
    throw new Fault('InvalidSettings', message, { cause })
  }
}

async function fromSystem(name: ToolName, searchPath: string): Promise<Found | undefined> {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '') continue
    const path = join(folder, name)
    try {
      await access(path, constants.X_OK)
      return { path, source: 'system', version: await readToolVersion(path) }
    } catch {
      // Missing or broken. Another folder, or the npm package, may have one that runs.
    }
  }
  return undefined
}

async function fromBundle(name: ToolName): Promise<Found> {
  try {
    const path = await bundledTool(name)
    return { path, source: 'bundled', version: await readToolVersion(path) }
  } catch (cause) {
    const message = `No working ${name} was found. Install ffmpeg (Debian: apt-get install ffmpeg) or set ${variableOf(name)}.`
    throw new Fault('InvalidSettings', message, { cause })
  }
}
