import type { Alteration, MatchState } from '@kinoprint/core'
import { containsCondition } from '../contains-pattern.ts'
import type { NumberRange } from '../number-range.ts'

export type MatchFilter = {
  /** Default: open, confirmed and dismissed. */
  readonly state?: MatchState | undefined
  readonly library?: string | undefined
  readonly track?: 'picture' | 'sound' | 'both' | undefined
  readonly altered?: 'any' | 'none' | Alteration | undefined
  readonly score?: NumberRange | undefined
  /** Decimal seconds of the query. */
  readonly seconds?: NumberRange | undefined
  /** Part of the name of either object in any case, or a whole id of a match, a job or a video. */
  readonly q?: string | undefined
  /** Matches of the content of this stored video. */
  readonly videoId?: string | undefined
  /** Matches that this job found. */
  readonly jobId?: string | undefined
  /** Matches that share the reference, or the query, of this match. */
  readonly sameReferenceAs?: string | undefined
  readonly sameQueryAs?: string | undefined
  /** Whether to include matches that ignored passages hide. Default: false. */
  readonly ignored?: boolean | undefined
}

/** The filters that also narrow the counts by state. */
export type MatchScope = Pick<MatchFilter, 'library' | 'videoId' | 'jobId'>

export type Bind = (value: unknown) => string

/** The condition on `matches m` for a filter. `bind` adds a value and returns its placeholder. */
export function matchCondition(filter: MatchFilter, bind: Bind): string {
  const { state, track, altered, score, seconds, q, sameReferenceAs, sameQueryAs, ignored = false } = filter
  const conditions = [
    ...scopeConditions(filter, bind),
    state === undefined ? `m.state in ('open', 'confirmed', 'dismissed')` : `m.state = ${bind(state)}`,
    ...(ignored ? [] : ['not m.ignored']),
    ...(track === undefined || track === 'sound' ? [] : ['m.has_picture']),
    ...(track === undefined || track === 'picture' ? [] : ['m.has_sound']),
    ...(altered === undefined ? [] : [alteredCondition(altered, bind)]),
    ...(score === undefined ? [] : [`m.score between ${bind(score.from)} and ${bind(score.to)}`]),
    ...(seconds === undefined
      ? []
      : [`m.similar_seconds between ${bind(seconds.from)} and ${bind(seconds.to)}`]),
    ...(q === undefined ? [] : [textCondition(q, bind)]),
    ...(sameReferenceAs === undefined ? [] : [sameCondition('reference_etag', bind(sameReferenceAs))]),
    ...(sameQueryAs === undefined ? [] : [sameCondition('query_etag', bind(sameQueryAs))]),
  ]
  return conditions.join(' and ')
}

/** The condition of what narrows the counts by state. */
export function scopeCondition(scope: MatchScope, bind: Bind): string {
  return ['not m.ignored', ...scopeConditions(scope, bind)].join(' and ')
}

function scopeConditions({ library, videoId, jobId }: MatchScope, bind: Bind): string[] {
  return [
    ...(library === undefined ? [] : [`m.dna_db_id = ${bind(library)}`]),
    ...(videoId === undefined ? [] : [`m.match_id in (${ofVideo(bind(videoId))})`]),
    ...(jobId === undefined ? [] : [`m.match_id in (${ofJob(bind(jobId))})`]),
  ]
}

/** Also finds the matches in which another video of the same content stands for it. */
function ofVideo(videoId: string): string {
  return `select match_id from matches where video_id = ${videoId}
    union select o.match_id from videos v join libraries l on l.number = v.library_number
      join matches o on o.dna_db_id = l.dna_db_id and o.reference_etag = v.etag where v.video_id = ${videoId}`
}

/** The newest job of a match stays its job after the job has been purged. */
function ofJob(jobId: string): string {
  return `select match_id from match_jobs where job_id = ${jobId}
    union select match_id from matches where job_id = ${jobId}`
}

function alteredCondition(altered: NonNullable<MatchFilter['altered']>, bind: Bind): string {
  if (altered === 'any') return `m.alterations <> '{}'`
  if (altered === 'none') return `m.alterations = '{}'`
  return `${bind(altered)} = any(m.alterations)`
}

const ID = /^(?:m|j|dv)[0-9a-f]{32}$/

function textCondition(q: string, bind: Bind): string {
  const has = (column: string): string => containsCondition(column, q, bind)
  if (!ID.test(q)) return `(${has('m.query_object')} or ${has('m.reference_object')})`
  const value = bind(q)
  if (q.startsWith('m')) return `m.match_id = ${value}`
  return `m.match_id in (${q.startsWith('j') ? ofJob(value) : ofVideo(value)})`
}

function sameCondition(column: 'reference_etag' | 'query_etag', matchId: string): string {
  return `(m.dna_db_id, m.${column}) in (select dna_db_id, ${column} from matches where match_id = ${matchId})`
}
