import { constants } from 'node:fs'
import { mkdir, open, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { Fault } from '@kinoprint/core'
import { checkBucketName, checkObjectName, hasEmptySegment } from '../names.ts'
import { accessDenied, downloadFailed, noFolderName, notFound } from '../object-faults.ts'
import { hasDescriptorPaths } from '../real-folder.ts'

/** Folder in each bucket where uploads lie until they are complete. No object may have it in its name. */
export const UPLOADS = '.uploads'

export type ObjectPlace = {
  readonly bucket: string
  readonly object: string
  /** The bucket's real folder. */
  readonly root: string
}

/** Checks both names and finds the bucket's real folder. A bucket may itself be a link that the operator set. */
export const findBucket = async (
  bucketsDir: string,
  bucket: string,
  object: string,
): Promise<ObjectPlace> => {
  checkBucketName(bucket)
  checkObjectName(object)
  if (isReserved(object)) {
    throw new Fault('InvalidArgument', `The server keeps ${UPLOADS} for itself; choose another object name.`)
  }
  // Joined to a path, `a//b` would be the file of `a/b`: one file under two names.
  if (hasEmptySegment(object)) throw noFolderName('InvalidArgument', object)
  try {
    return { bucket, object, root: await realpath(join(bucketsDir, bucket)) }
  } catch (error) {
    throw asObjectFault(error, bucket, object)
  }
}

/** Compared without case, because some file systems do. */
export const isReserved = (object: string): boolean => object.split('/')[0]?.toLowerCase() === UPLOADS

/** The real path of an existing object, which links may not take out of the bucket. */
export const findFile = async ({ bucket, object, root }: ObjectPlace): Promise<string> => {
  try {
    const path = await realpath(join(root, object))
    if (!isWithin(root, path) || isReserved(path.slice(root.length + 1))) throw accessDenied(bucket, object)
    if (!(await stat(path)).isFile()) throw notFound(bucket, object)
    return path
  } catch (error) {
    throw asObjectFault(error, bucket, object)
  }
}

/** Makes the folders above a new object, none of which may lie outside the bucket, and answers its path. */
export const makeRoom = async ({ bucket, object, root }: ObjectPlace): Promise<string> => {
  const path = join(root, object)
  const parent = dirname(path)
  const isInside = (folder: string): boolean => folder === root || isWithin(root, folder)
  if (!isInside(await deepestExisting(parent))) throw accessDenied(bucket, object)
  await mkdir(parent, { recursive: true })
  if (!isInside(await realpath(parent))) throw accessDenied(bucket, object)
  return path
}

/**
 * Calls `use` with the path of an object in its parent folder, which is open meanwhile: a link that somebody puts in
 * the place of a folder above it leads nowhere.
 */
export const inParent = async <T>(
  { bucket, object, root }: ObjectPlace,
  path: string,
  use: (path: string) => Promise<T>,
): Promise<T> => {
  if (!hasDescriptorPaths) return use(path)
  const parent = await open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    const here = `/proc/self/fd/${parent.fd}`
    const real = await readlink(here)
    if (real !== root && !isWithin(root, real)) throw accessDenied(bucket, object)
    return await use(join(here, basename(path)))
  } finally {
    await parent.close()
  }
}

/** Turns what the file system says into the Fault that a client understands; other errors stay. */
export const asObjectFault = (error: unknown, bucket: string, object: string): unknown => {
  if (error instanceof Fault) return error
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return notFound(bucket, object, error)
    case 'EACCES':
    case 'EPERM':
    case 'ELOOP':
    case 'EROFS':
      return accessDenied(bucket, object, error)
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return downloadFailed(bucket, object, error)
    default:
      return error
  }
}

export const isWithin = (root: string, path: string): boolean => path.startsWith(root + sep)

const deepestExisting = async (folder: string): Promise<string> => {
  try {
    return await realpath(folder)
  } catch (error) {
    const above = dirname(folder)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error
    return deepestExisting(above)
  }
}
