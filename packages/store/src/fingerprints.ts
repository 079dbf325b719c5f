import type { Database } from './database.ts'
import type { JobFence, JobResult } from './jobs/job.ts'
import type { Video } from './videos.ts'
/** A 256-bit hash as eight words: word 0 most significant, its most significant bit first. */
export type TimedHash = { readonly timeMs: number; readonly hash: Uint32Array }
export type StagedFingerprint = {
  readonly dnaDbId: string
  /** Version of the format of `data`. */
  readonly format: number
  readonly data: Uint8Array
  readonly keyframes: readonly TimedHash[]
  readonly audioWindows: readonly TimedHash[]
  /** Called between batches with 0..1. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}
export type Publication = {
  /** Null where no job stands behind it (the command line's scan). */
  readonly jobFence: JobFence | null
  readonly dnaDbId: string
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly etag: string
  readonly durationSeconds: number
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
  readonly frameCount: number
  readonly fingerprintId: number
  /** The job's result; its videoId is filled in here. */
  readonly result?:
    | (Pick<JobResult, 'durationSeconds' | 'detections'> & { readonly videoId?: string | undefined })
    | undefined
}
export declare function stageFingerprint(db: Database, fingerprint: StagedFingerprint): Promise<number>
export declare function publishVideo(db: Database, publication: Publication): Promise<Video>
export declare function discardFingerprint(db: Database, fingerprintId: number): Promise<void>
export declare function sweepOrphanFingerprints(
  db: Database,
  options?: { readonly olderThanMs?: number },
): Promise<number>
export declare function loadFingerprints(
  db: Database,
  options: { readonly dnaDbId: string; readonly videoIds: readonly string[] },
): Promise<
  Map<string, { readonly data: Uint8Array; readonly durationSeconds: number; readonly object: string }>
>
