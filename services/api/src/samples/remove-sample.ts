import { removeIfPresent } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import { dropThumbnails, type ThumbnailContext } from '../admin/thumbnails.ts'
import type { ApiContext } from '../context.ts'

/**
 * Removes what a run of "Try it" leaves once its library is deleted: its record, matches, thumbnails and the objects that
 * it made. A running step notices that its run is gone, and removes what it has just made. Without `objects` the objects
 * stay, which is logged.
 */
export async function removeSample(
  context: Pick<ApiContext, 'db'> & Partial<Pick<ApiContext, 'objects'>> & ThumbnailContext,
  { dnaDbId, bucket, madeObjects, storeJobId, searchJobId }: store.SampleRun,
): Promise<void> {
  const { db, objects, log } = context
  await store.cancelJobs(db, { dnaDbId, states: ['Submitted', 'Pause', 'Running'] })
  await store.deleteSampleRun(db, dnaDbId)
  await dropThumbnails(
    context,
    [storeJobId, searchJobId].filter((jobId) => jobId !== null),
  )
  if (objects === undefined) {
    log.warn({ bucket, objects: madeObjects }, 'Left the objects of a sample run in their bucket')
    return
  }
  for (const object of madeObjects) await removeIfPresent(objects, bucket, object)
}
