import type { Database } from '../database.ts'

/** One side of a match, as the newest search saw it. */
export type FilmSide = {
  readonly bucket: string
  readonly object: string
  readonly etag: string
  /** The job or video whose thumbnails show it. */
  readonly thumbnailsOf: string
}

export type FilmSource = {
  readonly query: FilmSide
  readonly reference: FilmSide
  /** Times in seconds, in the order of the query. */
  readonly passages: readonly {
    readonly queryStart: number
    readonly queryEnd: number
    readonly refStart: number
    readonly refEnd: number
  }[]
}

/** What film strips of a match are made from. Null if there is no such match. */
export async function readFilmSource(db: Database, matchId: string): Promise<FilmSource | null> {
  const { rows } = await db.pool.query<FilmSource>(
    `select json_build_object('bucket', m.query_bucket, 'object', m.query_object, 'etag', m.query_etag,
         'thumbnailsOf', m.job_id) as query,
       json_build_object('bucket', m.reference_bucket, 'object', m.reference_object, 'etag', m.reference_etag,
         'thumbnailsOf', m.video_id) as reference,
       p.passages
     from matches m join match_passages p using (match_id) where m.match_id = $1`,
    [matchId],
  )
  return rows[0] ?? null
}
