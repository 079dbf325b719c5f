import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { S3 } from '@aws-sdk/client-s3'
import { tooLarge } from '../object-faults.ts'
import type { FetchOptions, ObjectHead } from '../object-store.ts'
import { copyBytes } from './copy-bytes.ts'
import type { DiskSpace } from './disk-space.ts'
import { headOf } from './s3-client.ts'

export type Download = Pick<FetchOptions, 'signal' | 'maxBytes'> & {
  readonly bucket: string
  readonly object: string
  /** Path of the copy, which must not exist yet. */
  readonly path: string
  /** Reserves the space for it. */
  readonly diskSpace: DiskSpace
  /** The object's head, if it is known. */
  readonly head?: ObjectHead | undefined
}

/** Copies one version of an object into a file. */
export async function download(s3: S3, options: Download): Promise<ObjectHead> {
  const { bucket, object, path, signal, diskSpace } = options
  const head = options.head ?? (await headForDownload(s3, options))
  const freeSpace = await diskSpace.reserve(dirname(path), { object, bytes: head.size })
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await copyBytes(s3, { bucket, object, head, file, from: 0, to: head.size, signal })
      return head
    } finally {
      await file.close()
    }
  } finally {
    freeSpace()
  }
}

/** Size and version of an object. Throws Fault ResourceNotSupported if it is too large. */
export async function headForDownload(
  s3: S3,
  { bucket, object, maxBytes, signal }: Pick<Download, 'bucket' | 'object' | 'maxBytes' | 'signal'>,
): Promise<ObjectHead> {
  const options = signal === undefined ? {} : { abortSignal: signal }
  const head = headOf(await s3.headObject({ Bucket: bucket, Key: object }, options))
  if (maxBytes !== undefined && head.size > maxBytes) throw tooLarge(object, head.size, maxBytes)
  return head
}
