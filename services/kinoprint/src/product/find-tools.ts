import { findFfmpeg, type Tools } from '@kinoprint/media'
import type { Settings } from '@kinoprint/runtime'

/** The ffmpeg and ffprobe that the settings name, or what findFfmpeg finds. */
export const findTools = ({
  ffmpegPath,
  ffprobePath,
  ffmpegStallSeconds,
}: Pick<Settings, 'ffmpegPath' | 'ffprobePath' | 'ffmpegStallSeconds'>): Promise<Tools> =>
  findFfmpeg({
    ffmpegPath: ffmpegPath ?? undefined,
    ffprobePath: ffprobePath ?? undefined,
    stallMs: 1000 * ffmpegStallSeconds,
  })
