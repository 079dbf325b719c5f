import { limits, parseQueueQuery, type QueueQuery, queueListXml } from '@kinoprint/contract'
import { ensureQueue, type Queue, listQueues as readQueues } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { pageSlice } from './page-slice.ts'
import { QUEUE_CATEGORY, queueView } from './queue-view.ts'
import { queueScope } from './tenant-scope.ts'
import type { TencentHandler } from './tencent-route.ts'

type Found = {
  readonly queues: readonly Queue[]
  readonly total: number
  readonly unknown: readonly string[]
}

type Asked = Pick<Parameters<TencentHandler>[0], 'key' | 'place'> & QueueQuery

/** GET /queue: the queue of the request's bucket, made on first use; or those of the ids that are in scope. */
export const listQueues =
  (context: ApiContext): TencentHandler =>
  async ({ key, place, query, requestId }) => {
    const asked = parseQueueQuery(query)
    const { queues, total, unknown } = await findQueues(context, { ...asked, key, place })
    return queueListXml({
      requestId,
      ...(asked.paged ? { paging: { ...asked.paging, totalCount: total } } : {}),
      queues: queues.map(queueView),
      nonExistPids: unknown,
    })
  }

const findQueues = async ({ db }: ApiContext, asked: Asked): Promise<Found> => {
  const { queueIds, state, category, paging, key, place } = asked
  const ours = category === undefined || ['CateAll', QUEUE_CATEGORY].includes(category)
  const isWanted = (queue: Queue): boolean => ours && (state === undefined || queue.state === state)
  const found =
    queueIds === undefined
      ? [await ensureQueue(db, place)]
      : (
          await readQueues(db, {
            ids: queueIds,
            ...queueScope({ place, key }),
            page: 1,
            pageSize: limits.queueIdsPerRequest,
          })
        ).items
  const known = new Set(found.map((queue) => queue.queueId))
  const kept = found.filter(isWanted)
  return {
    queues: pageSlice(kept, paging),
    total: kept.length,
    unknown: queueIds?.filter((id) => !known.has(id)) ?? [],
  }
}
