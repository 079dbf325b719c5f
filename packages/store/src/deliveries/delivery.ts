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
  /** What was sent, from the first attempt on. */
  readonly body: string | null
  readonly attempts: number
  readonly nextAt: Date | null
  readonly lastError: string | null
  /** What the receiver answered last. */
  readonly lastStatus: number | null
  readonly createdAt: Date
  readonly endedAt: Date | null
}
