export type CallbackFormat = 'XML' | 'JSON'
export type MqMode = 'Queue' | 'Topic'

/** An address, a queue or exchange of RabbitMQ, or a topic of Kafka. */
export type CallbackType = 'Url' | 'TDMQ' | 'Kafka'

/** The callback settings that a job request contains. They override the queue's settings. */
export type CallbackSettings = {
  /** CallBack was `no`: no callback is sent, not even to the queue's address. */
  readonly silent: boolean
  readonly type: CallbackType
  readonly format: CallbackFormat
  /** Absent: the queue's own address. */
  readonly url?: string | undefined
  /** Present when type is TDMQ. */
  readonly mqMode?: MqMode | undefined
  /** Present when type is TDMQ or Kafka. */
  readonly mqRegion?: string | undefined
  /** The queue or exchange of TDMQ, or the topic of Kafka. */
  readonly mqName?: string | undefined
}
