import { Fault } from '@kinoprint/core'
import { bundledWarning, findFfmpeg, type Tools } from '@kinoprint/media'
import type { Role, Settings } from '@kinoprint/runtime'

export type ToolSettings = Pick<
  Settings,
  'ffmpegPath' | 'ffprobePath' | 'ffmpegStallSeconds' | 'decoderNice' | 'inputFormats' | 'ffmpegHwaccel'
>

/** Finds the ffmpeg and ffprobe named in the settings, or else the installed ones. */
export function findTools({
  ffmpegPath,
  ffprobePath,
  ffmpegStallSeconds,
  decoderNice,
  inputFormats,
  ffmpegHwaccel,
}: ToolSettings): Promise<Tools> {
  return findFfmpeg({
    ffmpegPath: ffmpegPath ?? undefined,
    ffprobePath: ffprobePath ?? undefined,
    stallMs: 1000 * ffmpegStallSeconds,
    decoderNice,
    inputFormats,
    hwaccel: ffmpegHwaccel,
  })
}

/** The decoder programs of a server process. */
export type ServerTools = {
  readonly tools: Tools
  /** Why these programs are unsafe for untrusted files, or null. */
  readonly toolsWarning: string | null
}

/**
 * Finds the decoder programs of a server process.
 *
 * @throws Fault InvalidSettings if `api` or `worker` would run with the outdated ffmpeg from npm without
 * ALLOW_BUNDLED_FFMPEG, because servers read untrusted files.
 */
export async function findServerTools(
  settings: ToolSettings & Pick<Settings, 'allowBundledFfmpeg'>,
  { role }: { role: Role },
): Promise<ServerTools> {
  const tools = await findTools(settings)
  const toolsWarning = bundledWarning(tools)
  const onServers = role === 'api' || role === 'worker'
  if (toolsWarning !== null && onServers && !settings.allowBundledFfmpeg) {
    const anyway = `To run the ${role} with it anyway, set ALLOW_BUNDLED_FFMPEG=true.`
    throw new Fault('InvalidSettings', `${toolsWarning}\n${anyway}`)
  }
  return { tools, toolsWarning }
}
