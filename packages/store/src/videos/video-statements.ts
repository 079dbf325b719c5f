import { type PageBounds, pageWindow } from '@kinoprint/core'
import { containsCondition } from '../contains-pattern.ts'
import type { NumberRange } from '../number-range.ts'
import type { Scope } from '../scope.ts'
import type { Statement } from '../statement.ts'

export type VideoFilter = Scope & {
  readonly dnaDbId?: string | undefined
  readonly object?: string | undefined
  /** Text that the object's name contains, in any case. */
  readonly q?: string | undefined
  readonly hasAudio?: boolean | undefined
  /** The length, in decimal seconds. */
  readonly seconds?: NumberRange | undefined
  /** Default: newest. */
  readonly order?: VideoOrder | undefined
}

export const videoOrders = ['newest', 'oldest', 'name', 'longest', 'shortest'] as const
type VideoOrder = (typeof videoOrders)[number]

/** Each order is that of an index within one library. */
const ORDER_BY: Readonly<Record<VideoOrder, string>> = {
  newest: 'v.created_at desc, v.video_id',
  oldest: 'v.created_at, v.video_id desc',
  name: 'v.bucket, v.object',
  longest: 'v.duration_seconds desc, v.video_id desc',
  shortest: 'v.duration_seconds, v.video_id',
}

/** Columns of `videos v join libraries l` as a Video. */
export const VIDEO_COLUMNS = `v.video_id as "videoId", l.dna_db_id as "dnaDbId", v.bucket, v.region, v.object, v.etag,
  v.duration_seconds as "durationSeconds", v.width, v.height, v.has_audio as "hasAudio",
  v.frame_count as "frameCount", v.codec, v.fps, v.bytes::float8 as bytes, v.created_at as "createdAt", v.updated_at as "updatedAt"`

/**
 * The two statements of a page: its videos, and the total. For whole libraries, the total comes from
 * their counters.
 */
export function videoStatements(filter: PageBounds & VideoFilter): {
  readonly page: Statement
  readonly total: Statement
} {
  const values: unknown[] = []
  const bind = (value: unknown): string => `$${values.push(value)}`
  const { dnaDbId, libraries, object, buckets, regions, q, hasAudio, seconds, order = 'newest' } = filter
  const ofLibrary = [
    ...(dnaDbId === undefined ? [] : [`dna_db_id = ${bind(dnaDbId)}`]),
    ...(libraries == null ? [] : [`dna_db_id = any(${bind(libraries)}::text[])`]),
  ]
  const ofVideo = [
    ...(object === undefined ? [] : [`v.object = ${bind(object)}`]),
    ...(q === undefined ? [] : [containsCondition('v.object', q, bind)]),
    ...(hasAudio === undefined ? [] : [`v.has_audio = ${bind(hasAudio)}`]),
    ...(seconds === undefined
      ? []
      : [`v.duration_seconds between ${bind(seconds.from)} and ${bind(seconds.to)}`]),
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
      select * from videos v ${where} order by ${ORDER_BY[order]}
      limit ${bind(limit)} offset ${bind(offset)}
    ) v join libraries l on l.number = v.library_number
    order by ${ORDER_BY[order]}`
  return { page: { text, values }, total }
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
}
