import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { S3 } from '@aws-sdk/client-s3'
import type { Log } from '@kinoprint/core'
import { checkBucketName, checkObjectName } from '../names.ts'
import { isFound } from '../object-faults.ts'
import type { ByteRange, LocalFile, ObjectRead, ObjectStore, WriteOptions } from '../object-store.ts'
import { closeTemporaryFolder, newTemporaryPath, sweepTemporaryFolder } from '../temporary-folder.ts'
import { type WrittenFile, writeStream } from '../write-stream.ts'
import { DiskSpace } from './disk-space.ts'
import { headForDownload } from './download.ts'
import { listS3 } from './list-s3.ts'
import { MAX_PUT_BYTES, putFile } from './put-file.ts'
import { RangeReader } from './ranges/read-ranges.ts'
import { asS3Fault, checkClient, headOf, lazyClient, quoted, type S3Settings } from './s3-client.ts'
import { s3Parts } from './s3-parts.ts'

export type S3Options = {
  /** Default: the system's temporary folder. */
  readonly temporaryDir?: string | undefined
  /** A larger object is refused before it is downloaded. */
  readonly maxObjectBytes?: number | undefined
  /** Bytes. A smaller object is always copied whole. Default: see RangeReader. */
  readonly minRangedBytes?: number | undefined
  /** Milliseconds without a byte after which a part is requested again. Default: see SparseCopy. */
  readonly rangeStallMs?: number | undefined
  /** Bytes. A larger object is sent in parts. Default: 5 GiB, the limit of one request. */
  readonly maxPutBytes?: number | undefined
  readonly log?: Log | undefined
}

/** Buckets of an S3-compatible server; objects are copied to a temporary file while they are read. */
export function openS3Store(
  settings: S3Settings,
  {
    temporaryDir = tmpdir(),
    maxObjectBytes = Number.POSITIVE_INFINITY,
    minRangedBytes,
    rangeStallMs,
    maxPutBytes = MAX_PUT_BYTES,
    log,
  }: S3Options = {},
): ObjectStore {
  const client = lazyClient(settings)
  const temporaryFolder = join(temporaryDir, 'kinoprint-objects')
  const ranges = new RangeReader({
    temporaryFolder,
    diskSpace: new DiskSpace(),
    isEnabled: settings.ranges ?? true,
    minBytes: minRangedBytes,
    stallMs: rangeStallMs,
    log,
  })
  const withClient = async <T>(bucket: string, object: string, use: (s3: S3) => Promise<T>): Promise<T> => {
    try {
      return await use(await client.get())
    } catch (error) {
      throw asS3Fault(error, bucket, object)
    }
  }
  const onObject = async <T>(bucket: string, object: string, use: (s3: S3) => Promise<T>): Promise<T> => {
    checkBucketName(bucket)
    checkObjectName(object)
    return withClient(bucket, object, use)
  }
  return {
    kind: 's3',
    head: (bucket, object) =>
      onObject(bucket, object, async (s3) => headOf(await s3.headObject({ Bucket: bucket, Key: object }))),
    sizeOf: (bucket, object, signal) =>
      onObject(bucket, object, async (s3) => {
        const options = signal === undefined ? {} : { abortSignal: signal }
        return headOf(await s3.headObject({ Bucket: bucket, Key: object }, options)).size
      }),
    exists: (bucket, object) =>
      isFound(() => onObject(bucket, object, (s3) => s3.headObject({ Bucket: bucket, Key: object }))),
    fetch: (bucket, object, { maxBytes = maxObjectBytes, signal } = {}) =>
      onObject(bucket, object, async (s3) => {
        const head = await headForDownload(s3, { bucket, object, maxBytes, signal })
        return ranges.fetch(s3, { bucket, object, head, signal })
      }),
    open: (bucket, object, { signal } = {}) =>
      onObject(bucket, object, async (s3) => {
        const head = await headForDownload(s3, { bucket, object, maxBytes: maxObjectBytes, signal })
        let file: Promise<LocalFile> | undefined
        return {
          etag: head.etag,
          size: head.size,
          read: async (check) => {
            file ??= ranges.fetch(s3, { bucket, object, head, signal }, check)
            return (await file).path
          },
          release: async () => (await file?.catch(() => undefined))?.release(),
        }
      }),
    readParts: async (bucket, object, { signal, use }) => {
      const head = await onObject(bucket, object, (s3) =>
        headForDownload(s3, { bucket, object, maxBytes: maxObjectBytes, signal }),
      )
      // Not in onObject, which would blame the store for the errors of `use`.
      return ranges.readParts(await client.get(), { bucket, object, head, signal }, { use })
    },
    read: (bucket, object, range) =>
      onObject(bucket, object, (s3) => readFromS3(s3, { bucket, object, range })),
    write: (bucket, object, stream, options = {}) =>
      onObject(bucket, object, (s3) =>
        writeToS3(s3, { bucket, object, temporaryFolder, options, maxObjectBytes, maxPutBytes }, stream),
      ),
    list: async (bucket, options = {}) => {
      checkBucketName(bucket)
      return withClient(bucket, '', (s3) => listS3(s3, bucket, options))
    },
    remove: (bucket, object) =>
      onObject(bucket, object, async (s3) => {
        // DeleteObject succeeds for a missing object. Here it is an error, as in a folder.
        await s3.headObject({ Bucket: bucket, Key: object })
        await s3.deleteObject({ Bucket: bucket, Key: object })
      }),
    parts: s3Parts({
      use: (bucket, use) => withClient(bucket, 'a part of an upload', use),
      write: (s3, target, stream) =>
        writeToS3(s3, { ...target, temporaryFolder, maxObjectBytes, maxPutBytes }, stream),
    }),
    check: () => checkClient(client),
    sweepTemporaryFiles: () => sweepTemporaryFolder(temporaryFolder),
    close: async () => {
      await ranges.close()
      await client.close()
      await closeTemporaryFolder(temporaryFolder)
    },
  }
}

type S3Read = { readonly bucket: string; readonly object: string; readonly range: ByteRange | undefined }

async function readFromS3(s3: S3, { bucket, object, range }: S3Read): Promise<ObjectRead> {
  const wanted = range === undefined ? {} : { Range: `bytes=${range.start}-${range.end ?? ''}` }
  const answer = await s3.getObject({ Bucket: bucket, Key: object, ...wanted })
  const head = headOf(answer)
  const stream = answer.Body as Readable
  if (head.size === 0) return { ...head, stream, range: undefined }
  const [, start, end] = /bytes (\d+)-(\d+)/.exec(answer.ContentRange ?? '') ?? []
  const whole = { start: 0, end: head.size - 1 }
  return { ...head, stream, range: start === undefined ? whole : { start: Number(start), end: Number(end) } }
}

type S3Write = {
  readonly bucket: string
  readonly object: string
  readonly temporaryFolder: string
  readonly options: WriteOptions
  readonly maxObjectBytes: number
  readonly maxPutBytes: number
}

/**
 * The body is written to a file first, because its length must be known before it is sent, and a retry needs it again.
 */
async function writeToS3(
  s3: S3,
  { bucket, object, temporaryFolder, options, maxObjectBytes, maxPutBytes }: S3Write,
  stream: AsyncIterable<Uint8Array>,
): Promise<WrittenFile> {
  const path = await newTemporaryPath(temporaryFolder)
  try {
    const maxBytes = options.maxBytes ?? maxObjectBytes
    const { size, etag } = await writeStream(stream, path, { ...options, maxBytes })
    const put = { bucket, object, path, size, maxPutBytes }
    const stated = await putFile(s3, put)
    return { size, etag: stated === undefined ? etag : quoted(stated) }
  } finally {
    await rm(path, { force: true })
  }
}
