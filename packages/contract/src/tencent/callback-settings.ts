import type { QueueNotify } from './queue-notify.ts'

export type CallbackFormat = 'XML' | 'JSON'
export type MqTarget = { readonly region: string; readonly mode: 'Queue' | 'Topic'; readonly name: string }

/** What a job request says about its callback. */
export type CallbackSettings = {
  /** An http or https address, or `no`, which silences the queue's callback too. */
  readonly url?: string
  readonly format: CallbackFormat
  readonly type: 'URL' | 'TDMQ'
  /** Always there where type is TDMQ. */
  readonly mq?: MqTarget
}

/** Where the end of a job is to be reported. */
export type CallbackTarget =
  | { readonly kind: 'none' }
  | { readonly kind: 'url'; readonly url: string; readonly format: CallbackFormat }
  | { readonly kind: 'mq'; readonly mq: MqTarget; readonly format: CallbackFormat }

const targetOfQueue = (notify: QueueNotify, format: CallbackFormat): CallbackTarget => {
  const events = notify.event.split(',').map((event) => event.trim())
  if (notify.state !== 'On' || !events.includes('TaskFinish')) {
    return { kind: 'none' }
  }
  if (notify.type === 'TDMQ') {
    const mq: MqTarget = { region: notify.mqRegion, mode: notify.mqMode, name: notify.mqName }
    return { kind: 'mq', mq, format }
  }
  return notify.url === '' ? { kind: 'none' } : { kind: 'url', url: notify.url, format }
}

/**
 * The job's own settings win; where it names no destination the queue's counts, in the format that the job asked
 * for if it asked for one; `no` silences both.
 */
export const callbackTargetOf = (
  job: CallbackSettings | null | undefined,
  notify: QueueNotify,
): CallbackTarget => {
  if (job === null || job === undefined) {
    return targetOfQueue(notify, notify.resultFormat)
  }
  if (job.url === 'no') {
    return { kind: 'none' }
  }
  if (job.type === 'TDMQ' && job.mq !== undefined) {
    return { kind: 'mq', mq: job.mq, format: job.format }
  }
  return job.url === undefined
    ? targetOfQueue(notify, job.format)
    : { kind: 'url', url: job.url, format: job.format }
}
