import type { Database } from './database.ts'
import type { JobState, RuleType } from './jobs/job.ts'
export type Stats = {
  readonly libraries: number
  readonly videos: number
  readonly hours: number
  readonly frames: number
  readonly jobs: Readonly<Record<JobState, number>>
  /** Size of the whole database on disk. */
  readonly bytes: number
  readonly minutesProcessed: readonly {
    readonly secretId: string | null
    readonly dnaDbId: string
    readonly ruleType: RuleType
    readonly minutes: number
    readonly jobs: number
  }[]
}
export declare function stats(db: Database): Promise<Stats>
