import type { VideoFacts } from '@kinoprint/engine'
import type { Detection, Findings } from '@kinoprint/store'

/** What a job records about its search: the content that it searched with, and the videos that it reports. */
export function findingsOf(
  { bucket, object, etag }: { readonly bucket: string; readonly object: string; readonly etag: string },
  { width, height, hasAudio }: Pick<VideoFacts, 'width' | 'height' | 'hasAudio'>,
  detections: readonly Detection[],
): Findings {
  return {
    query: { bucket, object, etag, width, height, hasAudio },
    found: detections.map((detection) => ({ ...detection, verdict: 'report' })),
  }
}
