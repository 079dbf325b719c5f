import type { S3 } from '@aws-sdk/client-s3'
import { Fault } from '@kinoprint/core'
import type { ListOptions, ObjectItem, ObjectList } from '../object-store.ts'
import { pageOf } from '../page.ts'
import { quoted } from './head-of.ts'

/** Requests of 1000 names each for one list: S3 tells no total, so all are read. */
const MAX_REQUESTS = 200

export const listS3 = async (s3: S3, bucket: string, options: ListOptions): Promise<ObjectList> => {
  const { prefix, from, to } = pageOf(options)
  const items: ObjectItem[] = []
  let total = 0
  let token: string | undefined
  for (let request = 0; request < MAX_REQUESTS; request++) {
    const next = token === undefined ? {} : { ContinuationToken: token }
    const answer = await s3.listObjectsV2({ Bucket: bucket, Prefix: prefix, ...next })
    for (const { Key, Size, ETag, LastModified } of answer.Contents ?? []) {
      // A name that ends in a slash is how S3 browsers mark an empty folder.
      if (Key === undefined || Key.endsWith('/')) continue
      if (total >= from && total < to) {
        items.push({
          object: Key,
          size: Size ?? 0,
          etag: ETag === undefined ? undefined : quoted(ETag),
          lastModified: LastModified ?? new Date(0),
        })
      }
      total += 1
    }
    token = answer.NextContinuationToken
    if (answer.IsTruncated !== true || token === undefined) return { items, total }
  }
  throw new Fault(
    'InvalidArgument',
    `More than ${MAX_REQUESTS * 1000} objects; list them by a longer prefix.`,
  )
}
