import { Fault } from '@kinoprint/core'
import { removeIfPresent } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import type { AdminContext, JsonRequest } from './handler.ts'

/** Folder of the uploads in the default bucket, which API and workers share. */
const UPLOADS = '.comparisons'

type SourceContext = Pick<AdminContext, 'db' | 'objects'> & {
  readonly settings: Pick<AdminContext['settings'], 'defaultBucket'>
}

type SideBody = JsonRequest<'createComparison'>['body']['query']

type NewSide = { readonly comparisonId: string; readonly side: store.ComparisonSideName }

/** What a side of a new comparison is. Throws Fault NotFound for an object or a video that does not exist. */
export async function sourceOf(
  { db, objects, settings }: SourceContext,
  body: SideBody,
  { comparisonId, side }: NewSide,
): Promise<store.ComparisonSource> {
  const none = { dnaDbId: null, videoId: null }
  if ('upload' in body) {
    const { name = side } = body
    const object = `${UPLOADS}/${comparisonId}/${side}.${endingOf(name)}`
    return { ...none, source: 'upload', bucket: settings.defaultBucket, object, name, isThere: false }
  }
  if ('object' in body) {
    const { bucket, object } = body
    if (!(await objects.exists(bucket, object)))
      throw new Fault('NotFound', `Bucket ${bucket} has no object ${object}.`)
    return { ...none, source: 'object', bucket, object, name: object, isThere: true }
  }
  const { dnaDbId, videoId } = body
  const video = await store.getVideo(db, { dnaDbId, videoId })
  if (video === null) throw new Fault('NotFound', `Library ${dnaDbId} has no video ${videoId}.`)
  const { bucket, object } = video
  return { source: 'video', bucket, object, dnaDbId, videoId, name: object, isThere: true }
}

/** The ending tells browsers the type of the video. */
function endingOf(name: string): string {
  const [, ending = 'mp4'] = /\.([a-z0-9]{1,5})$/i.exec(name) ?? []
  return ending.toLowerCase()
}

/** Removes the upload of a side. One that never arrived, or that a worker has removed, needs no removal. */
export async function removeUpload(
  { objects }: Pick<AdminContext, 'objects'>,
  { bucket, object }: store.ComparisonSource,
): Promise<void> {
  await removeIfPresent(objects, bucket, object)
}
