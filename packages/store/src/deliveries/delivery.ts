import type { CallbackFormat, CallbackSettings, MqMode } from '@kinoprint/core'

/** A finished attempt. Attempts whose sender died are not recorded. */
export type DeliveryAttempt = {
  /** Counts from 1. */
  readonly attempt: number
  /** End of the attempt, ISO 8601. */
  readonly at: string
  /** Duration of the attempt. */
  readonly seconds: number
  /** Status of the receiver's response; null if there was none, and for message queues. */
  readonly httpStatus: number | null
  /** Null if the callback was delivered. */
  readonly error: string | null
}

export type Delivery = {
  readonly deliveryId: number
  /** The job that it reports. Of this and the next two, one is not null. */
  readonly jobId: string | null
  /** The event of a match that it reports. */
  readonly matchEventId: number | null
  /** The event of a library that it reports. */
  readonly libraryEventId: number | null
  readonly status: 'Pending' | 'Delivered' | 'Failed'
  readonly type: CallbackSettings['type']
  readonly format: CallbackFormat
  readonly url: string | null
  readonly mqMode: MqMode | null
  readonly mqRegion: string | null
  readonly mqName: string | null
  /**
   * The key that submitted the job (empty for the command line), a space, and the job's bucket. About a match or a library: the
   * library, a space, and `matches`.
   */
  readonly tenant: string
  /** Host and port of the URL, or the broker's queue or exchange. */
  readonly host: string
  /** Body of the callback; null before the first attempt. */
  readonly body: string | null
  readonly attempts: number
  readonly nextAt: Date | null
  readonly lastError: string | null
  /** HTTP status of the last response. */
  readonly lastStatus: number | null
  /** The newest 50 attempts, oldest first. */
  readonly attemptLog: readonly DeliveryAttempt[]
  readonly createdAt: Date
  readonly endedAt: Date | null
}

/** A callback claimed for one attempt. */
export type DueDelivery = Delivery & {
  /** Time since the callback was written or last resent manually, which starts a new series of attempts. */
  readonly elapsedMs: number
  /** W3C `traceparent` of the request that submitted the job; null if there is none. */
  readonly traceParent: string | null
}
