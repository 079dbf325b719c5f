import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { batchesOf } from '@kinoprint/core'
import { removeThumbnails } from '@kinoprint/objects'
import { type Database, unknownVideos } from '@kinoprint/store'

/** Thumbnails are published shortly before their video. Older ones without a video are stray. */
const MIN_AGE_MS = 60 * 60_000
const PAGE_SIZE = 1_000
const DAY_MS = 24 * 60 * 60_000
/** Other folders do not belong to Kinoprint and are never removed. */
const VIDEO_ID = /^dv[0-9a-f]{32}$/

type Thumbnails = { readonly db: Database; readonly thumbnailsDir: string | null }

/** VideoIds whose thumbnails exist although the video does not: a server died between the two deletions. */
export async function findStrayThumbnails({ db, thumbnailsDir }: Thumbnails): Promise<string[]> {
  if (thumbnailsDir === null) return []
  const names = (await readdir(thumbnailsDir).catch(() => [])).filter((name) => VIDEO_ID.test(name))
  const stray: string[] = []
  for (const batch of batchesOf(names, PAGE_SIZE)) {
    for (const name of await unknownVideos(db, batch))
      if (await isOld(join(thumbnailsDir, name))) stray.push(name)
  }
  return stray
}

/** Removes thumbnails that are at least an hour old and have no video. Returns the number of these videos. */
export async function removeStrayThumbnails(thumbnails: Thumbnails): Promise<number> {
  const stray = await findStrayThumbnails(thumbnails)
  await removeThumbnails(thumbnails.thumbnailsDir, stray)
  return stray.length
}

/** Thumbnails of queries are in the folder of their job. */
const JOB_ID = /^j[0-9a-f]{32}$/

type QueryThumbnails = {
  readonly thumbnailsDir: string | null
  readonly queryRetentionDays: number
}

/** Removes the thumbnails of queries past QUERY_RETENTION_DAYS. Returns the number of these queries. */
export async function removeOldQueryThumbnails({
  thumbnailsDir,
  queryRetentionDays,
}: QueryThumbnails): Promise<number> {
  if (thumbnailsDir === null) return 0
  const names = (await readdir(thumbnailsDir).catch(() => [])).filter((name) => JOB_ID.test(name))
  const ageMs = Math.max(MIN_AGE_MS, queryRetentionDays * DAY_MS)
  const old: string[] = []
  for (const name of names) if (await isOld(join(thumbnailsDir, name), ageMs)) old.push(name)
  await removeThumbnails(thumbnailsDir, old)
  return old.length
}

async function isOld(path: string, ageMs = MIN_AGE_MS): Promise<boolean> {
  const changedMs = (await stat(path).catch(() => null))?.mtimeMs
  return changedMs !== undefined && Date.now() - changedMs > ageMs
}
