import { dnaDbFilesXml, parseDnaDbFilesQuery } from '@kinoprint/contract'
import { listVideos } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import type { TencentHandler } from './tencent-route.ts'

/** GET /dnadb_files: the stored videos of the request's bucket that the key may see. */
export const listDnaDbFiles =
  ({ db }: ApiContext): TencentHandler =>
  async ({ scope, query, requestId }) => {
    const { pageNumber, pageSize, dnaDbId, object } = parseDnaDbFilesQuery(query)
    const found = await listVideos(db, {
      page: pageNumber,
      pageSize,
      dnaDbId,
      object,
      ...scope,
    })
    return dnaDbFilesXml({
      requestId,
      totalCount: found.total,
      pageNumber,
      pageSize,
      files: found.items.map(({ bucket, ...video }) => ({ ...video, bucketId: bucket })),
    })
  }
