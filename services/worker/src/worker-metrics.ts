import type { CallbackType, RuleType } from '@kinoprint/core'
import type { MeasuredStage } from './observe-attempt.ts'

/** A worker's metrics. */
export type WorkerMetrics = {
  jobEnded(end: {
    readonly ruleType: RuleType
    readonly state: 'Success' | 'Failed'
    /** Duration of this attempt. */
    readonly seconds: number
    /** Seconds since the submission. */
    readonly sinceSubmission: number
    /** The error code of a failed job. */
    readonly code?: string | undefined
  }): void
  /** A job has succeeded without shards that are away. */
  jobPartial?(job: { readonly ruleType: RuleType }): void
  /** A stage of an attempt has ended, or the attempt in it. */
  stageEnded?(end: {
    readonly ruleType: RuleType
    readonly stage: MeasuredStage
    readonly seconds: number
  }): void
  /** An attempt to send a callback. */
  callbackTried?(attempt: {
    readonly type: CallbackType
    readonly outcome: 'delivered' | 'retried' | 'givenUp'
  }): void
}

export const noMetrics: WorkerMetrics = { jobEnded: () => undefined }
