import { type ThumbnailFolder, withThumbnailFolder } from '@kinoprint/engine'
import type { JobContext } from './job-context.ts'

type MadeThumbnails = {
  readonly folder: ThumbnailFolder | null
  /** Why they could not be made; null on success. */
  readonly failure: string | null
}

/** Null if the thumbnails could not be made. The job goes on without them. */
export async function keepIfMade(
  { log }: Pick<JobContext, 'log'>,
  { folder, failure }: MadeThumbnails,
): Promise<ThumbnailFolder | null> {
  if (failure === null) return folder
  log.warn({ reason: failure }, 'Could not make thumbnails; the job goes on without them')
  await folder?.discard({ keepPublished: false })
  return null
}

/**
 * Calls `work` with a folder for the thumbnails of a query, which reviewers see when its file is gone. The folder is
 * null if no queries are kept.
 */
export function withQueryThumbnails<T>(
  {
    thumbnailsDir,
    log,
    queryRetentionDays,
  }: Pick<JobContext, 'thumbnailsDir' | 'log' | 'queryRetentionDays'>,
  work: (folder: ThumbnailFolder | null) => Promise<T>,
): Promise<T> {
  return withThumbnailFolder({ thumbnailsDir: queryRetentionDays === 0 ? null : thumbnailsDir, log }, work)
}
