import { Fault } from '@kinoprint/core'
import { bundledWarning, findFfmpeg, type Tools } from '@kinoprint/media'
import type { Role, Settings } from '@kinoprint/runtime'

type ToolSettings = Pick<Settings, 'ffmpegPath' | 'ffprobePath' | 'ffmpegStallSeconds' | 'decoderNice'>

/** The ffmpeg and ffprobe that the settings name, or what findFfmpeg finds. */
export const findTools = ({
  ffmpegPath,
  ffprobePath,
  ffmpegStallSeconds,
  decoderNice,
}: ToolSettings): Promise<Tools> =>
  findFfmpeg({
    ffmpegPath: ffmpegPath ?? undefined,
    ffprobePath: ffprobePath ?? undefined,
    stallMs: 1000 * ffmpegStallSeconds,
    decoderNice,
  })

/** What a process that serves runs its files through. */
export type ServerTools = {
  readonly tools: Tools
  /** Why these programs are unsafe for files from strangers; null where they are not. */
  readonly toolsWarning: string | null
}

/**
 * As findTools, for a process that serves. Fault InvalidSettings where `api` or `worker` would run with the old
 * ffmpeg that npm brings and ALLOW_BUNDLED_FFMPEG does not allow it: servers read files from strangers.
 */
export const findServerTools = async (
  settings: ToolSettings & Pick<Settings, 'allowBundledFfmpeg'>,
  { role }: { role: Role },
): Promise<ServerTools> => {
  const tools = await findTools(settings)
  const toolsWarning = bundledWarning(tools)
  const onServers = role === 'api' || role === 'worker'
  if (toolsWarning !== null && onServers && !settings.allowBundledFfmpeg) {
    const anyway = `To run the ${role} with it all the same, set ALLOW_BUNDLED_FFMPEG=true.`
    throw new Fault('InvalidSettings', `${toolsWarning}\n${anyway}`)
  }
  return { tools, toolsWarning }
}
