import { limits, parseQueueQuery, type QueueQuery, queueListXml } from '@kinoprint/contract'
import { type Queue, listQueues as readQueues } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { pageSlice } from './page-slice.ts'
import { QUEUE_CATEGORY, queueView } from './queue-view.ts'
import type { TencentHandler } from './tencent-route.ts'

type Found = {
  readonly queues: readonly Queue[]
  readonly total: number
  readonly unknown: readonly string[]
}

/** GET /queue */
export const listQueues =
  (context: ApiContext): TencentHandler =>
  async ({ query, requestId }) => {
    const asked = parseQueueQuery(query)
    const { queues, total, unknown } = await findQueues(context, asked)
    return queueListXml({
      requestId,
      ...(asked.paged ? { paging: { ...asked.paging, totalCount: total } } : {}),
      queues: queues.map(queueView),
      nonExistPids: unknown,
    })
  }

const findQueues = async ({ db }: ApiContext, asked: QueueQuery): Promise<Found> => {
  const { queueIds, state, category, paging } = asked
  const ours = category === undefined || ['CateAll', QUEUE_CATEGORY].includes(category)
  if (queueIds) {
    const { items } = await readQueues(db, { ids: queueIds, page: 1, pageSize: limits.queueIdsPerRequest })
    const known = new Set(items.map((queue) => queue.queueId))
    const kept = items.filter((queue) => ours && (state === undefined || queue.state === state))
    return {
      queues: pageSlice(kept, paging),
      total: kept.length,
      unknown: queueIds.filter((id) => !known.has(id)),
    }
  }
  if (!ours) return { queues: [], total: 0, unknown: [] }
  const page = await readQueues(db, { state, page: paging.pageNumber, pageSize: paging.pageSize })
  return { queues: page.items, total: page.total, unknown: [] }
}
