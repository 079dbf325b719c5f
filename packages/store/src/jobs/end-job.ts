import type { Database } from '../database.ts'
import type { Job, JobFence, JobResult } from './job.ts'
/** Functions with a fence answer false when another worker holds the job by now or it has ended. */
export declare function completeJob(db: Database, fence: JobFence, result: JobResult): Promise<boolean>
export declare function failJob(
  db: Database,
  fence: JobFence,
  fault: { readonly code: string; readonly message: string; readonly cause?: string | null | undefined },
): Promise<boolean>
/** Fault InvalidArgument where the job is unknown, running or has ended. */
export declare function cancelJob(db: Database, jobId: string): Promise<Job>
/** Fault Conflict unless it Failed or was cancelled; NotFound where it is unknown. */
export declare function retryJob(db: Database, jobId: string): Promise<Job>
export declare function purgeEndedJobs(
  db: Database,
  options: { readonly olderThanDays: number },
): Promise<number>
