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
  const { thumbnailsDir, stills } = context
  const { bucket, object, etag, thumbnailsOf } = side
  const sprite = thumbnailsDir === null ? null : await openSprite(join(thumbnailsDir, thumbnailsOf))
  if (sprite !== null && isDense(sprite, times)) return joinPictures(await sprite.tilesAt(times))
  if (await hasContent(context.objects, side))
    try {
      const paths = await stills.get({ bucket, object, etag, times, width: FRAME_WIDTH, client })
      return await joinPictures(await Promise.all(paths.map((path) => readFile(path))))
    } catch (error) {
      if (!isUndecodable(error)) throw error
    }
  if (sprite !== null) return joinPictures(await sprite.tilesAt(times))
  throw new Fault('NotFound', 'The file of this side is gone or cannot be decoded, and it has no thumbnails.')
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
