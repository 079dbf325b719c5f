import type { Database } from './database.ts'
import type { Page, PageRequest } from './page.ts'
export type QueueNotify = {
  readonly url: string
  readonly state: 'On' | 'Off'
  readonly type: 'Url' | 'TDMQ'
  /** Comma list, e.g. `TaskFinish,WorkflowFinish`. */
  readonly event: string
  readonly resultFormat: 'XML' | 'JSON'
  readonly mqMode: 'Queue' | 'Topic' | ''
  readonly mqRegion: string
  readonly mqName: string
}
export type Queue = {
  readonly queueId: string
  readonly name: string
  readonly state: 'Active' | 'Paused'
  readonly maxSize: number
  readonly maxConcurrent: number
  readonly notify: QueueNotify
  readonly createdAt: Date
  readonly updatedAt: Date
}
export type QueueChanges = {
  readonly name?: string | undefined
  readonly state?: 'Active' | 'Paused' | undefined
  readonly maxConcurrent?: number | undefined
  readonly notify?: Partial<QueueNotify> | undefined
}
export declare function listQueues(
  db: Database,
  filter?: Partial<PageRequest> & {
    readonly ids?: readonly string[] | undefined
    readonly state?: 'Active' | 'Paused' | undefined
  },
): Promise<Page<Queue>>
export declare function getQueue(db: Database, queueId: string): Promise<Queue | null>
export declare function updateQueue(
  db: Database,
  queueId: string,
  changes: QueueChanges,
): Promise<Queue | null>
export declare function ensureDefaultQueue(db: Database): Promise<Queue>
export declare function defaultQueue(db: Database): Promise<Queue>
