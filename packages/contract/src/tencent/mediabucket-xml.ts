import { type PagedAnswer, pageHead } from './dnadb-xml.ts'
import { formatTime } from './time.ts'
import { writeXml, type XmlNode } from './xml-writer.ts'

export type MediaBucketView = {
  readonly bucketId: string
  readonly region: string
  readonly createdAt: Date
}

function bucketNode(
  name: 'MediaBucketList' | 'MediaBucket',
  { bucketId, region, createdAt }: MediaBucketView,
): XmlNode {
  return [
    name,
    [
      ['BucketId', bucketId],
      ['Name', bucketId],
      ['Region', region],
      ['CreateTime', formatTime(createdAt)],
    ],
  ]
}

/** The response to GET /mediabucket. */
export function mediaBucketsXml({
  buckets,
  ...head
}: PagedAnswer & { readonly buckets: readonly MediaBucketView[] }): string {
  return writeXml([
    'Response',
    [...pageHead(head), ...buckets.map((bucket) => bucketNode('MediaBucketList', bucket))],
  ])
}

/** The response to POST /mediabucket. */
export function mediaBucketXml(requestId: string, bucket: MediaBucketView): string {
  return writeXml(['Response', [['RequestId', requestId], bucketNode('MediaBucket', bucket)]])
}

/** The response to a paged list of something that does not exist here. */
export function emptyListXml(head: Omit<PagedAnswer, 'totalCount'>): string {
  return writeXml(['Response', [...pageHead({ ...head, totalCount: 0 })]])
}
