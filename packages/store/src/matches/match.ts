import type { Alteration, DecisionState, DismissReason, MatchState } from '@kinoprint/core'
import type { Passage } from './passage.ts'

type Decision = {
  readonly state: Exclude<DecisionState, 'open'>
  readonly reason: DismissReason | null
  readonly note: string | null
  /** The name given at sign-in; null if none, or if the admin token was used. */
  readonly by: string | null
  readonly at: Date
}

/** A pair of contents that a search found, with what reviewers decided about it. */
export type Match = {
  readonly matchId: string
  /** The name is null if the library has been deleted. */
  readonly library: { readonly dnaDbId: string; readonly name: string | null }
  readonly state: MatchState
  /** Open again, because a search after the decision found other passages. */
  readonly changedSinceDecision: boolean
  /** Whether a job reported it. */
  readonly reported: boolean
  /** Whether ignored passages leave it none that counts. */
  readonly ignored: boolean
  /** Increases whenever the state is set. */
  readonly version: number
  /** The content of the query, as the newest search met it. */
  readonly query: {
    readonly bucket: string
    readonly object: string
    readonly etag: string
    readonly durationSeconds: number
    /** Null if unknown. */
    readonly width: number | null
    readonly height: number | null
    readonly hasAudio: boolean | null
    /** Frames per second; null if unknown. */
    readonly fps: number | null
    readonly jobId: string
    /** The library's video of the same object and content; null if there is none. */
    readonly videoId: string | null
  }
  readonly reference: MatchReference
  readonly score: number
  readonly similar: number
  readonly audioSimilar: number
  readonly queryCoverage: number
  readonly refCoverage: number
  /** Decimal seconds of the query that the counted passages cover. */
  readonly similarDuration: number
  readonly tracks: readonly ('picture' | 'sound')[]
  readonly alterations: readonly Alteration[]
  readonly speed: number
  readonly passageCount: number
  /** In the order of the query. */
  readonly passages: readonly Passage[]
  readonly foundAt: Date
  readonly openedAt: Date
  readonly searchedAt: Date
  readonly decision: Decision | null
  readonly notes: number
}

type MatchReference = {
  /** Null if the library holds no such video, or its content is another one now. */
  readonly videoId: string | null
  readonly status: 'stored' | 'deleted' | 'replaced'
  readonly bucket: string
  readonly object: string
  readonly etag: string
  readonly durationSeconds: number
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
  /** Frames per second; null if unknown, or if the video is not stored any more. */
  readonly fps: number | null
}

const REFERENCE = `jsonb_build_object(
    'videoId', case when v.etag = m.reference_etag then v.video_id end,
    'status', case when v.video_id is null then 'deleted' when v.etag = m.reference_etag then 'stored' else 'replaced' end,
    'bucket', m.reference_bucket, 'object', m.reference_object, 'etag', m.reference_etag,
    'durationSeconds', m.reference_seconds, 'width', m.reference_width, 'height', m.reference_height,
    'hasAudio', m.reference_has_audio, 'fps', case when v.etag = m.reference_etag then v.fps end)`

/** Columns of MATCH_TABLES as a MatchRow. */
export const MATCH_COLUMNS = `m.match_id as "matchId",
  jsonb_build_object('dnaDbId', m.dna_db_id, 'name', l.name) as library,
  m.state, m.changed as "changedSinceDecision", m.verdict = 'report' as reported, m.ignored, m.version,
  jsonb_build_object('bucket', m.query_bucket, 'object', m.query_object, 'etag', m.query_etag,
    'durationSeconds', m.query_seconds, 'width', m.query_width, 'height', m.query_height,
    'hasAudio', m.query_has_audio, 'fps', m.query_fps, 'jobId', m.job_id, 'videoId', q.video_id) as query,
  ${REFERENCE} as reference,
  m.score, m.picture_similar as similar, m.audio_similar as "audioSimilar", m.query_coverage as "queryCoverage",
  m.ref_coverage as "refCoverage", m.similar_seconds as "similarDuration", m.has_picture as "hasPicture",
  m.has_sound as "hasSound", m.alterations, m.speed, m.passage_count as "passageCount", p.passages,
  m.found_at as "foundAt", m.opened_at as "openedAt", m.searched_at as "searchedAt", m.note_count as notes,
  m.decided_state as "decidedState", m.decided_reason as "decidedReason", m.decided_note as "decidedNote",
  m.decided_by as "decidedBy", m.decided_at as "decidedAt"`

/** What MATCH_COLUMNS reads besides `matches m`. */
export const MATCH_JOINS = `join match_passages p on p.match_id = m.match_id
  left join libraries l on l.dna_db_id = m.dna_db_id
  left join videos v on v.video_id = m.video_id
  left join videos q on q.library_number = l.number and q.bucket = m.query_bucket and q.object = m.query_object
    and q.etag = m.query_etag`

export type MatchRow = Omit<Match, 'tracks' | 'decision'> & {
  readonly hasPicture: boolean
  readonly hasSound: boolean
  readonly decidedState: Decision['state'] | null
  readonly decidedReason: DismissReason | null
  readonly decidedNote: string | null
  readonly decidedBy: string | null
  readonly decidedAt: Date | null
}

/** A row as a Match. */
export function toMatch({
  hasPicture,
  hasSound,
  decidedState,
  decidedReason,
  decidedNote,
  decidedBy,
  decidedAt,
  ...row
}: MatchRow): Match {
  const decision =
    decidedState === null || decidedAt === null
      ? null
      : { state: decidedState, reason: decidedReason, note: decidedNote, by: decidedBy, at: decidedAt }
  const tracks = [...(hasPicture ? ['picture' as const] : []), ...(hasSound ? ['sound' as const] : [])]
  return { ...row, tracks, decision }
}
