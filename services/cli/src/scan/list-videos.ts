import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'

export type VideoFile = {
  /** Relative to the folder that was named, with `/` between parts. */
  readonly name: string
  readonly path: string
}

export type VideoFolder = {
  /** As the user named it. */
  readonly folder: string
  /** The folder itself, without links. */
  readonly root: string
  /** By name. */
  readonly videos: readonly VideoFile[]
  /** Names of files that are no video by their ending, sorted. */
  readonly others: readonly string[]
  /** Names of folders below that cannot be listed, sorted. What lies in them is unknown. */
  readonly closed: readonly string[]
}

/** Endings of video files. Only MP4 is supported: the others are read so that the refusal names them. */
const ENDINGS = ['mp4', 'm4v', 'mov', '3gp', 'mkv', 'webm', 'avi', 'ts', 'mpg', 'mpeg', 'flv', 'wmv']
const isVideoName = (name: string): boolean =>
  ENDINGS.some((ending) => name.toLowerCase().endsWith(`.${ending}`))

/** Folders below one another that are followed; a link that leads to one of its own parents ends here at the latest. */
const DEPTH_MAX = 32

type Found = { readonly videos: VideoFile[]; readonly others: string[]; readonly closed: string[] }

/**
 * Every file under a folder. Links are followed (also to files outside the folder); a folder that was seen on the
 * way down is not entered again.
 *
 * @throws Fault NotFound, or InvalidArgument where it is no folder or holds no video.
 */
export const listVideos = async (folder: string): Promise<VideoFolder> => {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new Fault('NotFound', `There is no folder ${folder}.`, { cause })
  })
  if (!(await stat(root)).isDirectory()) throw new Fault('InvalidArgument', `${folder} is not a folder.`)
  const found: Found = { videos: [], others: [], closed: [] }
  await walk(found, { path: root, parts: [], above: [root] })
  if (found.videos.length === 0) {
    const beside = found.others.length === 0 ? '' : ` Files of other kinds in it: ${found.others.length}.`
    const message = `There is no video in ${folder}.${beside} Names of videos end in .${ENDINGS.join(', .')}.`
    throw new Fault('InvalidArgument', message)
  }
  const videos = found.videos.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { folder, root, videos, others: found.others.sort(), closed: found.closed.sort() }
}

type Step = { readonly path: string; readonly parts: readonly string[]; readonly above: readonly string[] }

const walk = async (found: Found, { path, parts, above }: Step): Promise<void> => {
  if (parts.length > DEPTH_MAX) return
  const entries = await readdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (parts.length === 0) throw cause
    found.closed.push(parts.join('/'))
    return []
  })
  for (const entry of entries) {
    const below = join(path, entry)
    const name = [...parts, entry].join('/')
    const stats = await stat(below).catch(() => null)
    if (stats?.isDirectory()) {
      const real = await realpath(below)
      if (!above.includes(real)) {
        await walk(found, { path: below, parts: [...parts, entry], above: [...above, real] })
      }
    } else if (isVideoName(entry)) {
      // A link that leads nowhere is kept: reading it fails and is reported, rather than silently left out.
      found.videos.push({ name, path: below })
    } else {
      found.others.push(name)
    }
  }
}
