import {
  limits,
  parseQueueQuery,
  parseQueueUpdate,
  type QueueQuery,
  type QueueView,
  queueListXml,
  queueUpdateXml,
} from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { ensureQueue, type Queue, listQueues as readQueues, updateQueue as updateRow } from '@kinoprint/store'
import { requireAllowedCallback, requireBroker } from '../callback-rules.ts'
import type { ApiContext } from '../context.ts'
import { queueScope } from './authorize.ts'
import { readXmlBody } from './read-xml-body.ts'
import { pageSlice, type TencentHandler } from './tencent-route.ts'

type Found = {
  readonly queues: readonly Queue[]
  readonly total: number
  readonly unknown: readonly string[]
}

type Asked = Pick<Parameters<TencentHandler>[0], 'key' | 'targetBucket'> & QueueQuery

/** GET /queue: the queue of the request's bucket, made on first use; or those of the ids that are in scope. */
export function listQueues(context: ApiContext): TencentHandler {
  return async ({ key, targetBucket, query, requestId }) => {
    const asked = parseQueueQuery(query)
    const { queues, total, unknown } = await findQueues(context, { ...asked, key, targetBucket })
    return queueListXml({
      requestId,
      ...(asked.paged ? { paging: { ...asked.paging, totalCount: total } } : {}),
      queues: queues.map(queueView),
      nonExistPids: unknown,
    })
  }
}

async function findQueues({ db }: ApiContext, asked: Asked): Promise<Found> {
  const { queueIds, state, category, paging, key, targetBucket } = asked
  const ours = category === undefined || ['CateAll', QUEUE_CATEGORY].includes(category)
  const isWanted = (queue: Queue): boolean => ours && (state === undefined || queue.state === state)
  const found =
    queueIds === undefined
      ? [await ensureQueue(db, targetBucket)]
      : (
          await readQueues(db, {
            ids: queueIds,
            ...queueScope({ targetBucket, key }),
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

/** PUT /queue/{queueId}: name, state, default callback of a queue in scope, for a key of all libraries. */
export function updateQueue({ db, settings }: ApiContext): TencentHandler {
  return async ({ req, key, targetBucket, requestId }) => {
    // A bucket's queue carries the jobs of all libraries.
    if (key.libraries !== null) {
      throw new Fault('AccessDenied', 'This key is limited to some libraries and may not change a queue.')
    }
    const queueId = String(req.params.queueId)
    const changes = parseQueueUpdate(await readXmlBody(req))
    const { notify } = changes
    if (notify?.type === 'TDMQ' && (notify.state === 'On' || notify.mqName !== '')) {
      requireBroker(settings, notify.mqName)
    }
    requireAllowedCallback(settings, notify?.url)
    const queue = await updateRow(db, queueId, { ...changes, scope: queueScope({ targetBucket, key }) })
    if (queue === null) throw new Fault('InvalidArgument', `There is no queue ${queueId}.`)
    return queueUpdateXml({ requestId, queue: queueView(queue) })
  }
}

/** The category that the public pages give the queue of media jobs; every queue here is one. */
const QUEUE_CATEGORY = 'Transcoding'

function queueView(queue: Queue): QueueView {
  return {
    ...queue,
    category: QUEUE_CATEGORY,
    notify: { ...queue.notify, mqMode: queue.notify.mqMode === 'Topic' ? 'Topic' : 'Queue' },
  }
}
