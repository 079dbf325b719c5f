import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import type { WriteOptions } from './object-store.ts'
import { writeAll } from './write-all.ts'

export type Spooled = { readonly size: number; readonly etag: string }

/** Writes a stream to a new file and forces it to the disk. The caller removes the file if this throws. */
export const spool = async (
  stream: AsyncIterable<Uint8Array>,
  path: string,
  options: WriteOptions,
): Promise<Spooled> => {
  const file = await open(path, 'wx', 0o644)
  try {
    return await copyInto(file, stream, options)
  } catch (error) {
    throw asFault(error)
  } finally {
    await file.close()
  }
}

const copyInto = async (
  file: FileHandle,
  stream: AsyncIterable<Uint8Array>,
  { contentLength, maxBytes = Number.POSITIVE_INFINITY, signal }: WriteOptions,
): Promise<Spooled> => {
  if (contentLength !== undefined && contentLength > maxBytes) throw tooLarge(maxBytes)
  const hash = createHash('md5')
  let size = 0
  for await (const chunk of stream) {
    signal?.throwIfAborted()
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    if (contentLength !== undefined && size > contentLength) throw wrongLength(size, contentLength)
    hash.update(chunk)
    await writeAll(file, chunk, null)
  }
  if (contentLength !== undefined && size !== contentLength) throw wrongLength(size, contentLength)
  await file.sync()
  return { size, etag: `"${hash.digest('hex')}"` }
}

const tooLarge = (maxBytes: number): Fault =>
  new Fault('ContentTooLarge', `The object is larger than the ${maxBytes} bytes that are allowed.`)

const wrongLength = (size: number, contentLength: number): Fault =>
  new Fault('InvalidContent', `${size} bytes came where ${contentLength} were announced. Send it again.`)

const asFault = (error: unknown): unknown => {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (error instanceof Fault) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Fault('ServiceUnavailable', 'The disk is full. Free some space, then send it again.', {
      cause: error,
    })
  }
  if (code === 'ECONNRESET' || code === 'ABORT_ERR' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new Fault('InvalidContent', 'The upload was broken off. Send it again.', { cause: error })
  }
  return error
}
