import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { S3 } from '@aws-sdk/client-s3'
import { Fault } from '@kinoprint/core'
import { isErrorCode, largerThan } from '../object-faults.ts'
import type { FetchOptions, ObjectHead } from '../object-store.ts'
import { writeAll } from '../write-all.ts'
import { type DiskRoom, diskFull } from './disk-room.ts'
import { headOf } from './head-of.ts'
import { asS3Fault } from './s3-client.ts'

export type Download = FetchOptions & {
  readonly bucket: string
  readonly object: string
  /** Where the copy goes; must not exist yet. */
  readonly path: string
  /** Where room for it is set aside. */
  readonly room: DiskRoom
}

/** A download that breaks goes on where it broke, so many times without a single new byte. */
const MAX_FRUITLESS = 4
const RETRY_WAIT_MS = 250
/** Without a byte for so long, the connection counts as broken. */
const STALL_MS = 60_000

/** Copies an object into a file, every part of it from the same version. */
export const download = async (s3: S3, options: Download): Promise<ObjectHead> => {
  const { bucket, object, path, maxBytes, signal, room } = options
  const head = headOf(await s3.headObject({ Bucket: bucket, Key: object }, abortable(signal)))
  if (maxBytes !== undefined && head.size > maxBytes) throw largerThan(object, head.size, maxBytes)
  const giveBack = await room.take(dirname(path), { object, bytes: head.size })
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await copyAll(s3, options, { file, head })
      return head
    } finally {
      await file.close()
    }
  } finally {
    giveBack()
  }
}

type Copy = { readonly file: FileHandle; readonly head: ObjectHead }

const copyAll = async (s3: S3, options: Download, copy: Copy): Promise<void> => {
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
      if (isErrorCode(error, 'ENOSPC', 'EDQUOT')) throw diskFull(error)
      if (fault.code !== 'ResourceDownloadFailed' || isFinal(error) || fruitless >= MAX_FRUITLESS) throw fault
      await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS * 2 ** fruitless))
    }
  }
}

const copyFrom = async (
  s3: S3,
  { bucket, object, signal }: Download,
  { file, head, at }: Copy & { readonly at: number },
): Promise<number> => {
  const watch = new AbortController()
  const either = signal === undefined ? watch.signal : AbortSignal.any([signal, watch.signal])
  const range = at === 0 ? {} : { Range: `bytes=${at}-` }
  const request = { Bucket: bucket, Key: object, IfMatch: head.etag, ...range }
  const { Body } = await s3.getObject(request, abortable(either))
  let timer = setTimeout(() => watch.abort(), STALL_MS)
  let position = at
  try {
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer)
      timer = setTimeout(() => watch.abort(), STALL_MS)
      if (position + chunk.length > head.size) throw new TooManyBytes('more bytes came than it has')
      await writeAll(file, chunk, position)
      position += chunk.length
    }
  } finally {
    clearTimeout(timer)
  }
  if (position < head.size) throw new Error(`It ended after ${position} of ${head.size} bytes.`)
  return position
}

/** Trying again does not help against a broken disk, a server that sends too much, or an object that was replaced. */
const isFinal = (error: unknown): boolean => {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return error instanceof TooManyBytes || isErrorCode(error, 'EIO') || $metadata?.httpStatusCode === 412
}

class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes'
}

const abortable = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } =>
  signal === undefined ? {} : { abortSignal: signal }
