import type { Database } from '../database.ts'
import type { CallbackSettings, Job, JobLevel, RuleType } from './job.ts'
export type NewJob = {
  readonly ruleType: RuleType
  readonly dnaDbId: string
  readonly videoId?: string | null | undefined
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly jobLevel?: JobLevel | undefined
  readonly userData?: string | null | undefined
  /** The default queue where absent. */
  readonly queueId?: string | null | undefined
  readonly callback?: CallbackSettings | null | undefined
  readonly secretId?: string | null | undefined
  readonly tag?: string | undefined
  /** A hash of the request's body: the same one from the same key and bucket answers the first job. */
  readonly requestHash?: string | null | undefined
  /** 0 switches it off. */
  readonly dedupeSeconds?: number | undefined
}
export declare function insertJob(db: Database, job: NewJob): Promise<Job>
