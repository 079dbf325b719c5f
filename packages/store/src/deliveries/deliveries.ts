import type { Database, Queryable } from '../database.ts'
import type { Delivery } from './delivery.ts'
export type NewDelivery = {
  readonly jobId: string
  readonly type: 'Url' | 'TDMQ'
  readonly format: 'XML' | 'JSON'
  readonly url?: string | null | undefined
  readonly mqMode?: 'Queue' | 'Topic' | null | undefined
  readonly mqRegion?: string | null | undefined
  readonly mqName?: string | null | undefined
  readonly body?: string | null | undefined
}
/** A delivery taken for one attempt; `attempts` counts this one and is its fence. */
export type DeliveryOutcome = {
  readonly deliveryId: number
  readonly attempt: number
  readonly delivered: boolean
  /** Absent or null after a failure: given up. */
  readonly nextAt?: Date | null | undefined
  readonly error?: string | null | undefined
  readonly httpStatus?: number | null | undefined
  readonly body?: string | null | undefined
}
export declare function insertDelivery(client: Queryable, delivery: NewDelivery): Promise<number>
export declare function dueDeliveries(
  db: Database,
  options: { readonly limit: number; readonly leaseMs: number },
): Promise<Delivery[]>
export declare function finishDelivery(db: Database, outcome: DeliveryOutcome): Promise<boolean>
export declare function listDeliveries(db: Database, jobId: string): Promise<Delivery[]>
export declare function resendDelivery(db: Database, deliveryId: number): Promise<Delivery | null>
