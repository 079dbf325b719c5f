import type { Database } from '../database.ts'
import { isCounted, type Passage } from '../matches/passage.ts'
import { sharedStretches } from './shared-stretches.ts'

/** A passage that many videos of a library share, such as an ident. */
export type IgnoredSuggestion = {
  readonly videoId: string
  readonly bucket: string
  readonly object: string
  /** Decimal seconds of the video. */
  readonly start: number
  readonly end: number
  /** How many videos hold it, with this one. */
  readonly videos: number
  /** Where others hold it; at most 10. */
  readonly positions: readonly {
    readonly videoId: string
    readonly object: string
    readonly start: number
    readonly end: number
  }[]
}

/** Newest matches that are examined. Their passages take about 1 kB each. */
const MAX_MATCHES = 2_000
const MAX_POSITIONS = 10

type Row = { readonly a: string; readonly b: string; readonly passages: readonly Passage[] }
type Content = Pick<IgnoredSuggestion, 'videoId' | 'bucket' | 'object'> & { readonly etag: string }

/**
 * Suggests passages to ignore: those that at least three stored videos share, most widely shared first, at most 20. Reads
 * what searches with stored videos have found, as storing does in a library with `detectOnStore`.
 */
export async function suggestIgnoring(db: Database, dnaDbId: string): Promise<IgnoredSuggestion[]> {
  const { rows } = await db.pool.query<Row>(
    `select m.query_etag as a, m.reference_etag as b, p.passages
     from matches m join match_passages p using (match_id) join libraries l on l.dna_db_id = m.dna_db_id
     where m.dna_db_id = $1 and m.verdict <> 'near' and not m.ignored and m.query_etag <> m.reference_etag
       and exists (select from videos v where v.library_number = l.number and v.etag = m.query_etag)
       and exists (select from videos v where v.library_number = l.number and v.etag = m.reference_etag)
     order by m.searched_at desc limit ${MAX_MATCHES}`,
    [dnaDbId],
  )
  const stretches = sharedStretches(
    rows.flatMap(({ a, b, passages }) =>
      passages.filter(isCounted).map(({ queryStart, queryEnd, refStart, refEnd }) => ({
        ...{ a, b, aStart: queryStart, aEnd: queryEnd, bStart: refStart, bEnd: refEnd },
      })),
    ),
  )
  const etags = [
    ...new Set(stretches.flatMap(({ etag, others }) => [etag, ...others.map((one) => one.etag)])),
  ]
  const videos = await videosOf(db, { dnaDbId, etags })
  return stretches.flatMap(({ etag, start, end, others }) => {
    const video = videos.get(etag)
    if (video === undefined) return []
    const positions = others.flatMap(({ etag: other, ...range }) => {
      const at = videos.get(other)
      return at === undefined ? [] : [{ videoId: at.videoId, object: at.object, ...range }]
    })
    const { videoId, bucket, object } = video
    const found = { videos: others.length + 1, positions: positions.slice(0, MAX_POSITIONS) }
    return [{ videoId, bucket, object, start, end, ...found }]
  })
}

async function videosOf(
  db: Database,
  { dnaDbId, etags }: { readonly dnaDbId: string; readonly etags: readonly string[] },
): Promise<Map<string, Content>> {
  const { rows } = await db.pool.query<Content>(
    `select distinct on (v.etag) v.etag, v.video_id as "videoId", v.bucket, v.object
     from videos v join libraries l on l.number = v.library_number
     where l.dna_db_id = $1 and v.etag = any($2) order by v.etag, v.created_at`,
    [dnaDbId, etags],
  )
  return new Map(rows.map((video) => [video.etag, video]))
}
