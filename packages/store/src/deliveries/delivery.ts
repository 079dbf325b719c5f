/** One attempt that ended; one whose sender died is missing. */
export type DeliveryAttempt = {
  /** Counts from 1. */
  readonly attempt: number
  /** ISO 8601, when it ended. */
  readonly at: string
  /** How long it took. */
  readonly seconds: number
  /** What the receiver answered; null where nothing came back, and for message queues. */
  readonly httpStatus: number | null
  /** Null where it arrived. */
  readonly error: string | null
}

export type Delivery = {
  readonly deliveryId: number
  readonly jobId: string
  readonly status: 'Pending' | 'Delivered' | 'Failed'
  readonly type: 'Url' | 'TDMQ'
  readonly format: 'XML' | 'JSON'
  readonly url: string | null
  readonly mqMode: 'Queue' | 'Topic' | null
  readonly mqRegion: string | null
  readonly mqName: string | null
  /** The key that asked for the job, empty for the command line, a space, and the job's bucket. */
  readonly tenant: string
  /** Host and port of the address, or the queue or exchange of the message broker. */
  readonly host: string
  /** What was sent, from the first attempt on. */
  readonly body: string | null
  readonly attempts: number
  readonly nextAt: Date | null
  readonly lastError: string | null
  /** What the receiver answered last. */
  readonly lastStatus: number | null
  /** The newest 50 attempts, oldest first. */
  readonly attemptLog: readonly DeliveryAttempt[]
  readonly createdAt: Date
  readonly endedAt: Date | null
}

/** Taken for one attempt. */
export type DueDelivery = Delivery & {
  /** Since it was written, or sent anew by hand: the age of the present round of attempts. */
  readonly elapsedMs: number
}
