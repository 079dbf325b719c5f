import { Fault } from '@kinoprint/core'
import type { ObjectStore } from './object-store.ts'

/** Removes an object, if there is one. Throws what `ObjectStore.remove` throws for any other reason. */
export async function removeIfPresent(
  objects: Pick<ObjectStore, 'remove'>,
  bucket: string,
  object: string,
): Promise<void> {
  await objects.remove(bucket, object).catch((error: unknown) => {
    if (!(error instanceof Fault) || error.code !== 'ResourceNotFound') throw error
  })
}
