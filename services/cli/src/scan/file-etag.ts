import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { Fault } from '@kinoprint/core'
import { withFile } from '@kinoprint/media'
import { formatSize } from '@kinoprint/objects'

export type EtagOptions = {
  /** The setting MAX_OBJECT_BYTES. */
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/**
 * The MD5 of a file in quotes, like the ETag of an object. It shows which files of a kept library have changed.
 *
 * @throws Fault ResourceNotSupported if the file is larger than `maxBytes`, before reading it.
 */
export function fileEtag(path: string, { maxBytes, signal }: EtagOptions): Promise<string> {
  return withFile(path, async ({ handle, stats }) => {
    if (stats.size > maxBytes) throw tooLarge(stats.size, maxBytes)
    const hash = createHash('md5')
    await pipeline(handle.createReadStream({ autoClose: false, start: 0 }), hash, { signal })
    return `"${hash.digest('hex')}"`
  })
}

function tooLarge(size: number, maxBytes: number): Fault {
  return new Fault(
    'ResourceNotSupported',
    `The file has ${formatSize(size)}; the limit is ${formatSize(maxBytes)}. Encode it at a lower bitrate, or raise MAX_OBJECT_BYTES.`,
  )
}
