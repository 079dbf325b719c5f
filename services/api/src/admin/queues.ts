import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import { requireAllowedCallback, requireBroker, requireKafka } from '../callback-rules.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

export async function listQueues({ db }: Db, { query }: JsonRequest<'listQueues'>): Answer<'listQueues'> {
  const page = await store.listQueues(db, query)
  return { ...page, items: await queueBodies(db, page.items) }
}

export async function updateQueue(
  { db, settings }: Db & Pick<AdminContext, 'settings'>,
  { params: { queueId }, body, by }: JsonRequest<'updateQueue'>,
): Answer<'updateQueue'> {
  const { notify } = body
  if (notify?.type === 'Kafka') requireKafka(settings, notify.mqName ?? '')
  else if (notify?.type === 'TDMQ' || notify?.mqName) requireBroker(settings, notify.mqName ?? '')
  requireAllowedCallback(settings, notify?.url)
  const queue = await store.updateQueue(db, queueId, { ...body, by: by ?? 'admin token' })
  if (queue === null) throw new Fault('NotFound', `Queue ${queueId} does not exist.`)
  const [answer] = await queueBodies(db, [queue])
  if (answer === undefined) throw new Fault('NotFound', `Queue ${queueId} does not exist.`)
  return answer
}

type QueueBody = RouteAnswer<'updateQueue'>

async function queueBodies(db: AdminContext['db'], queues: readonly store.Queue[]): Promise<QueueBody[]> {
  const facts = await store.readQueueFacts(
    db,
    queues.map(({ queueId }) => queueId),
  )
  return queues.flatMap((queue) => {
    const known = facts.get(queue.queueId)
    return known === undefined ? [] : [queueBody(queue, known)]
  })
}

function queueBody(
  queue: store.Queue,
  { pausedAt, waiting, callbacks, ...facts }: store.QueueFacts,
): QueueBody {
  const { last } = callbacks
  return {
    ...queue,
    createdAt: queue.createdAt.toISOString(),
    updatedAt: queue.updatedAt.toISOString(),
    ...facts,
    pausedAt: pausedAt?.toISOString() ?? null,
    waiting: waiting.map((level) => ({ ...level, oldestAt: level.oldestAt?.toISOString() ?? null })),
    callbacks: { ...callbacks, last: last === null ? null : { ...last, at: last.at.toISOString() } },
  }
}
