import type { FileHandle } from 'node:fs/promises'
import type { S3 } from '@aws-sdk/client-s3'
import { Fault } from '@kinoprint/core'
import { hasErrorCode } from '../object-faults.ts'
import type { ObjectHead } from '../object-store.ts'
import { writeAll } from '../write-stream.ts'
import { diskFull } from './disk-space.ts'
import { asS3Fault, statusOf } from './s3-client.ts'

export type BytesToCopy = {
  readonly bucket: string
  readonly object: string
  /** The version to copy. */
  readonly head: ObjectHead
  /** Where to write them, each byte at its offset in the object. */
  readonly file: FileHandle
  /** Offset of the first byte. */
  readonly from: number
  /** Offset after the last byte. */
  readonly to: number
  readonly signal?: AbortSignal | undefined
  /** Milliseconds. A connection without a byte for this long counts as broken. */
  readonly stallMs?: number | undefined
  /** Number of times that an interrupted copy resumes without receiving a new byte. */
  readonly maxFruitless?: number | undefined
}

const MAX_FRUITLESS = 4
const RETRY_DELAY_MS = 250
const STALL_MS = 60_000

/** The server answered a request for a part of an object with all of it. */
export class RangesUnsupported extends Error {
  override readonly name = 'RangesUnsupported'
}

/**
 * Copies a part of one version of an object into a file, and resumes where it is interrupted. Throws Fault Cancelled,
 * ServiceUnavailable (disk full), or that of asS3Fault; RangesUnsupported is its cause if the server ignores ranges.
 */
export async function copyBytes(s3: S3, part: BytesToCopy): Promise<void> {
  const { bucket, object, to, signal, maxFruitless = MAX_FRUITLESS } = part
  const position = { at: part.from }
  for (let fruitless = 0; position.at < to; ) {
    const before = position.at
    try {
      await copyOnce(s3, part, position)
    } catch (error) {
      fruitless = position.at > before ? 0 : fruitless + 1
      const fault = asS3Fault(error, bucket, object)
      if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.', { cause: error })
      if (hasErrorCode(error, 'ENOSPC', 'EDQUOT')) throw diskFull(error)
      // Without ranges, a copy of the whole object starts again.
      if (error instanceof RangesUnsupported && part.from === 0 && to === part.head.size) position.at = 0
      else if (fault.code !== 'ResourceDownloadFailed' || isFinal(error)) throw fault
      if (fruitless >= maxFruitless) throw fault
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * 2 ** fruitless))
    }
  }
}

async function copyOnce(
  s3: S3,
  { bucket, object, head, file, to, signal, stallMs = STALL_MS }: BytesToCopy,
  position: { at: number },
): Promise<void> {
  const stalled = new AbortController()
  const either = signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal])
  const isWhole = position.at === 0 && to === head.size
  const range = isWhole ? {} : { Range: `bytes=${position.at}-${to - 1}` }
  const request = { Bucket: bucket, Key: object, IfMatch: head.etag, ...range }
  let timer = setTimeout(() => stalled.abort(), stallMs)
  try {
    const { Body, ContentRange } = await s3.getObject(request, { abortSignal: either })
    const body = Body as AsyncIterable<Uint8Array> & { destroy?: () => void }
    if (!isWhole && !ContentRange?.startsWith(`bytes ${position.at}-`)) {
      body.destroy?.()
      throw new RangesUnsupported(`The server answered a range with ${ContentRange ?? 'the whole object'}.`)
    }
    for await (const chunk of body) {
      clearTimeout(timer)
      timer = setTimeout(() => stalled.abort(), stallMs)
      if (position.at + chunk.length > to) throw new TooManyBytes('the server sent more bytes than requested')
      await writeAll(file, chunk, position.at)
      position.at += chunk.length
    }
  } catch (error) {
    throw stalled.signal.aborted
      ? new Error(`no byte arrived for ${stallMs / 1000} s`, { cause: error })
      : error
  } finally {
    clearTimeout(timer)
  }
  if (position.at < to) throw new Error(`the download ended at byte ${position.at} of ${to}`)
}

/** A retry does not help with a failing disk, a server that sends too much, or an object that was replaced. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof TooManyBytes ||
    error instanceof RangesUnsupported ||
    hasErrorCode(error, 'EIO') ||
    statusOf(error) === 412
  )
}

class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes'
}
