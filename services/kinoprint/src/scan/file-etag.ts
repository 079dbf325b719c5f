import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { assertReadable } from '@kinoprint/worker'

/** MD5 of a file's content in quotes, as a bucket's ETag, so that a kept library knows what has changed. */
export const fileEtag = async (path: string, { signal }: { signal: AbortSignal }): Promise<string> => {
  await assertReadable(path)
  const hash = createHash('md5')
  await pipeline(createReadStream(path), hash, { signal })
  return `"${hash.digest('hex')}"`
}
