import type { QueueNotify } from './queue-notify.ts'

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

/** Where the end of a job is to be reported. */
export type CallbackTarget =
  | { readonly kind: 'none' }
  | { readonly kind: 'url'; readonly url: string; readonly format: CallbackFormat }
  | {
      readonly kind: 'mq'
      readonly format: CallbackFormat
      readonly mqMode: MqMode
      readonly mqRegion: string
      readonly mqName: string
    }

const targetOfQueue = (notify: QueueNotify, format: CallbackFormat): CallbackTarget => {
  const events = notify.event.split(',').map((event) => event.trim())
  if (notify.state !== 'On' || !events.includes('TaskFinish')) {
    return { kind: 'none' }
  }
  if (notify.type === 'TDMQ') {
    const { mqMode, mqRegion, mqName } = notify
    return mqName === ''
      ? { kind: 'none' }
      : { kind: 'mq', format, mqMode: mqMode || 'Queue', mqRegion, mqName }
  }
  return notify.url === '' ? { kind: 'none' } : { kind: 'url', url: notify.url, format }
}

/**
 * The job's own settings win; where it names no destination the queue's counts, in the format that the job asked
 * for if it said anything; a silent job silences both.
 */
export const callbackTargetOf = (
  job: CallbackSettings | null | undefined,
  notify: QueueNotify,
): CallbackTarget => {
  if (job === null || job === undefined) {
    return targetOfQueue(notify, notify.resultFormat)
  }
  if (job.silent) {
    return { kind: 'none' }
  }
  const { type, format, url, mqMode = 'Queue', mqRegion = '', mqName = '' } = job
  if (type === 'TDMQ' && mqName !== '') {
    return { kind: 'mq', format, mqMode, mqRegion, mqName }
  }
  return url === undefined ? targetOfQueue(notify, format) : { kind: 'url', url, format }
}
