import {
  type DnaDbView,
  dnaDbFilesXml,
  dnaDbXml,
  limits,
  parseDnaDbFilesQuery,
  parseDnaDbQuery,
} from '@kinoprint/contract'
import { type Library, listLibraries, listVideos } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { pageSlice, type TencentHandler } from './tencent-route.ts'

/** GET /dnadb: the libraries in scope. */
export function listDnaDb({ db }: ApiContext): TencentHandler {
  return async ({ scope, query, requestId }) => {
    const { ids, pageNumber, pageSize } = parseDnaDbQuery(query)
    const found = await listLibraries(db, {
      ...scope,
      ...(ids ? { ids, page: 1, pageSize: limits.idsPerRequest } : { page: pageNumber, pageSize }),
    })
    const known = new Set(found.items.map((library) => library.dnaDbId))
    return dnaDbXml({
      requestId,
      totalCount: found.total,
      pageNumber,
      pageSize,
      // All requested ids are read, so that an id on another page does not count as unknown.
      libraries: (ids ? pageSlice(found.items, { pageNumber, pageSize }) : found.items).map(libraryView),
      nonExistIds: ids?.filter((id) => !known.has(id)) ?? [],
    })
  }
}

function libraryView({ bucket, ...library }: Library): DnaDbView {
  return { ...library, bucketId: bucket }
}

/** GET /dnadb_files: the stored videos in scope. */
export function listDnaDbFiles({ db }: ApiContext): TencentHandler {
  return async ({ scope, query, requestId }) => {
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
}
