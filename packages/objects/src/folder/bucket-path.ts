import { constants } from 'node:fs'
import { mkdir, open, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { errorCode, Fault } from '@kinoprint/core'
import { hasDescriptorPaths } from '../folder-handle.ts'
import { checkBucketName, checkObjectName, hasEmptySegment } from '../names.ts'
import { accessDenied, downloadFailed, hasErrorCode, notAFileName, notFound } from '../object-faults.ts'

/** Folder in each bucket for incomplete uploads. No object name may start with it. */
export const UPLOADS = '.uploads'

export type ObjectLocation = {
  readonly bucket: string
  readonly object: string
  /** Real path of the bucket's folder. */
  readonly root: string
}

/** Checks both names and finds the bucket's real folder. The bucket itself may be a link created by the operator. */
export async function locateObject(
  bucketsDir: string,
  bucket: string,
  object: string,
): Promise<ObjectLocation> {
  checkBucketName(bucket)
  checkObjectName(object)
  if (isReserved(object)) {
    throw new Fault('InvalidArgument', `${UPLOADS} is reserved for the server. Choose another object name.`)
  }
  // As a path, `a//b` would be the file of `a/b`: one file with two names.
  if (hasEmptySegment(object)) throw notAFileName('InvalidArgument', object)
  try {
    return { bucket, object, root: await realpath(join(bucketsDir, bucket)) }
  } catch (error) {
    throw asObjectFault(error, bucket, object)
  }
}

/** Compared case-insensitively, as some file systems do. */
export function isReserved(object: string): boolean {
  return object.split('/')[0]?.toLowerCase() === UPLOADS
}

/** Returns the real path of an existing object. Throws Fault ResourceAccessDenied if links lead out of the bucket. */
export async function realPathOf({ bucket, object, root }: ObjectLocation): Promise<string> {
  try {
    const path = await realpath(join(root, object))
    if (!isWithin(root, path) || isReserved(path.slice(root.length + 1))) throw accessDenied(bucket, object)
    if (!(await stat(path)).isFile()) throw notFound(bucket, object)
    return path
  } catch (error) {
    throw asObjectFault(error, bucket, object)
  }
}

/** Creates the parent folders of a new object, all inside the bucket, and returns its path. */
export async function createParentFolders({ bucket, object, root }: ObjectLocation): Promise<string> {
  const path = join(root, object)
  const parent = dirname(path)
  const isInside = (folder: string): boolean => folder === root || isWithin(root, folder)
  if (!isInside(await deepestExisting(parent))) throw accessDenied(bucket, object)
  await mkdir(parent, { recursive: true })
  if (!isInside(await realpath(parent))) throw accessDenied(bucket, object)
  return path
}

/**
 * Calls `use` with the object's path in its open parent folder, so that links inserted into its path have no effect.
 */
export async function withParentFolder<T>(
  { bucket, object, root }: ObjectLocation,
  path: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
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

/** Converts a file system error to the Fault for clients. Other errors are returned unchanged. */
export function asObjectFault(error: unknown, bucket: string, object: string): unknown {
  if (error instanceof Fault) return error
  switch (errorCode(error)) {
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

/** Whether a real path is below a folder. The folder itself is not. */
export function isWithin(root: string, path: string): boolean {
  return path.startsWith(root + sep)
}

async function deepestExisting(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch (error) {
    const above = dirname(folder)
    if (!hasErrorCode(error, 'ENOENT') || above === folder) throw error
    return deepestExisting(above)
  }
}
