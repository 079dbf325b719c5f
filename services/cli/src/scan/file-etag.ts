import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { Fault } from '@kinoprint/core'
import { withInput } from '@kinoprint/media'
import { sizeText } from '@kinoprint/objects'

export type EtagOptions = {
  /** Setting MAX_OBJECT_BYTES. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/**
 * MD5 of a file's content in quotes, as a bucket's ETag, so that a kept library knows what has changed. Fault
 * ResourceNotSupported where the file is larger than `maxBytes`: nothing of it is read then.
 */
export const fileEtag = (path: string, { maxBytes, signal }: EtagOptions): Promise<string> =>
  withInput(path, async ({ handle, stats }) => {
    if (stats.size > maxBytes) throw tooLarge(stats.size, maxBytes)
    const hash = createHash('md5')
    await pipeline(handle.createReadStream({ autoClose: false, start: 0 }), hash, { signal })
    return `"${hash.digest('hex')}"`
  })

const tooLarge = (size: number, maxBytes: number): Fault =>
  new Fault(
    'ResourceNotSupported',
    `The file is ${sizeText(size)}; at most ${sizeText(maxBytes)} are read. Encode it at a lower bitrate, or raise MAX_OBJECT_BYTES.`,
  )
