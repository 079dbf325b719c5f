import type { QueueView } from '@kinoprint/contract'
import type { Queue } from '@kinoprint/store'

/** The category that the public pages give the queue of media jobs; every queue here is one. */
export const QUEUE_CATEGORY = 'Transcoding'

export const queueView = (queue: Queue): QueueView => ({
  ...queue,
  category: QUEUE_CATEGORY,
  notify: { ...queue.notify, mqMode: queue.notify.mqMode === 'Topic' ? 'Topic' : 'Queue' },
})
