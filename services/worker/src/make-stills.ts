import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { WorkContext } from './context.ts'

/** Stills that were made before their video had an id. */
export type Stills = {
  /** Puts them where that video's stills belong. A failure is logged. */
  keep(videoId: string): Promise<void>
  /** Removes them, wherever they are by now. */
  discard(): Promise<void>
}

const WAITING_PREFIX = '.making-'
/** No job takes so long: what has waited longer was left behind by a worker that was killed. */
const LEFT_BEHIND_MS = 24 * 60 * 60_000

/** Folder of a video's stills: poster.jpg, sprite.jpg, sprite.json. */
const stillsFolder = (thumbnailsDir: string, videoId: string): string => join(thumbnailsDir, videoId)

/**
 * Makes the poster and the sprite sheet of a file in a folder of their own. They are an ornament: a failure is
 * logged and the video is stored without them.
 */
export const stillsOf = async (
  { pool, tools, thumbnailsDir, maxVideoSeconds, log }: WorkContext,
  path: string,
  { signal }: { signal: AbortSignal },
): Promise<Stills | null> => {
  if (thumbnailsDir === null) return null
  let folder: string | null = null
  try {
    await mkdir(thumbnailsDir, { recursive: true })
    folder = await mkdtemp(join(thumbnailsDir, WAITING_PREFIX))
    const made = folder
    const task = { kind: 'stills', tools, path, outDir: made, maxSeconds: maxVideoSeconds } as const
    await pool.run<'stills'>(task, { signal })
    let place = made
    return {
      keep: async (videoId) => {
        const target = stillsFolder(thumbnailsDir, videoId)
        if (target !== place && (await moveInPlace(place, target, log))) place = target
      },
      discard: () => rm(place, { recursive: true, force: true }),
    }
  } catch (error) {
    if (folder !== null) await rm(folder, { recursive: true, force: true })
    signal.throwIfAborted()
    log.warn({ err: error, path }, 'The stills of a video could not be made; it is stored without them')
    return null
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

/** Stills of a video that left its library. */
export const removeStills = async (thumbnailsDir: string | null, videoId: string): Promise<void> => {
  if (thumbnailsDir !== null) await rm(stillsFolder(thumbnailsDir, videoId), { recursive: true, force: true })
}

/** Removes what killed workers have left behind; called when a worker starts. */
export const sweepStills = async (thumbnailsDir: string | null): Promise<void> => {
  if (thumbnailsDir === null) return
  const names = await readdir(thumbnailsDir).catch(() => [])
  for (const name of names.filter((one) => one.startsWith(WAITING_PREFIX))) {
    const path = join(thumbnailsDir, name)
    const changedMs = (await stat(path).catch(() => null))?.mtimeMs ?? Date.now()
    if (Date.now() - changedMs > LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true })
  }
}
