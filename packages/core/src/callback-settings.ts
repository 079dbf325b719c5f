export type CallbackFormat = 'XML' | 'JSON'
export type MqMode = 'Queue' | 'Topic'

/** The callback settings that a job request contains. They override the queue's settings. */
export type CallbackSettings = {
  /** CallBack was `no`: no callback is sent, not even to the queue's address. */
  readonly silent: boolean
  readonly type: 'Url' | 'TDMQ'
  readonly format: CallbackFormat
  /** Absent: the queue's own address. */
  readonly url?: string | undefined
  /** These three are present when type is TDMQ. */
  readonly mqMode?: MqMode | undefined
  readonly mqRegion?: string | undefined
  readonly mqName?: string | undefined
}
