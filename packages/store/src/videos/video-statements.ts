import { type PageBounds, pageWindow } from '@kinoprint/core'
import type { Scope } from '../scope.ts'
import type { Statement } from '../statement.ts'

export type VideoFilter = Scope & {
  readonly dnaDbId?: string | undefined
  readonly object?: string | undefined
}

/** Columns of `videos v join libraries l` as a Video. */
export const VIDEO_COLUMNS = `v.video_id as "videoId", l.dna_db_id as "dnaDbId", v.bucket, v.region, v.object, v.etag,
  v.duration_seconds as "durationSeconds", v.width, v.height, v.has_audio as "hasAudio",
  v.frame_count as "frameCount", v.created_at as "createdAt", v.updated_at as "updatedAt"`

/**
 * The two statements of a page: its videos, newest first, and the total. For whole libraries, the total comes from
 * their counters.
 */
export function videoStatements(filter: PageBounds & VideoFilter): {
  readonly page: Statement
  readonly total: Statement
} {
  const values: unknown[] = []
  const bind = (value: unknown): string => `$${values.push(value)}`
  const { dnaDbId, libraries, object, buckets, regions } = filter
  const ofLibrary = [
    ...(dnaDbId === undefined ? [] : [`dna_db_id = ${bind(dnaDbId)}`]),
    ...(libraries == null ? [] : [`dna_db_id = any(${bind(libraries)}::text[])`]),
  ]
  const ofVideo = [
    ...(object === undefined ? [] : [`v.object = ${bind(object)}`]),
    ...(buckets == null ? [] : [`v.bucket = any(${bind(buckets)}::text[])`]),
    ...(regions == null ? [] : [`v.region = any(${bind(regions)}::text[])`]),
  ]
  const numbers = `select number from libraries where ${ofLibrary.join(' and ')}`
  // One library can be read in the order of its index; several cannot.
  const inLibrary = dnaDbId === undefined ? `= any(array(${numbers}))` : `= (${numbers})`
  const where = whereOf([...(ofLibrary.length === 0 ? [] : [`v.library_number ${inLibrary}`]), ...ofVideo])
  const counted =
    ofVideo.length === 0
      ? `select coalesce(sum(video_count), 0) as total from libraries ${whereOf(ofLibrary)}`
      : `select count(*) as total from videos v ${where}`
  const total = { text: counted, values: [...values] }
  const { limit, offset } = pageWindow(filter)
  const text = `select ${VIDEO_COLUMNS} from (
      select * from videos v ${where} order by v.created_at desc, v.video_id
      limit ${bind(limit)} offset ${bind(offset)}
    ) v join libraries l on l.number = v.library_number
    order by v.created_at desc, v.video_id`
  return { page: { text, values }, total }
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
}
