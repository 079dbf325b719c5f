import type { Readable } from 'node:stream'
import type { S3 } from '@aws-sdk/client-s3'
import { UPLOADS } from '../folder/bucket-path.ts'
import { checkBucketName } from '../names.ts'
import type { WriteOptions } from '../object-store.ts'
import { PARTS, type PartStore } from '../parts.ts'
import type { WrittenFile } from '../write-stream.ts'

type S3PartsOptions = {
  readonly use: <T>(bucket: string, work: (s3: S3) => Promise<T>) => Promise<T>
  readonly write: (
    s3: S3,
    target: { readonly bucket: string; readonly object: string; readonly options: WriteOptions },
    stream: AsyncIterable<Uint8Array>,
  ) => Promise<WrittenFile>
}

/**
 * Keeps parts as objects under `.uploads/parts/` of their bucket. The multipart upload of S3 itself rejects parts under
 * 5 MB, and official clients of COS send parts of 1 MB.
 */
export function s3Parts({ use, write }: S3PartsOptions): PartStore {
  const keyOf = (name: string): string => `${UPLOADS}/${PARTS}/${name}`
  return {
    put: (bucket, name, stream, options = {}) => {
      checkBucketName(bucket)
      return use(bucket, (s3) => write(s3, { bucket, object: keyOf(name), options }, stream))
    },
    read: (bucket, name) =>
      use(bucket, async (s3) => (await s3.getObject({ Bucket: bucket, Key: keyOf(name) })).Body as Readable),
    remove: (bucket, name) =>
      use(bucket, async (s3) => {
        await s3.deleteObject({ Bucket: bucket, Key: keyOf(name) })
      }),
  }
}
