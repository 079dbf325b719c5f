import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { videoExtensions } from '@kinoprint/media'

export type VideoFile = {
  /** Path relative to the folder, with `/` between parts. */
  readonly name: string
  readonly path: string
}

export type VideoFolder = {
  /** The path that the user entered. */
  readonly folder: string
  /** The real path, with links resolved. */
  readonly root: string
  /** Sorted by name. */
  readonly videos: readonly VideoFile[]
  /** Names of files without a video extension, sorted. */
  readonly others: readonly string[]
  /** Names of subfolders that cannot be listed, sorted. Their contents are unknown. */
  readonly unlisted: readonly string[]
}

function isVideoName(name: string): boolean {
  return videoExtensions.some((extension) => name.toLowerCase().endsWith(`.${extension}`))
}

/** Maximum depth of subfolders: the last resort against circular links. */
const DEPTH_MAX = 32

type Found = { readonly videos: VideoFile[]; readonly others: string[]; readonly unlisted: string[] }

/**
 * Lists every file under a folder. Follows links, even out of the folder, but never back into a parent.
 *
 * @throws Fault NotFound if the folder does not exist, InvalidArgument if it is not a folder or has no video.
 */
export async function listVideos(folder: string): Promise<VideoFolder> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new Fault('NotFound', `The folder ${folder} does not exist.`, { cause })
  })
  if (!(await stat(root)).isDirectory()) throw new Fault('InvalidArgument', `${folder} is not a folder.`)
  const found: Found = { videos: [], others: [], unlisted: [] }
  await walk(found, { path: root, parts: [], above: [root] })
  if (found.videos.length === 0) {
    const beside = found.others.length === 0 ? '' : ` It also contains other files: ${found.others.length}.`
    const message = `${folder} contains no video.${beside} Video names end in .${videoExtensions.join(', .')}.`
    throw new Fault('InvalidArgument', message)
  }
  const videos = found.videos.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { folder, root, videos, others: found.others.sort(), unlisted: found.unlisted.sort() }
}

type Step = { readonly path: string; readonly parts: readonly string[]; readonly above: readonly string[] }

async function walk(found: Found, { path, parts, above }: Step): Promise<void> {
  if (parts.length > DEPTH_MAX) return
  const entries = await readdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (parts.length === 0) throw cause
    found.unlisted.push(parts.join('/'))
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
      // A broken link is kept: reading it fails and is reported, instead of being skipped silently.
      found.videos.push({ name, path: below })
    } else {
      found.others.push(name)
    }
  }
}
