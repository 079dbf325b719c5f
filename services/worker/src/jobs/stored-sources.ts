import { Fault } from '@kinoprint/core'
import type { OpenFile, OpenSource } from '@kinoprint/engine'
import { findVideo } from '@kinoprint/store'
import type { JobContext } from './job-context.ts'

/** Gives access to the objects of stored videos, as long as they have the content that was stored. */
export function storedSources({ db, objects }: Pick<JobContext, 'db' | 'objects'>): OpenSource {
  return async ({ videoId }, use, signal) => {
    const video = await findVideo(db, videoId)
    if (video === null) return null
    return openContent(objects, video)(use, signal)
  }
}

type Content = { readonly bucket: string; readonly object: string; readonly etag: string }

/** Reads an object as long as it has this content; null if it is gone or has changed. */
export function openContent(
  objects: JobContext['objects'],
  { bucket, object, etag: known }: Content,
): OpenFile {
  return async (use, signal) => {
    try {
      return await objects.readParts(bucket, object, {
        signal,
        use: async ({ path, etag }) => (etag === known ? use(path) : null),
      })
    } catch (error) {
      if (error instanceof Fault && error.code === 'ResourceNotFound') return null
      throw error
    }
  }
}
