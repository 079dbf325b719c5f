import type { CallbackSettings, QueueNotify } from '@kinoprint/core'
import type { Queryable } from '../database.ts'
import { insertDelivery, type NewDelivery } from './deliveries.ts'

/** The event that a job has ended in Success or Failed. */
const EVENT = 'TaskFinish'

/** Writes the callback of a job, if it or its queue requests one, in the transaction that ends the job. */
export async function insertCallback(client: Queryable, jobId: string): Promise<void> {
  const { rows } = await client.query<{ callback: CallbackSettings | null; notify: QueueNotify }>(
    'select j.callback, q.notify from jobs j join queues q using (queue_id) where j.job_id = $1',
    [jobId],
  )
  const [settings] = rows
  if (settings === undefined) return
  const delivery = callbackOf(jobId, settings)
  if (delivery !== null) await insertDelivery(client, delivery)
}

type Settings = { readonly callback: CallbackSettings | null; readonly notify: QueueNotify }

/**
 * Returns the callback of a job; null for none. The job's settings override the queue's, which provide the address if
 * the job has none.
 */
export function callbackOf(jobId: string, { callback, notify }: Settings): NewDelivery | null {
  if (callback?.silent === true) return null
  if (callback !== null && isAddressed(callback)) return { ...callback, jobId }
  const isRequested = notify.state === 'On' && notify.event.split(',').some((event) => event.trim() === EVENT)
  if (!isRequested) return null
  const { type, url, mqRegion, mqName } = notify
  if ((type === 'Url' ? url : mqName) === '') return null
  const format = callback?.format ?? notify.resultFormat
  if (type === 'Url') return { jobId, type, format, url }
  if (type === 'Kafka') return { jobId, type, format, mqRegion, mqName }
  return { jobId, type, format, mqMode: notify.mqMode || 'Queue', mqRegion, mqName }
}

function isAddressed({ type, url = '', mqName = '' }: CallbackSettings): boolean {
  return (type === 'Url' ? url : mqName) !== ''
}
