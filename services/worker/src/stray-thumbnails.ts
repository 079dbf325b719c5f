import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { removeThumbnails } from '@kinoprint/objects'
import { type Database, unknownVideos } from '@kinoprint/store'

/** Thumbnails are in place a moment before their video is; those that are older have none. */
const STRAY_MS = 60 * 60_000
const AT_ONCE = 1_000
/** Whatever has another name is not ours to judge. */
const VIDEO_ID = /^dv[0-9a-f]{32}$/

type Where = { readonly db: Database; readonly thumbnailsDir: string | null }

/** VideoIds whose thumbnails are there although the video is gone: a server died between the one and the other. */
export const findStrayThumbnails = async ({ db, thumbnailsDir }: Where): Promise<string[]> => {
  if (thumbnailsDir === null) return []
  const names = (await readdir(thumbnailsDir).catch(() => [])).filter((name) => VIDEO_ID.test(name))
  const stray: string[] = []
  for (let start = 0; start < names.length; start += AT_ONCE) {
    for (const name of await unknownVideos(db, names.slice(start, start + AT_ONCE)))
      if (await isOld(join(thumbnailsDir, name))) stray.push(name)
  }
  return stray
}

/** Removes them; answers how many videos' there were. */
export const sweepStrayThumbnails = async (where: Where): Promise<number> => {
  const stray = await findStrayThumbnails(where)
  await removeThumbnails(where.thumbnailsDir, stray)
  return stray.length
}

const isOld = async (path: string): Promise<boolean> => {
  const changedMs = (await stat(path).catch(() => null))?.mtimeMs
  return changedMs !== undefined && Date.now() - changedMs > STRAY_MS
}
