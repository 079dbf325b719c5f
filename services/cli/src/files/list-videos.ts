import type { Dirent, Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Fault, type InputFormat } from '@kinoprint/core'
import { extensionsOf, videoExtensions } from '@kinoprint/media'

export type VideoFile = {
  /** Path relative to the folder, with `/` between parts. */
  readonly name: string
  readonly path: string
  /** Null for a broken link, and for a file that cannot be opened. */
  readonly stats: Stats | null
  /** Whether the file or a folder above it is a symbolic link. */
  readonly isLink: boolean
}

/** A file that is not read, and why. */
type Skipped = { readonly name: string; readonly reason: string }

export type VideoFolder = {
  /** The path that the user entered. */
  readonly folder: string
  /** The real path, with links resolved. */
  readonly root: string
  /** Sorted by name. */
  readonly videos: readonly VideoFile[]
  /** Files and folders that are not read, sorted by name. */
  readonly skipped: readonly Skipped[]
  /** Names of subfolders that cannot be listed, sorted. Their contents are unknown. */
  readonly unlisted: readonly string[]
}

export type ListOptions = {
  /** Skips files and folders whose names begin with a dot. */
  readonly skipHidden?: boolean
  /** Skips symbolic links to files and folders. */
  readonly skipLinks?: boolean
  /** Why a file or folder is skipped, by its name and its real folder; null to read it. */
  readonly exclude?: (name: string, path: string) => string | null
  /** Formats whose files are listed. Default: those of videos. */
  readonly formats?: readonly InputFormat[]
  /** Also takes the path of one file, with any name. */
  readonly mayBeFile?: boolean
  /** Returns a folder without videos instead of throwing. */
  readonly mayBeEmpty?: boolean
}

/** What the listed files are called in messages, and the extensions of their names. */
type Wanted = { readonly noun: string; readonly extensions: readonly string[] }

function wantedOf({ formats }: ListOptions): Wanted {
  if (formats === undefined) return { noun: 'video', extensions: videoExtensions }
  const others = [
    ...(formats.includes('pictures') ? ['picture'] : []),
    ...(formats.includes('sound') ? ['sound file'] : []),
  ]
  const noun = ['video', ...others].join(', ').replace(/, ([^,]*)$/, ' or $1')
  return { noun, extensions: extensionsOf(formats) }
}

/** Maximum depth of subfolders: the last resort against circular links. */
const DEPTH_MAX = 32

/** What Node.js puts in place of bytes of a name that are not UTF-8. Such a name leads to no file. */
const NOT_UTF8 = '\ufffd'

/** Why a folder of `unlisted` is missing. */
export const UNLISTED = 'no permission to list the folder. Grant read access to it.'

const APPLE_DOUBLE = 'macOS keeps attributes of another file in it (AppleDouble)'

type Found = {
  readonly options: ListOptions
  readonly wanted: Wanted
  readonly videos: VideoFile[]
  readonly skipped: Skipped[]
  readonly unlisted: string[]
}

/**
 * Lists every file under a folder. Follows links, even out of the folder, but never back into a parent.
 *
 * @throws Fault InvalidArgument if the folder does not exist, is not a folder, or has no video.
 */
export async function listVideos(folder: string, options: ListOptions = {}): Promise<VideoFolder> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new Fault('InvalidArgument', `The folder ${folder} does not exist.`, { cause })
  })
  const stats = await stat(root)
  if (stats.isFile() && options.mayBeFile === true) {
    const only = { name: basename(folder), path: folder, stats, isLink: false }
    return { folder: dirname(folder), root: dirname(root), videos: [only], skipped: [], unlisted: [] }
  }
  if (!stats.isDirectory()) throw new Fault('InvalidArgument', `${folder} is not a folder.`)
  const wanted = wantedOf(options)
  const found: Found = { options, wanted, videos: [], skipped: [], unlisted: [] }
  await walk(found, { path: root, parts: [], above: [root], isLink: false })
  if (found.videos.length === 0 && options.mayBeEmpty !== true) {
    const beside = found.skipped.length === 0 ? '' : ` It also contains other files: ${found.skipped.length}.`
    const message = `${folder} contains no ${wanted.noun}.${beside} Their names end in .${wanted.extensions.join(', .')}.`
    throw new Fault('InvalidArgument', message)
  }
  const videos = found.videos.sort(byName)
  return { folder, root, videos, skipped: found.skipped.sort(byName), unlisted: found.unlisted.sort() }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

type Step = {
  readonly path: string
  readonly parts: readonly string[]
  readonly above: readonly string[]
  readonly isLink: boolean
}

async function walk(found: Found, step: Step): Promise<void> {
  const { path, parts } = step
  if (parts.length > DEPTH_MAX) {
    found.skipped.push({ name: parts.join('/'), reason: `more than ${DEPTH_MAX} folders deep` })
    return
  }
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (parts.length === 0) throw cause
    found.unlisted.push(parts.join('/'))
    return []
  })
  for (const entry of entries) await visit(found, step, entry)
}

async function visit(found: Found, { path, parts, above, ...step }: Step, entry: Dirent): Promise<void> {
  const below = join(path, entry.name)
  const name = [...parts, entry.name].join('/')
  const isLink = step.isLink || entry.isSymbolicLink()
  const skip = (reason: string): void => void found.skipped.push({ name, reason })
  const excluded = exclusionOf(found.options, name, below)
  if (excluded !== null) return skip(excluded)
  if (found.options.skipLinks && entry.isSymbolicLink()) return skip('a symbolic link')
  const stats = await stat(below).catch(() => null)
  if (stats === null && entry.name.includes(NOT_UTF8)) return skip('its name is not UTF-8 text')
  if (stats?.isDirectory()) {
    const real = await realpath(below)
    if (above.includes(real)) return skip('the link leads back to a folder above it')
    return walk(found, { path: below, parts: [...parts, entry.name], above: [...above, real], isLink })
  }
  const reason = nameReason(entry.name, found.wanted)
  if (reason !== null) return skip(reason)
  if (stats !== null && !stats.isFile()) return skip('a pipe, a socket or a device')
  // A broken link is kept: reading it fails and is reported, instead of being skipped silently.
  found.videos.push({ name, path: below, stats, isLink })
}

/** Why a file of this name is not a video; null if it may be one. */
function nameReason(name: string, { noun, extensions }: Wanted): string | null {
  if (name.startsWith('._')) return APPLE_DOUBLE
  const isWanted = extensions.some((extension) => name.toLowerCase().endsWith(`.${extension}`))
  return isWanted ? null : `its name is not that of a ${noun}`
}

/** Why `listVideos` would skip a file below a folder by its name; null if it would not. */
export function skipReason(name: string, options: ListOptions): string | null {
  const parts = name.split('/')
  const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  const excluded = paths.map((path) => exclusionOf(options, path, path)).find((reason) => reason !== null)
  return excluded ?? nameReason(parts.at(-1) ?? '', wantedOf(options))
}

function exclusionOf({ skipHidden, exclude }: ListOptions, name: string, path: string): string | null {
  const last = name.slice(name.lastIndexOf('/') + 1)
  if (skipHidden && last.startsWith('.')) return last.startsWith('._') ? APPLE_DOUBLE : 'hidden'
  return exclude?.(name, path) ?? null
}
