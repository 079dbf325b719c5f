export const queueStates = ['Active', 'Paused'] as const
export type QueueState = (typeof queueStates)[number]

/** A queue's own callback, for jobs that bring none. Strings are empty where they do not apply. */
export type QueueNotify = {
  readonly url: string
  readonly state: 'On' | 'Off'
  readonly type: 'Url' | 'TDMQ'
  /** Comma list; callbacks of jobs need TaskFinish in it. */
  readonly event: string
  readonly resultFormat: 'XML' | 'JSON'
  readonly mqMode: 'Queue' | 'Topic' | ''
  readonly mqRegion: string
  readonly mqName: string
}

/** What a queue has that was never told otherwise. */
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
