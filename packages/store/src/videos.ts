import type { Database } from './database.ts'
import type { JobFence } from './jobs/job.ts'
import type { Page, PageRequest } from './page.ts'
export type Video = {
  readonly videoId: string
  readonly dnaDbId: string
  readonly bucket: string
  readonly region: string
  readonly object: string
  /** With its quotes. */
  readonly etag: string
  readonly durationSeconds: number
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
  /** Frames that were sampled. */
  readonly frameCount: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
export type VideoFilter = {
  readonly dnaDbId?: string | undefined
  readonly object?: string | undefined
  /** Policy: only these libraries and buckets; null or absent for all. */
  readonly libraries?: readonly string[] | null | undefined
  readonly buckets?: readonly string[] | null | undefined
}
export declare function listVideos(
  db: Database,
  filter: Partial<PageRequest> & VideoFilter,
): Promise<Page<Video>>
export declare function getVideo(
  db: Database,
  key: { readonly dnaDbId: string; readonly videoId: string },
): Promise<Video | null>
export declare function findVideoByObject(
  db: Database,
  key: { readonly dnaDbId: string; readonly bucket: string; readonly object: string },
): Promise<Video | null>
export declare function deleteVideo(
  db: Database,
  options: {
    readonly dnaDbId: string
    readonly videoId: string
    readonly jobFence?: JobFence | null | undefined
  },
): Promise<Video | null>
