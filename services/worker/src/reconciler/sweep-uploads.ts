import type { Log } from '@kinoprint/core'
import type { ObjectStore } from '@kinoprint/objects'
import { type Database, endUpload, listOldUploads } from '@kinoprint/store'

/** After this long, an upload that was not completed counts as abandoned. */
const MAX_AGE_DAYS = 7
const BATCH = 100

type SweepContext = { readonly db: Database; readonly objects: Pick<ObjectStore, 'parts'>; readonly log: Log }

/** Removes the uploads that began over `olderThanDays` (7) ago, with their parts. Returns their number. */
export async function sweepUploads(
  { db, objects, log }: SweepContext,
  { olderThanDays = MAX_AGE_DAYS }: { readonly olderThanDays?: number } = {},
): Promise<number> {
  let removed = 0
  for (;;) {
    const uploads = await listOldUploads(db, { olderThanDays, limit: BATCH })
    for (const { uploadId, bucket } of uploads) {
      for (const name of (await endUpload(db, uploadId)) ?? []) await objects.parts.remove(bucket, name)
      removed += 1
    }
    if (uploads.length < BATCH) break
  }
  if (removed > 0) log.info({ removed }, 'Removed uploads that were not completed')
  return removed
}
