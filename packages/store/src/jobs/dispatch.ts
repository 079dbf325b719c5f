import type { Database } from '../database.ts'
import type { JobLevel } from './job.ts'
export declare function jobsToDispatch(
  db: Database,
  options: { readonly olderThanMs: number; readonly limit: number },
): Promise<{ jobId: string; jobLevel: JobLevel }[]>
export declare function markDispatched(db: Database, jobIds: readonly string[]): Promise<void>
