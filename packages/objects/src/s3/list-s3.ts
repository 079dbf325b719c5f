import type { S3 } from '@aws-sdk/client-s3'
import { isReserved } from '../folder/bucket-path.ts'
import { sliceOf, sortPrefixes, tooManyObjects } from '../list-options.ts'
import type { ListOptions, ObjectItem, ObjectList } from '../object-store.ts'
import { quoted } from './s3-client.ts'

/** Maximum requests of 1000 names per list: S3 reports no total, so all names are read. */
const MAX_REQUESTS = 200

/** Lists the objects of a bucket whose names start with the prefix. */
export async function listS3(s3: S3, bucket: string, options: ListOptions): Promise<ObjectList> {
  const { prefix, from, to } = sliceOf(options)
  const items: ObjectItem[] = []
  const prefixes: string[] = []
  const delimited = options.delimiter === undefined ? {} : { Delimiter: options.delimiter }
  let total = 0
  let token: string | undefined
  for (let request = 0; request < MAX_REQUESTS; request++) {
    const begin = options.after ? { StartAfter: options.after } : {}
    const next = token === undefined ? begin : { ContinuationToken: token }
    const answer = await s3.listObjectsV2({ Bucket: bucket, Prefix: prefix, ...delimited, ...next })
    for (const { Key, Size, ETag, LastModified } of answer.Contents ?? []) {
      // S3 browsers mark an empty folder with a name that ends in a slash.
      if (Key === undefined || Key.endsWith('/') || isReserved(Key)) continue
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
    prefixes.push(
      ...(answer.CommonPrefixes ?? [])
        .flatMap((folder) => folder.Prefix ?? [])
        .filter((name) => !isReserved(name)),
    )
    token = answer.NextContinuationToken
    const isEnough = options.after !== undefined && total + prefixes.length > to
    if (isEnough || answer.IsTruncated !== true || token === undefined)
      return { items, total, prefixes: sortPrefixes(prefixes) }
  }
  throw tooManyObjects(MAX_REQUESTS * 1000)
}
