import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { joinPictures, openSprite, type Sprite } from '@kinoprint/media'
import type { ObjectStore } from '@kinoprint/objects'
import type { FilmSide } from '@kinoprint/store'
import type { Stills } from './stills.ts'

const FRAME_WIDTH = 160

export type FilmContext = {
  readonly objects: ObjectStore
  readonly stills: Stills
  readonly thumbnailsDir: string | null
}

export type FilmRequest = {
  readonly side: FilmSide
  /** Seconds, ascending. */
  readonly times: readonly number[]
  /** The address of the client. */
  readonly client: string
}

/** The middles of equal parts of a passage, in seconds. */
export function filmTimes({ start, end }: { start: number; end: number }, count: number): number[] {
  return Array.from({ length: count }, (_, at) => start + ((at + 0.5) * (end - start)) / count)
}

/**
 * Frames side by side in one JPEG. They come from the thumbnails if those are dense enough or the object is gone or
 * replaced, otherwise from the object. Throws Fault NotFound if there is neither.
 */
export async function makeFilm(context: FilmContext, { side, times, client }: FilmRequest): Promise<Buffer> {
  const sprite = await openThumbnails(context, side)
  if (sprite !== null && isDense(sprite, times)) return joinPictures(await sprite.tilesAt(times))
  return joinPictures(await readFrames(context, { side, times, client, width: FRAME_WIDTH }))
}

/**
 * Frames as JPEG pictures, in the order of the times: from the object, or from the thumbnails if it is gone, replaced or
 * cannot be decoded. Throws Fault NotFound if there is neither.
 */
export async function readFrames(
  context: FilmContext,
  { side, times, client, width }: FilmRequest & { readonly width: number },
): Promise<Buffer[]> {
  const { bucket, object, etag } = side
  if (await hasContent(context.objects, side))
    try {
      const paths = await context.stills.get({ bucket, object, etag, times, width, client })
      return await Promise.all(paths.map((path) => readFile(path)))
    } catch (error) {
      if (!isUndecodable(error)) throw error
    }
  const sprite = await openThumbnails(context, side)
  if (sprite !== null) return sprite.tilesAt(times)
  throw new Fault('NotFound', 'The file of this side is gone or cannot be decoded, and it has no thumbnails.')
}

async function openThumbnails(
  { thumbnailsDir }: FilmContext,
  { thumbnailsOf }: FilmSide,
): Promise<Sprite | null> {
  return thumbnailsDir === null ? null : openSprite(join(thumbnailsDir, thumbnailsOf))
}

function isDense({ stepSeconds }: Sprite, [first = 0, second = Number.POSITIVE_INFINITY]: readonly number[]) {
  return stepSeconds <= second - first
}

/** Whether the object still has the content that was matched. */
async function hasContent(
  objects: ObjectStore,
  { bucket, object, etag }: Pick<FilmSide, 'bucket' | 'object' | 'etag'>,
): Promise<boolean> {
  return objects.head(bucket, object).then(
    (head) => head.etag === etag,
    () => false,
  )
}

function isUndecodable(error: unknown): boolean {
  return error instanceof Fault && ['NotImplemented', 'ResourceNotSupported'].includes(error.code)
}
