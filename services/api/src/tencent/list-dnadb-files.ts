import { dnaDbFilesXml, parseDnaDbFilesQuery } from '@kinoprint/contract'
import { listVideos } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import type { TencentHandler } from './tencent-route.ts'

/** GET /dnadb_files: the stored videos that the key may see. */
export const listDnaDbFiles =
  ({ db }: ApiContext): TencentHandler =>
  async ({ key, query, requestId }) => {
    const { pageNumber, pageSize, dnaDbId, object } = parseDnaDbFilesQuery(query)
    const found = await listVideos(db, {
      page: pageNumber,
      pageSize,
      dnaDbId,
      object,
      libraries: key.libraries,
      buckets: key.buckets,
    })
    return dnaDbFilesXml({
      requestId,
      totalCount: found.total,
      pageNumber,
      pageSize,
      files: found.items.map(({ bucket, ...video }) => ({ ...video, bucketId: bucket })),
    })
  }
