import { createReadStream } from 'node:fs'
import { mkdir, open, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { isFolder } from '../folder-handle.ts'
import { checkBucketName } from '../names.ts'
import { PARTS, type PartStore } from '../parts.ts'
import { TEMPORARY_NAME } from '../temporary-folder.ts'
import { writeStream } from '../write-stream.ts'
import { asObjectFault, UPLOADS } from './bucket-path.ts'

/** Keeps parts as files in `.uploads/parts` of their bucket. */
export function folderParts(bucketsDir: string, { maxBytes }: { readonly maxBytes: number }): PartStore {
  const locate = async (bucket: string, name: string): Promise<string> => {
    checkBucketName(bucket)
    if (!TEMPORARY_NAME.test(name)) throw new Error('This is not the name of a part.')
    return join(await partsFolder(bucketsDir, bucket), name)
  }
  return {
    put: async (bucket, name, stream, options = {}) => {
      const path = await locate(bucket, name)
      try {
        return await writeStream(stream, path, { maxBytes, ...options })
      } catch (error) {
        await rm(path, { force: true })
        throw asObjectFault(error, bucket, 'a part of an upload')
      }
    },
    read: async (bucket, name) => {
      const path = await locate(bucket, name)
      // Opened first, so that a missing file fails here and not in the stream.
      const handle = await open(path, 'r').catch((error: unknown) => {
        throw asObjectFault(error, bucket, 'a part of an upload')
      })
      await handle.close()
      return createReadStream(path)
    },
    remove: async (bucket, name) => rm(await locate(bucket, name), { force: true }),
  }
}

/** Creates the folder of a bucket's parts. Throws Fault ServiceUnavailable if a part of its path is a link. */
async function partsFolder(bucketsDir: string, bucket: string): Promise<string> {
  await mkdir(join(bucketsDir, bucket), { recursive: true })
  let path = await realpath(join(bucketsDir, bucket))
  for (const name of [UPLOADS, PARTS]) {
    path = join(path, name)
    await mkdir(path, { recursive: true, mode: 0o700 })
    if (await isFolder(path)) continue
    const message = 'The folder for uploads is a link. Remove the link; the server creates the folder.'
    throw new Fault('ServiceUnavailable', message)
  }
  return path
}
