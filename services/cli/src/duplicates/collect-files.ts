import type { Stats } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { listVideos, UNLISTED, type VideoFile } from '../files/list-videos.ts'

/** A video file of the folders, once for each file on disk. */
export type FoundFile = {
  /** The path under which the user finds it. */
  readonly path: string
  /** Path below its folder. */
  readonly name: string
  readonly stats: Stats
  readonly isReference: boolean
  /** False if it is reached through a symbolic link. */
  readonly isOwn: boolean
}

export type Collected = {
  readonly files: readonly FoundFile[]
  /** Every file that is left out, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
  /** Files and folders that cannot be read. */
  readonly unreadable: readonly string[]
}

export type CollectOptions = {
  readonly folders: readonly string[]
  readonly references: readonly string[]
  readonly exclude: (name: string) => string | null
  /** A folder that is not read: where spare files are moved to. */
  readonly except: string | undefined
}

const DEAD_LINK = 'the link leads to no file. Remove or correct it.'
const UNREACHED = 'it cannot be opened. Check its permissions, and whether it still exists.'

type Entry = FoundFile & { readonly id: string; readonly real: string }

/**
 * Lists the video files of all folders, each file on disk once, references first. Hidden files and AppleDouble files are
 * left out, and further names of a file: symbolic links, hard links and overlapping folders.
 *
 * @throws Fault InvalidArgument if a folder does not exist, or there is no video at all.
 */
export async function collectFiles({
  folders,
  references,
  exclude,
  except,
}: CollectOptions): Promise<Collected> {
  const skipped: { path: string; reason: string }[] = []
  const unreadable: string[] = []
  const entries: Entry[] = []
  const barred = except === undefined ? null : await realpath(except).catch(() => null)
  const asked = [
    ...references.map((folder) => ({ folder, isReference: true })),
    ...folders.map((folder) => ({ folder, isReference: false })),
  ]
  for (const { folder, isReference } of asked) {
    const excluded = (name: string, path: string): string | null =>
      barred !== null && path === barred ? 'spare files are moved to it' : exclude(name)
    const listed = await listVideos(folder, { skipHidden: true, mayBeEmpty: true, exclude: excluded })
    for (const { name, reason } of listed.skipped) skipped.push({ path: join(folder, name), reason })
    for (const name of listed.unlisted) unreadable.push(`${join(folder, name)}: ${UNLISTED}`)
    for (const file of listed.videos) {
      const path = join(folder, file.name)
      const entry = await entryOf(file, { path, isReference })
      if (entry === null) unreadable.push(`${path}: ${file.isLink ? DEAD_LINK : UNREACHED}`)
      else entries.push(entry)
    }
  }
  const files = onceEach(entries, skipped)
  if (files.length === 0 && unreadable.length === 0)
    throw new Fault('InvalidArgument', `No video found in ${asked.map(({ folder }) => folder).join(', ')}.`)
  return { files, skipped: uniquePaths(skipped), unreadable: [...new Set(unreadable)] }
}

async function entryOf(
  { path: listed, name, stats, isLink }: VideoFile,
  { path, isReference }: { readonly path: string; readonly isReference: boolean },
): Promise<Entry | null> {
  const real = await realpath(listed).catch(() => null)
  if (stats === null || real === null) return null
  return { path, name, stats, isReference, isOwn: !isLink, id: `${stats.dev}:${stats.ino}`, real }
}

/** One entry of each file: that of a reference, or else one that is no link. The others are skipped. */
function onceEach(entries: readonly Entry[], skipped: { path: string; reason: string }[]): FoundFile[] {
  const chosen = new Map<string, Entry>()
  const preferred = [...entries].sort(
    (a, b) => Number(b.isReference) - Number(a.isReference) || Number(b.isOwn) - Number(a.isOwn),
  )
  for (const entry of preferred) {
    const first = chosen.get(entry.id)
    if (first === undefined) chosen.set(entry.id, entry)
    else if (first.real !== entry.real)
      skipped.push({ path: entry.path, reason: `a hard link to ${first.path}` })
    else if (!entry.isOwn) skipped.push({ path: entry.path, reason: `a symbolic link to ${first.path}` })
    else if (entry.path !== first.path)
      skipped.push({ path: entry.path, reason: `the same file as ${first.path}` })
  }
  return [...chosen.values()].map(({ id: _id, real: _real, ...file }) => file)
}

function uniquePaths<T extends { readonly path: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.path, item])).values()].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  )
}
