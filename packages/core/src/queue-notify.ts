import type { CallbackFormat, CallbackType, MqMode } from './callback-settings.ts'

export const queueStates = ['Active', 'Paused'] as const
export type QueueState = (typeof queueStates)[number]

/** A queue's callback settings, for jobs without their own. Strings are empty if they do not apply. */
export type QueueNotify = {
  readonly url: string
  readonly state: 'On' | 'Off'
  readonly type: CallbackType
  /**
   * Comma-separated list, e.g. `TaskFinish,WorkflowFinish`. The end of a job is reported only if it contains
   * TaskFinish.
   */
  readonly event: string
  readonly resultFormat: CallbackFormat
  readonly mqMode: MqMode | ''
  readonly mqRegion: string
  /** The queue or exchange of TDMQ, or the topic of Kafka. */
  readonly mqName: string
  /** The instance of Kafka that the client named. It is only shown. */
  readonly kafkaInstanceId?: string | undefined
}

/**
 * What a request that changes a queue's callback settings means where it leaves elements out: callbacks are off. A new
 * queue (`ensure_queue` in SQL) has these settings, with WorkflowFinish among its events as well.
 */
export const silentNotify: QueueNotify = {
  url: '',
  state: 'Off',
  type: 'Url',
  event: 'TaskFinish',
  resultFormat: 'XML',
  mqMode: '',
  mqRegion: '',
  mqName: '',
}
