import type { RuleType } from '@kinoprint/store'

/** What the worker counts; whoever starts it decides where that goes. */
export type WorkerMetrics = {
  jobEnded(end: {
    readonly ruleType: RuleType
    readonly state: 'Success' | 'Failed'
    /** Time that this attempt took. */
    readonly seconds: number
  }): void
}

/** For whoever does not count. */
export const noMetrics: WorkerMetrics = { jobEnded: () => undefined }
