import { Fault } from '@kinoprint/core'
import type { OpenSource } from '@kinoprint/engine'
import { findVideo } from '@kinoprint/store'
import type { JobContext } from './job-context.ts'

/** Gives access to the objects of stored videos, as long as they have the content that was stored. */
export function storedSources({ db, objects }: Pick<JobContext, 'db' | 'objects'>): OpenSource {
  return async ({ videoId }, use, signal) => {
    const video = await findVideo(db, videoId)
    if (video === null) return null
    try {
      return await objects.readParts(video.bucket, video.object, {
        signal,
        use: async ({ path, etag }) => (etag === video.etag ? use(path) : null),
      })
    } catch (error) {
      if (error instanceof Fault && error.code === 'ResourceNotFound') return null
      throw error
    }
  }
}
