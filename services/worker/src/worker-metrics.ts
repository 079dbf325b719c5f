import type { RuleType } from '@kinoprint/core'

/** A worker's metrics. */
export type WorkerMetrics = {
  jobEnded(end: {
    readonly ruleType: RuleType
    readonly state: 'Success' | 'Failed'
    /** Duration of this attempt. */
    readonly seconds: number
  }): void
  /** An attempt to send a callback. */
  callbackTried?(attempt: {
    readonly type: 'Url' | 'TDMQ'
    readonly outcome: 'delivered' | 'retried' | 'givenUp'
  }): void
}

export const noMetrics: WorkerMetrics = { jobEnded: () => undefined }
