export { type ConsumeOptions, type Consumer, consume, type Handler, type Outcome } from './consume.ts'
export { migrateQueue } from './migrate-queue.ts'
export { type JobQueue, openQueue, type QueueCounts } from './open-queue.ts'
export type { QueueOptions } from './queue-options.ts'
