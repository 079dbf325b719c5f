import type { QueueBody } from '@kinoprint/contract'
import type { Queue } from '@kinoprint/store'

export const queueBody = (queue: Queue): QueueBody => ({
  ...queue,
  createdAt: queue.createdAt.toISOString(),
  updatedAt: queue.updatedAt.toISOString(),
})
