export type IgnoredPassage = {
  readonly ignoredId: string
  readonly dnaDbId: string
  readonly videoId: string
  readonly bucket: string
  readonly object: string
  /** Whether the library no longer holds this video with this content. */
  readonly videoDeleted: boolean
  /** Decimal seconds of the video. */
  readonly start: number
  readonly end: number
  /** Whether it also applies where its fingerprint is found in other videos, and to the query. */
  readonly everywhere: boolean
  readonly note: string | null
  /** Name of the session that made it; null if it has none. */
  readonly by: string | null
  readonly createdAt: Date
  /** `Searching` while a worker looks for the stretch in other videos. */
  readonly state: 'Searching' | 'Active' | 'Failed'
  /** Number of other videos that hold it; null while it is being looked up. */
  readonly alsoIn: number | null
  /** Open matches that it hides, and those that it only shortens. */
  readonly hidden: number
  readonly shortened: number
}

/** Where a stretch is, besides its own video. */
export type IgnoredPlacement = {
  readonly videoId: string
  readonly object: string
  readonly start: number
  readonly end: number
  readonly score: number
}

const HAS_ID = `jsonb_path_query_array(p.passages, '$[*].ignored') ? i.ignored_id`

/** The column `alsoIn` of `ignored_passages i`. */
export const ALSO_IN = `case when i.state = 'Searching' then null else (
    select count(distinct r.etag)::int from ignored_ranges r where r.ignored_id = i.ignored_id and r.etag <> i.etag
  ) end as "alsoIn"`

/** Columns of an IgnoredPassage from `ignored_passages i join libraries l`. */
export const IGNORED_COLUMNS = `i.ignored_id as "ignoredId", l.dna_db_id as "dnaDbId", i.video_id as "videoId",
  i.bucket, i.object, i.start_seconds as start, i.end_seconds as "end", i.everywhere, i.note, i.by_name as by,
  i.created_at as "createdAt", i.state,
  not exists (
    select from videos v where v.library_number = i.library_number and v.etag = i.etag
  ) as "videoDeleted",
  ${ALSO_IN},
  (select count(*)::int from match_passages p join matches m using (match_id)
   where ${HAS_ID} and m.state = 'open' and m.ignored) as hidden,
  (select count(*)::int from match_passages p join matches m using (match_id)
   where ${HAS_ID} and m.state = 'open' and not m.ignored) as shortened`
