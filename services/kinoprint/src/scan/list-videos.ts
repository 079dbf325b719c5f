import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/contract'

export type VideoFile = {
  /** Relative to the folder that was named, with `/` between parts. */
  readonly name: string
  readonly path: string
}

/** Endings of video files. Only MP4 is supported: others are listed so that the user is told, not left to wonder. */
const videoName = /\.(mp4|m4v|mov|3gp|mkv|webm|avi|ts|mpg|mpeg|flv|wmv)$/i

/** Folders below one another that are followed; a link that leads to one of its own parents ends here at the latest. */
const DEPTH_MAX = 32

/**
 * Every video under a folder, by name. Links are followed (also to files outside the folder); a folder that was
 * seen on the way down is not entered again.
 */
export const listVideos = async (folder: string): Promise<VideoFile[]> => {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new Fault('NotFound', `There is no folder ${folder}.`, { cause })
  })
  if (!(await stat(root)).isDirectory()) throw new Fault('InvalidArgument', `${folder} is not a folder.`)
  const videos = await walk(root, [], [root])
  return videos.sort((a, b) => (a.name < b.name ? -1 : 1))
}

const walk = async (
  path: string,
  parts: readonly string[],
  above: readonly string[],
): Promise<VideoFile[]> => {
  if (parts.length > DEPTH_MAX) return []
  const found: VideoFile[] = []
  for (const entry of await readdir(path)) {
    const below = join(path, entry)
    const stats = await stat(below).catch(() => null)
    if (stats?.isDirectory()) {
      const real = await realpath(below)
      if (!above.includes(real)) found.push(...(await walk(below, [...parts, entry], [...above, real])))
    } else if (videoName.test(entry)) {
      // A link that leads nowhere is kept: reading it fails and is reported, rather than silently left out.
      found.push({ name: [...parts, entry].join('/'), path: below })
    }
  }
  return found
}
