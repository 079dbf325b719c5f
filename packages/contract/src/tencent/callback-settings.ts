export type CallbackFormat = 'XML' | 'JSON'
export type MqMode = 'Queue' | 'Topic'

/** What a job request says about its own callback. */
export type CallbackSettings = {
  /** CallBack was `no`: nothing is sent, whatever the queue says. */
  readonly silent: boolean
  readonly type: 'Url' | 'TDMQ'
  readonly format: CallbackFormat
  /** Absent where the queue's own destination is meant. */
  readonly url?: string | undefined
  /** The three are there where type is TDMQ. */
  readonly mqMode?: MqMode | undefined
  readonly mqRegion?: string | undefined
  readonly mqName?: string | undefined
}
