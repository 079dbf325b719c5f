import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import { requireAllowedCallback, requireBroker } from '../callback-rules.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

export async function listQueues({ db }: Db, { query }: JsonRequest<'listQueues'>): Answer<'listQueues'> {
  const page = await store.listQueues(db, query)
  return { ...page, items: page.items.map(queueBody) }
}

export async function updateQueue(
  { db, settings }: Db & Pick<AdminContext, 'settings'>,
  { params: { queueId }, body }: JsonRequest<'updateQueue'>,
): Answer<'updateQueue'> {
  const { notify } = body
  if (notify?.type === 'TDMQ' || notify?.mqName) requireBroker(settings, notify.mqName ?? '')
  requireAllowedCallback(settings, notify?.url)
  const queue = await store.updateQueue(db, queueId, body)
  if (queue === null) throw new Fault('NotFound', `Queue ${queueId} does not exist.`)
  return queueBody(queue)
}

function queueBody(queue: store.Queue): RouteAnswer<'updateQueue'> {
  return { ...queue, createdAt: queue.createdAt.toISOString(), updatedAt: queue.updatedAt.toISOString() }
}
