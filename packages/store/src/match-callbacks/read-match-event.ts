import type { Database } from '../database.ts'
import { isCounted, type Passage } from '../matches/passage.ts'
import type { MatchCallbackEvent } from './match-callbacks.ts'

/** The JSON body of a callback about a match. */
export type MatchMessage = {
  readonly event: Exclude<MatchCallbackEvent, 'LibraryFull' | 'PassageHeld'>
  /** Increases from event to event. A callback that arrives twice has the same one. */
  readonly eventId: number
  /** ISO 8601. */
  readonly at: string
  readonly library: { readonly dnaDbId: string; readonly name: string }
  /** What was decided; null in MatchFound. State `open`: a decision was taken back. */
  readonly decision: {
    readonly state: string
    readonly reason: string | null
    readonly note: string | null
    readonly by: string | null
  } | null
  /** The job that found the match; null in MatchDecided. */
  readonly jobId: string | null
  readonly match: {
    readonly matchId: string
    /** As it is when the callback is first sent. */
    readonly state: string
    /** It was decided, and a search has found other passages since. */
    readonly changedSinceDecision: boolean
    readonly score: number
    readonly similar: number
    readonly audioSimilar: number
    readonly queryCoverage: number
    readonly refCoverage: number
    readonly similarDuration: number
    readonly query: MatchContent
    readonly reference: MatchContent & { readonly videoId: string }
    /** Those that are neither weak nor ignored, in the order of the query. */
    readonly passages: readonly Pick<
      Passage,
      | 'queryStart'
      | 'queryEnd'
      | 'refStart'
      | 'refEnd'
      | 'score'
      | 'kind'
      | 'speed'
      | 'mirrored'
      | 'reversed'
      | 'turn'
    >[]
  }
}

type MatchContent = {
  readonly bucket: string
  readonly object: string
  readonly etag: string
  readonly durationSeconds: number
}

/** What the callback about an event says, and the key that signs it. Null if the match or its library is gone. */
export async function readMatchMessage(
  db: Database,
  matchEventId: number,
): Promise<{ readonly message: MatchMessage; readonly secretId: string | null } | null> {
  const { rows } = await db.pool.query<{
    message: Omit<MatchMessage, 'match'> & { match: Omit<MatchMessage['match'], 'passages'> }
    at: Date
    passages: readonly Passage[]
    secretId: string | null
  }>(
    `select e.at, p.passages, c.secret_id as "secretId", json_build_object(
       'event', case when e.kind in ('decided', 'undone') then 'MatchDecided' else 'MatchFound' end,
       'eventId', e.event_id, 'at', '', 'library', json_build_object('dnaDbId', l.dna_db_id, 'name', l.name),
       'decision', case when e.kind in ('decided', 'undone') then json_build_object(
         'state', e.to_state, 'reason', e.reason, 'note', e.note, 'by', e.by_name) end,
       'jobId', e.job_id,
       'match', json_build_object(
         'matchId', m.match_id, 'state', m.state, 'changedSinceDecision', m.changed, 'score', m.score,
         'similar', m.picture_similar, 'audioSimilar', m.audio_similar, 'queryCoverage', m.query_coverage,
         'refCoverage', m.ref_coverage, 'similarDuration', m.similar_seconds,
         'query', json_build_object('bucket', m.query_bucket, 'object', m.query_object, 'etag', m.query_etag,
           'durationSeconds', m.query_seconds),
         'reference', json_build_object('videoId', m.video_id, 'bucket', m.reference_bucket,
           'object', m.reference_object, 'etag', m.reference_etag, 'durationSeconds', m.reference_seconds))
     ) as message
     from match_events e join matches m using (match_id) join match_passages p using (match_id)
       join libraries l on l.dna_db_id = m.dna_db_id left join match_callbacks c on c.library_number = l.number
     where e.event_id = $1`,
    [matchEventId],
  )
  const [row] = rows
  if (row === undefined) return null
  const passages = row.passages.filter(isCounted).map((passage) => ({
    queryStart: passage.queryStart,
    queryEnd: passage.queryEnd,
    refStart: passage.refStart,
    refEnd: passage.refEnd,
    score: passage.score,
    kind: passage.kind,
    speed: passage.speed,
    mirrored: passage.mirrored,
    reversed: passage.reversed,
    turn: passage.turn,
  }))
  const match = { ...row.message.match, passages }
  return { message: { ...row.message, at: row.at.toISOString(), match }, secretId: row.secretId }
}
