import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unknownVideos } from '@kinoprint/store'
import { removeStills } from '../make-stills.ts'
import { ORPHAN_MS } from '../reconciler.ts'
import { count, type Look, noteFault } from './findings.ts'

/** Stills are in place a moment before their video is; what is older belongs to nobody. */
export const lookAtStills: Look = async ({ db, thumbnailsDir }, findings) => {
  if (thumbnailsDir === null) return
  const names = await readdir(thumbnailsDir).catch(() => [])
  const unknown = await unknownVideos(
    db,
    names.filter((name) => !name.startsWith('.')),
  )
  const stray: string[] = []
  for (const name of unknown) if (await isOld(join(thumbnailsDir, name))) stray.push(name)
  if (stray.length === 0) return
  const message = `The stills of ${count(stray.length, 'video', 'videos')} are there without a video.`
  await noteFault(findings, message, async () => {
    for (const name of stray) await removeStills(thumbnailsDir, name)
    return `The stills of ${count(stray.length, 'video', 'videos')} were removed.`
  })
}

const isOld = async (path: string): Promise<boolean> => {
  const changedMs = (await stat(path).catch(() => null))?.mtimeMs
  return changedMs !== undefined && Date.now() - changedMs > ORPHAN_MS
}
