import { type Crop, cropRect, STORED_CROPS } from './crops.ts'
import { FIRST_QUERY_VIEW, queryViewBox } from './query-views.ts'

/**
 * The part of the frame that a view shows, in fractions of its width and height. `picture` is the active picture of the
 * video, on which the views are based. Rotated views show all of it.
 */
export function viewBox(viewId: number, picture: Crop): Crop {
  if (viewId >= FIRST_QUERY_VIEW) return queryViewBox(viewId, picture)
  const crop = STORED_CROPS.get(viewId)
  return crop ? cropRect(crop, picture) : picture
}
