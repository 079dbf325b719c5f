import { emptyListXml, mediaBucketsXml, mediaBucketXml, parseMediaBucketQuery } from '@kinoprint/contract'
import { ensureQueue, listMediaBuckets } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import type { TencentHandler } from './tencent-route.ts'

/** GET /mediabucket: the buckets that the key may use and that have been used. Those in its policy count as used. */
export function listBuckets({ db, settings }: ApiContext): TencentHandler {
  return async ({ key, query, requestId }) => {
    const { pageNumber, pageSize, ...filter } = parseMediaBucketQuery(query)
    const region = key.region ?? settings.defaultRegion
    for (const bucket of key.buckets ?? []) await ensureQueue(db, { bucket, region })
    const found = await listMediaBuckets(db, {
      ...filter,
      buckets: key.buckets,
      page: pageNumber,
      pageSize,
    })
    return mediaBucketsXml({
      requestId,
      totalCount: found.total,
      pageNumber,
      pageSize,
      buckets: found.items.map(({ bucket, ...rest }) => ({ ...rest, bucketId: bucket })),
    })
  }
}

/** POST /mediabucket: the bucket of the request. No activation is needed here. */
export function addBucket({ db }: ApiContext): TencentHandler {
  return async ({ targetBucket, requestId }) => {
    const { bucket, region, createdAt } = await ensureQueue(db, targetBucket)
    return mediaBucketXml(requestId, { bucketId: bucket, region, createdAt })
  }
}

/** GET /template and /workflow: lists of what does not exist here. */
export function listNothing(): TencentHandler {
  return async ({ query, requestId }) => {
    const { pageNumber, pageSize } = parseMediaBucketQuery(query)
    return emptyListXml({ requestId, pageNumber, pageSize })
  }
}
