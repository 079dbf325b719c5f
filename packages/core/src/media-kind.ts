/** A video, a still picture, or sound without a picture. */
export type MediaKind = 'video' | 'picture' | 'sound'

/** What a stored or decoded file is, by its facts: a picture has no length, and sound alone has no size. */
export function mediaKindOf({
  durationSeconds,
  width,
}: {
  readonly durationSeconds: number
  readonly width: number
}): MediaKind {
  if (width === 0) return 'sound'
  return durationSeconds === 0 ? 'picture' : 'video'
}
