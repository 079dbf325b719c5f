import { realpath } from 'node:fs/promises'
import { relative, sep } from 'node:path'
import { checkBucketName, checkObjectName } from '@kinoprint/objects'
import type { Settings } from '@kinoprint/runtime'
import type { ObjectName } from '../admin/backend.ts'

/** The object that a file is because it is in the folder of the buckets; null if it is none, or objects are in S3. */
export async function objectInFolder(
  { bucketsDir, s3 }: Pick<Settings, 'bucketsDir' | 's3'>,
  path: string,
): Promise<ObjectName | null> {
  if (s3 !== null) return null
  const root = await realpath(bucketsDir).catch(() => null)
  if (root === null) return null
  const [bucket = '', ...rest] = relative(root, await realpath(path)).split(sep)
  const object = rest.join('/')
  try {
    checkBucketName(bucket)
    checkObjectName(object)
  } catch {
    return null
  }
  return { bucket, object }
}
