import { rmdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { asObjectFault, findFile, inParent, isWithin, type ObjectPlace } from './bucket-path.ts'

/** Removes an object, and the folders above it that are empty then: a folder is no object of its own. */
export const removeFromFolder = async (place: ObjectPlace): Promise<void> => {
  await findFile(place)
  const path = join(place.root, place.object)
  try {
    await inParent(place, path, unlink)
  } catch (error) {
    throw asObjectFault(error, place.bucket, place.object)
  }
  for (let folder = dirname(path); isWithin(place.root, folder); folder = dirname(folder)) {
    try {
      await rmdir(folder)
    } catch {
      // It holds something else.
      return
    }
  }
}
