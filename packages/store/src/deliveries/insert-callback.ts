import type { CallbackSettings, QueueNotify } from '@kinoprint/core'
import type { Queryable } from '../database.ts'
import { insertDelivery, type NewDelivery } from './deliveries.ts'

/** The one event that there is here: a job ended in Success or Failed. */
const EVENT = 'TaskFinish'

/** Notes the callback of a job that has just ended, in the transaction that ends it, if it wants one. */
export const insertCallback = async (client: Queryable, jobId: string): Promise<void> => {
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

/** The job's own settings win over the queue's; where they name no address, the queue's address is meant. */
export const callbackOf = (jobId: string, { callback, notify }: Settings): NewDelivery | null => {
  if (callback?.silent === true) return null
  if (callback !== null && isAddressed(callback)) return { ...callback, jobId }
  const wanted = notify.state === 'On' && notify.event.split(',').some((event) => event.trim() === EVENT)
  if (!wanted) return null
  const { type, url, mqRegion, mqName } = notify
  if ((type === 'Url' ? url : mqName) === '') return null
  const format = callback?.format ?? notify.resultFormat
  if (type === 'Url') return { jobId, type, format, url }
  return { jobId, type, format, mqMode: notify.mqMode || 'Queue', mqRegion, mqName }
}

const isAddressed = ({ type, url = '', mqName = '' }: CallbackSettings): boolean =>
  (type === 'Url' ? url : mqName) !== ''
