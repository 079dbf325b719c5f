import type { Queryable } from '../database.ts'
import type { Finding, Findings } from './findings.ts'

/** A stored video as matches show it. */
type ReferenceContent = {
  readonly videoId: string
  readonly bucket: string
  readonly object: string
  readonly etag: string
  readonly durationSeconds: number
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
}

/** A finding with its reference. */
export type Pair = { readonly finding: Finding; readonly reference: ReferenceContent }

export type Pairs = {
  /** The best finding of each content, by the ETag of the reference. */
  readonly pairs: ReadonlyMap<string, Pair>
  /** The ETag of each reference, by VideoId. */
  readonly etags: ReadonlyMap<string, string>
}

/** Reads the contents of the references. Leaves out deleted videos, and the query itself as the library stores it. */
export async function readPairs(
  client: Queryable,
  dnaDbId: string,
  { query, found }: Findings,
): Promise<Pairs> {
  if (found.length === 0) return { pairs: new Map(), etags: new Map() }
  const { rows } = await client.query<ReferenceContent>(
    `select v.video_id as "videoId", v.bucket, v.object, v.etag, v.duration_seconds as "durationSeconds", v.width,
       v.height, v.has_audio as "hasAudio"
     from videos v join libraries l on l.number = v.library_number where l.dna_db_id = $1 and v.video_id = any($2)`,
    [dnaDbId, found.map(({ videoId }) => videoId)],
  )
  const references = new Map(
    rows
      .filter(
        ({ bucket, object, etag }) =>
          bucket !== query.bucket || object !== query.object || etag !== query.etag,
      )
      .map((reference) => [reference.videoId, reference]),
  )
  const pairs = new Map<string, Pair>()
  for (const finding of found) {
    const reference = references.get(finding.videoId)
    if (reference === undefined) continue
    const best = pairs.get(reference.etag)
    if (best === undefined || finding.score > best.finding.score)
      pairs.set(reference.etag, { finding, reference })
  }
  return { pairs, etags: new Map([...references].map(([videoId, { etag }]) => [videoId, etag])) }
}
