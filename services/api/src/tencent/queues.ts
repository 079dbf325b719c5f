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
import {
  ensureQueue,
  inTransaction,
  type Queue,
  listQueues as readQueues,
  updateQueue as updateRow,
} from '@kinoprint/store'
import { auditChange, keyActor } from '../audit-change.ts'
import { requireAllowedCallback, requireBroker, requireKafka } from '../callback-rules.ts'
import type { ApiContext } from '../context.ts'
import { queueScope } from './authorize.ts'
import { readXmlBody } from './read-xml-body.ts'
import { pageSlice, type TencentHandler } from './tencent-route.ts'

type Found = {
  readonly queues: readonly Queue[]
  readonly total: number
  readonly unknown: readonly string[]
}

type QueueLookup = Pick<Parameters<TencentHandler>[0], 'key' | 'targetBucket'> & QueueQuery

/** GET /queue: the queue of the request's bucket, created on first use, or the requested queues in scope. */
export function listQueues(context: ApiContext): TencentHandler {
  return async ({ key, targetBucket, query, requestId }) => {
    const lookup = parseQueueQuery(query)
    const { queues, total, unknown } = await findQueues(context, { ...lookup, key, targetBucket })
    return queueListXml({
      requestId,
      ...(lookup.hasPaging ? { paging: { ...lookup.paging, totalCount: total } } : {}),
      queues: queues.map(queueView),
      nonExistPids: unknown,
    })
  }
}

async function findQueues({ db }: ApiContext, lookup: QueueLookup): Promise<Found> {
  const { queueIds, state, category, paging, key, targetBucket } = lookup
  const isCategoryWanted = category === undefined || ['CateAll', QUEUE_CATEGORY].includes(category)
  const isWanted = (queue: Queue): boolean =>
    isCategoryWanted && (state === undefined || queue.state === state)
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

/** PUT /queue/{queueId}: changes name, state or default callback of a queue in scope. */
export function updateQueue({ db, settings }: ApiContext): TencentHandler {
  return async ({ req, key, targetBucket, requestId }) => {
    // A queue contains the jobs of every library in its bucket.
    if (key.libraries !== null) {
      throw new Fault(
        'AccessDenied',
        'This key is limited to certain libraries and cannot change queues. Use a key for all libraries.',
      )
    }
    const queueId = String(req.params.queueId)
    const changes = parseQueueUpdate(await readXmlBody(req))
    const { notify } = changes
    if (notify?.state === 'On' || (notify?.mqName ?? '') !== '') {
      if (notify?.type === 'TDMQ') requireBroker(settings, notify.mqName)
      if (notify?.type === 'Kafka') requireKafka(settings, notify.mqName)
    }
    requireAllowedCallback(settings, notify?.url)
    const scope = queueScope({ targetBucket, key })
    const queue = await inTransaction(db, async (bound) => {
      const [before] = (await readQueues(bound, { ids: [queueId] })).items
      const updated = await updateRow(bound, queueId, { ...changes, by: key.secretId, scope })
      if (updated !== null)
        await auditChange(bound, req, {
          ...{ actor: keyActor(key), action: 'updateQueue', subject: queueId, before, after: changes },
        })
      return updated
    })
    if (queue === null) throw new Fault('InvalidArgument', `Queue ${queueId} does not exist.`)
    return queueUpdateXml({ requestId, queue: queueView(queue) })
  }
}

/** The category of every queue: the one that the public documentation shows for media jobs. */
const QUEUE_CATEGORY = 'Transcoding'

function queueView(queue: Queue): QueueView {
  return {
    ...queue,
    category: QUEUE_CATEGORY,
    notify: { ...queue.notify, mqMode: queue.notify.mqMode === 'Topic' ? 'Topic' : 'Queue' },
  }
}
