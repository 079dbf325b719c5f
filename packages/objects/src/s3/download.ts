import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { S3 } from '@aws-sdk/client-s3'
import { Fault } from '@kinoprint/core'
import { hasErrorCode, tooLarge } from '../object-faults.ts'
import type { FetchOptions, ObjectHead } from '../object-store.ts'
import { writeAll } from '../write-stream.ts'
import { type DiskSpace, diskFull } from './disk-space.ts'
import { asS3Fault, headOf, statusOf } from './s3-client.ts'

export type Download = FetchOptions & {
  readonly bucket: string
  readonly object: string
  /** Path of the copy, which must not exist yet. */
  readonly path: string
  /** Reserves the space for it. */
  readonly diskSpace: DiskSpace
}

/** Number of times that an interrupted download resumes where it stopped without receiving a new byte. */
const MAX_FRUITLESS = 4
const RETRY_DELAY_MS = 250
/** A connection without a byte for this long counts as broken. */
const STALL_MS = 60_000

/** Copies one version of an object into a file. */
export async function download(s3: S3, options: Download): Promise<ObjectHead> {
  const { bucket, object, path, maxBytes, signal, diskSpace } = options
  const head = headOf(await s3.headObject({ Bucket: bucket, Key: object }, abortable(signal)))
  if (maxBytes !== undefined && head.size > maxBytes) throw tooLarge(object, head.size, maxBytes)
  const freeSpace = await diskSpace.reserve(dirname(path), { object, bytes: head.size })
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await copyAll(s3, options, { file, head })
      return head
    } finally {
      await file.close()
    }
  } finally {
    freeSpace()
  }
}

type Copy = { readonly file: FileHandle; readonly head: ObjectHead }

async function copyAll(s3: S3, options: Download, copy: Copy): Promise<void> {
  let at = 0
  for (let fruitless = 0; at < copy.head.size; ) {
    const before = at
    try {
      at = await copyFrom(s3, options, { ...copy, at })
    } catch (error) {
      at = (await copy.file.stat()).size
      fruitless = at > before ? 0 : fruitless + 1
      const fault = asS3Fault(error, options.bucket, options.object)
      if (options.signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.', { cause: error })
      if (hasErrorCode(error, 'ENOSPC', 'EDQUOT')) throw diskFull(error)
      if (fault.code !== 'ResourceDownloadFailed' || isFinal(error) || fruitless >= MAX_FRUITLESS) throw fault
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * 2 ** fruitless))
    }
  }
}

async function copyFrom(
  s3: S3,
  { bucket, object, signal }: Download,
  { file, head, at }: Copy & { readonly at: number },
): Promise<number> {
  const stalled = new AbortController()
  const either = signal === undefined ? stalled.signal : AbortSignal.any([signal, stalled.signal])
  const range = at === 0 ? {} : { Range: `bytes=${at}-` }
  const request = { Bucket: bucket, Key: object, IfMatch: head.etag, ...range }
  const { Body } = await s3.getObject(request, abortable(either))
  let timer = setTimeout(() => stalled.abort(), STALL_MS)
  let position = at
  try {
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer)
      timer = setTimeout(() => stalled.abort(), STALL_MS)
      if (position + chunk.length > head.size)
        throw new TooManyBytes('the server sent more bytes than the object has')
      await writeAll(file, chunk, position)
      position += chunk.length
    }
  } finally {
    clearTimeout(timer)
  }
  if (position < head.size) throw new Error(`The download ended after ${position} of ${head.size} bytes.`)
  return position
}

/** A retry does not help with a failing disk, a server that sends too much, or an object that was replaced. */
function isFinal(error: unknown): boolean {
  return error instanceof TooManyBytes || hasErrorCode(error, 'EIO') || statusOf(error) === 412
}

class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes'
}

function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal }
}
