import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { errorCode, Fault } from '@kinoprint/core'
import { formatSize } from './object-faults.ts'
import type { WriteOptions } from './object-store.ts'

export type WrittenFile = { readonly size: number; readonly etag: string }

/** Writes a stream to a new file and flushes it to disk. The caller removes the file if this throws. */
export async function writeStream(
  stream: AsyncIterable<Uint8Array>,
  path: string,
  options: WriteOptions,
): Promise<WrittenFile> {
  const file = await open(path, 'wx', 0o644)
  try {
    return await copyInto(file, stream, options)
  } catch (error) {
    throw asFault(error)
  } finally {
    await file.close()
  }
}

async function copyInto(
  file: FileHandle,
  stream: AsyncIterable<Uint8Array>,
  { contentLength, maxBytes = Number.POSITIVE_INFINITY, signal, md5 }: WriteOptions,
): Promise<WrittenFile> {
  if (contentLength !== undefined && contentLength > maxBytes) throw contentTooLarge(maxBytes)
  const hash = createHash('md5')
  let size = 0
  for await (const chunk of stream) {
    signal?.throwIfAborted()
    size += chunk.length
    if (size > maxBytes) throw contentTooLarge(maxBytes)
    if (contentLength !== undefined && size > contentLength) throw wrongLength(size, contentLength)
    hash.update(chunk)
    await writeAll(file, chunk, null)
  }
  if (contentLength !== undefined && size !== contentLength) throw wrongLength(size, contentLength)
  const digest = hash.digest('hex')
  if (md5 !== undefined && md5 !== digest) {
    throw new Fault('BadDigest', 'Content-MD5 does not match the received body. Send it again.')
  }
  await file.sync()
  return { size, etag: `"${digest}"` }
}

/**
 * Writes a whole chunk at `position`, or after the last write if null. A nearly full disk writes only a part and
 * reports an error at the next write.
 */
export async function writeAll(
  file: Pick<FileHandle, 'write'>,
  chunk: Uint8Array,
  position: number | null,
): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const to = position === null ? null : position + at
    at += (await file.write(chunk, at, chunk.length - at, to)).bytesWritten
  }
}

function contentTooLarge(maxBytes: number): Fault {
  return new Fault('ContentTooLarge', `The object exceeds the limit of ${formatSize(maxBytes)}.`)
}

function wrongLength(size: number, contentLength: number): Fault {
  return new Fault(
    'InvalidContent',
    `Received ${size} bytes instead of ${contentLength}. Send the object again.`,
  )
}

function asFault(error: unknown): unknown {
  if (error instanceof Fault) return error
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Fault(
        'ServiceUnavailable',
        'The disk is full. Free some space, then send the object again.',
        {
          cause: error,
        },
      )
    case 'ECONNRESET':
    case 'ABORT_ERR':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return new Fault('InvalidContent', 'The upload was interrupted. Send the object again.', {
        cause: error,
      })
    default:
      return error
  }
}
