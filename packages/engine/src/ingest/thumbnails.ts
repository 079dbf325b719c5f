import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newTemporaryPath, sweepTemporaryArea } from '@kinoprint/objects'
import { isDatabaseUnavailable } from '@kinoprint/store'
import type { WorkContext } from '../context.ts'

/** A place for the stills of a video that has no id yet. */
export type Stills = {
  /** They are made in this folder. */
  readonly folder: string
  /** Puts them where that video's stills belong. A failure is logged. */
  keep(videoId: string): Promise<void>
  /** Removes them, wherever they are by now; `inDoubt`, only where they are not a video's yet. */
  discard(options: { readonly inDoubt: boolean }): Promise<void>
}

/** In the folder of the stills, so that they can be moved into place: a folder for each process that makes some. */
const makingArea = (thumbnailsDir: string): string => join(thumbnailsDir, '.making')

/** Folder of a video's stills: poster.jpg, sprite.jpg, sprite.json. */
const stillsFolder = (thumbnailsDir: string, videoId: string): string => join(thumbnailsDir, videoId)

/** Null where none are wanted or there is no room for them: they are an ornament, a video is stored without them too. */
const openStills = async ({
  thumbnailsDir,
  log,
}: Pick<WorkContext, 'thumbnailsDir' | 'log'>): Promise<Stills | null> => {
  if (thumbnailsDir === null) return null
  try {
    const folder = await newTemporaryPath(makingArea(thumbnailsDir))
    await mkdir(folder)
    let place = folder
    return {
      folder,
      keep: async (videoId) => {
        const target = stillsFolder(thumbnailsDir, videoId)
        if (target !== place && (await moveInPlace(place, target, log))) place = target
      },
      discard: async ({ inDoubt }) => {
        if (!inDoubt || place === folder) await rm(place, { recursive: true, force: true })
      },
    }
  } catch (error) {
    log.warn({ err: error }, 'There is no room for stills; the video is stored without them')
    return null
  }
}

/** Calls `work` with a place for stills, and clears it up if that fails. */
export const withStills = async <T>(
  context: Pick<WorkContext, 'thumbnailsDir' | 'log'>,
  work: (stills: Stills | null) => Promise<T>,
): Promise<T> => {
  const stills = await openStills(context)
  try {
    return await work(stills)
  } catch (error) {
    // Whether the video was published is not known then; if it was, these are its stills.
    await stills?.discard({ inDoubt: isDatabaseUnavailable(error) })
    throw error
  }
}

const moveInPlace = async (from: string, to: string, log: WorkContext['log']): Promise<boolean> => {
  try {
    await rm(to, { recursive: true, force: true })
    await rename(from, to)
    return true
  } catch (error) {
    await rm(from, { recursive: true, force: true })
    log.warn({ err: error, to }, 'The stills of a video could not be put in place')
    return false
  }
}

/** Removes what killed workers of this machine have left behind half made. */
export const sweepStills = async (thumbnailsDir: string | null): Promise<void> => {
  if (thumbnailsDir !== null) await sweepTemporaryArea(makingArea(thumbnailsDir))
}
