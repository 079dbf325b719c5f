import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '@kinoprint/core'
import { newTemporaryPath, sweepTemporaryFolder } from '@kinoprint/objects'
import { isDatabaseUnavailable } from '@kinoprint/store'
import type { WorkContext } from '../context.ts'

/** The thumbnails (poster.jpg, sprite.jpg, sprite.json) of a video that has no id yet. */
export type ThumbnailFolder = {
  /** The folder they are created in. */
  readonly path: string
  /** Moves them to the video's thumbnail folder. A failure is logged. */
  publish(videoId: string): Promise<void>
  /** Removes them; with `keepPublished`, only if they have not been published. */
  discard(options: { readonly keepPublished: boolean }): Promise<void>
}

/**
 * Calls `work` with a folder for thumbnails and removes it if `work` fails. The folder is null if thumbnails are
 * disabled or it cannot be created; the video is then stored without them.
 */
export async function withThumbnailFolder<T>(
  context: Pick<WorkContext, 'thumbnailsDir' | 'log'>,
  work: (folder: ThumbnailFolder | null) => Promise<T>,
): Promise<T> {
  const folder = await openThumbnailFolder(context)
  try {
    return await work(folder)
  } catch (error) {
    // If the database is unavailable, the video may have been published nevertheless.
    await folder?.discard({ keepPublished: isDatabaseUnavailable(error) })
    throw error
  }
}

/** Removes unfinished thumbnails that killed processes of this machine have left behind. */
export async function removeUnfinishedThumbnails(thumbnailsDir: string | null): Promise<void> {
  if (thumbnailsDir !== null) await sweepTemporaryFolder(temporaryDir(thumbnailsDir))
}

/** Inside the thumbnail directory, so that a rename publishes them. */
function temporaryDir(thumbnailsDir: string): string {
  return join(thumbnailsDir, '.making')
}

async function openThumbnailFolder({
  thumbnailsDir,
  log,
}: Pick<WorkContext, 'thumbnailsDir' | 'log'>): Promise<ThumbnailFolder | null> {
  if (thumbnailsDir === null) return null
  try {
    const path = await newTemporaryPath(temporaryDir(thumbnailsDir))
    await mkdir(path)
    return createThumbnailFolder(path, { thumbnailsDir, log })
  } catch (error) {
    log.warn({ err: error }, 'Could not make a folder for thumbnails; storing the video without them')
    return null
  }
}

function createThumbnailFolder(
  path: string,
  { thumbnailsDir, log }: { readonly thumbnailsDir: string; readonly log: Log },
): ThumbnailFolder {
  let current = path
  return {
    path,
    publish: async (videoId) => {
      const target = join(thumbnailsDir, videoId)
      if (target !== current && (await moveFolder(current, target, log))) current = target
    },
    discard: async ({ keepPublished }) => {
      if (!keepPublished || current === path) await rm(current, { recursive: true, force: true })
    },
  }
}

async function moveFolder(from: string, to: string, log: Log): Promise<boolean> {
  try {
    await rm(to, { recursive: true, force: true })
    await rename(from, to)
    return true
  } catch (error) {
    await rm(from, { recursive: true, force: true })
    log.warn({ err: error, to }, 'Could not publish the thumbnails of a video')
    return false
  }
}
