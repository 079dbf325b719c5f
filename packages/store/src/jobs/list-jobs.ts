import type { Database } from '../database.ts'
import type { Page, PageRequest } from '../page.ts'
import type { Job, JobState, RuleType } from './job.ts'
export type JobCursor = { readonly createdAt: Date; readonly seq: number }
export type JobFilter = {
  readonly queueId?: string | undefined
  readonly tag?: string | undefined
  readonly states?: readonly JobState[] | undefined
  /** Both ends included. */
  readonly startCreationTime?: Date | undefined
  readonly endCreationTime?: Date | undefined
  readonly inputObject?: string | undefined
  /** Policy: only these; null or absent for all. */
  readonly libraries?: readonly string[] | null | undefined
  readonly buckets?: readonly string[] | null | undefined
}
export type JobListRequest = JobFilter & {
  readonly order?: 'Desc' | 'Asc' | undefined
  /** 1..100 */
  readonly size?: number | undefined
  readonly after?: JobCursor | null | undefined
}
export type JobAccess = {
  readonly libraries?: readonly string[] | null | undefined
  readonly buckets?: readonly string[] | null | undefined
}
export declare function getJobs(db: Database, jobIds: readonly string[], access?: JobAccess): Promise<Job[]>
export declare function listJobs(
  db: Database,
  request: JobListRequest,
): Promise<{ jobs: Job[]; next: JobCursor | null }>
export declare function adminListJobs(
  db: Database,
  request: Partial<PageRequest> & {
    readonly state?: JobState | undefined
    readonly ruleType?: RuleType | undefined
    readonly dnaDbId?: string | undefined
  },
): Promise<Page<Job>>
