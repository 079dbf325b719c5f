export { consume, type Outcome } from './consume.ts'
export { type JobQueue, openQueue } from './open-queue.ts'
export { migrateQueue } from './postgres/migrate-queue.ts'
export type { QueueOptions } from './queue-options.ts'
