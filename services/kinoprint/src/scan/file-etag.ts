import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { withInput } from '@kinoprint/media'

/** MD5 of a file's content in quotes, as a bucket's ETag, so that a kept library knows what has changed. */
export const fileEtag = (path: string, { signal }: { signal: AbortSignal }): Promise<string> =>
  withInput(path, async ({ handle }) => {
    const hash = createHash('md5')
    await pipeline(handle.createReadStream({ autoClose: false, start: 0 }), hash, { signal })
    return `"${hash.digest('hex')}"`
  })
