import type { Database } from '../database.ts'
import type { Job, JobFence } from './job.ts'
export type Claim =
  | { readonly kind: 'run'; readonly job: Job; readonly fence: JobFence }
  /** Nothing to do with it now or ever; whoever makes it runnable again dispatches it again. */
  | { readonly kind: 'skip'; readonly reason: 'unknown' | 'ended' | 'paused' | 'failed' }
  | { readonly kind: 'later'; readonly delayMs: number }
export declare function claimJob(
  db: Database,
  options: { readonly jobId: string; readonly workerId: string; readonly leaseMs: number },
): Promise<Claim>
export declare function heartbeat(
  db: Database,
  fence: JobFence,
  beat: {
    readonly progress?: number | undefined
    readonly stage?: string | undefined
    readonly leaseMs: number
  },
): Promise<boolean>
export declare function releaseJob(db: Database, fence: JobFence): Promise<boolean>
export declare function expireLeases(db: Database): Promise<{ requeued: string[]; failed: string[] }>
