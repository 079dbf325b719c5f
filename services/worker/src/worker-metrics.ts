import type { RuleType } from '@kinoprint/core'

/** What the worker counts; whoever starts it decides where that goes. */
export type WorkerMetrics = {
  jobEnded(end: {
    readonly ruleType: RuleType
    readonly state: 'Success' | 'Failed'
    /** Time that this attempt took. */
    readonly seconds: number
  }): void
  /** An attempt to send a callback. */
  callbackTried?(attempt: {
    readonly type: 'Url' | 'TDMQ'
    readonly outcome: 'delivered' | 'retried' | 'givenUp'
  }): void
}

/** For whoever does not count. */
export const noMetrics: WorkerMetrics = { jobEnded: () => undefined }
