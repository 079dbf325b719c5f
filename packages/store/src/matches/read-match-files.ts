import { FORMAT_VERSION } from '@kinoprint/dna'
import type { Database } from '../database.ts'

/** What a library recorded about the file of a stored video. Null: stored before it was recorded. */
export type StoredFile = {
  readonly codec: string | null
  readonly bytes: number | null
  /** ISO 8601. */
  readonly storedAt: string
}

/** What is kept of a match besides its row. */
export type MatchFiles = {
  readonly hasEvidence: boolean
  /** Whether the fingerprint of the query is kept, so that a search needs no file. */
  readonly isQueryKept: boolean
  /** The key that submitted the search. Null if no key did, or the job is purged. */
  readonly key: { readonly secretId: string; readonly name: string } | null
  /** Null if the library stores no video with this content and name. */
  readonly query: StoredFile | null
  readonly reference: StoredFile | null
}

const storedFile = (video: string) =>
  `case when ${video}.video_id is null then null else jsonb_build_object('codec', ${video}.codec,
    'bytes', ${video}.bytes, 'storedAt', to_char(${video}.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end`

/** Null if there is no such match. */
export async function readMatchFiles(db: Database, matchId: string): Promise<MatchFiles | null> {
  const { rows } = await db.pool.query<MatchFiles>(
    `select exists (select from match_evidence e where e.match_id = m.match_id) as "hasEvidence",
       exists (select from query_fingerprints f where f.etag = m.query_etag and f.format = $2) as "isQueryKept",
       (select jsonb_build_object('secretId', k.secret_id, 'name', k.name)
        from jobs j join api_keys k on k.secret_id = j.secret_id where j.job_id = m.job_id) as key,
       ${storedFile('q')} as query, ${storedFile('v')} as reference
     from matches m left join libraries l on l.dna_db_id = m.dna_db_id
       left join videos v on v.video_id = m.video_id and v.etag = m.reference_etag
       left join videos q on q.library_number = l.number and q.bucket = m.query_bucket
         and q.object = m.query_object and q.etag = m.query_etag
     where m.match_id = $1`,
    [matchId, FORMAT_VERSION],
  )
  return rows[0] ?? null
}
