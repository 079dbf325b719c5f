import type { MatchState } from '@kinoprint/core'
import type { Queryable } from '../database.ts'
import type { QueryContent } from './findings.ts'
import type { Pair } from './pairs.ts'
import { factsOf, type Passage } from './passage.ts'

/** The job whose search is recorded. */
export type SearchJob = {
  readonly jobId: string
  readonly dnaDbId: string
  /** Length of the query in decimal seconds. */
  readonly durationSeconds: number
}

/** The columns that each search writes; the others belong to decisions. */
const SEARCH_COLUMNS = [
  ...['query_bucket', 'query_object', 'query_seconds', 'query_width', 'query_height', 'query_has_audio'],
  ...['job_id', 'video_id', 'reference_bucket', 'reference_object', 'reference_seconds', 'reference_width'],
  ...[
    'reference_height',
    'reference_has_audio',
    'score',
    'picture_similar',
    'audio_similar',
    'query_coverage',
  ],
  ...['ref_coverage', 'verdict', 'state', 'changed', 'query_fps'],
] as const
const KEY_COLUMNS = ['dna_db_id', 'query_etag', 'reference_etag'] as const
const FACT_COLUMNS = [
  ...['similar_seconds', 'has_picture', 'has_sound', 'alterations', 'speed', 'passage_count', 'ignored'],
] as const

type Column = (typeof SEARCH_COLUMNS | typeof KEY_COLUMNS | typeof FACT_COLUMNS)[number]

/** A row to write; its keys are columns of `matches`. */
export type MatchRow = { readonly match_id: string } & { readonly [Name in Column]: unknown }

type RowParts = Pair & {
  readonly matchId: string
  readonly job: SearchJob
  readonly query: QueryContent
  readonly state: MatchState
  readonly changed: boolean
}

export function rowOf({ matchId, job, query, finding, reference, ...decision }: RowParts): MatchRow {
  return {
    match_id: matchId,
    dna_db_id: job.dnaDbId,
    query_etag: query.etag,
    reference_etag: reference.etag,
    query_bucket: query.bucket,
    query_object: query.object,
    query_seconds: job.durationSeconds,
    query_width: query.width,
    query_height: query.height,
    query_has_audio: query.hasAudio,
    query_fps: query.fps ?? null,
    job_id: job.jobId,
    video_id: reference.videoId,
    reference_bucket: reference.bucket,
    reference_object: reference.object,
    reference_seconds: reference.durationSeconds,
    reference_width: reference.width,
    reference_height: reference.height,
    reference_has_audio: reference.hasAudio,
    score: finding.score,
    picture_similar: finding.similar,
    audio_similar: finding.audioSimilar,
    query_coverage: finding.queryCoverage,
    ref_coverage: finding.refCoverage,
    verdict: finding.verdict,
    ...decision,
    ...factColumns(finding.segments),
  }
}

function factColumns(passages: readonly Passage[]): {
  readonly [Name in (typeof FACT_COLUMNS)[number]]: unknown
} {
  const facts = factsOf(passages)
  return {
    similar_seconds: facts.similarSeconds,
    has_picture: facts.hasPicture,
    has_sound: facts.hasSound,
    alterations: facts.alterations,
    speed: facts.speed,
    passage_count: facts.passageCount,
    ignored: facts.ignored,
  }
}

/** Inserts new matches and returns their ids. Pairs that exist already are left out. */
export async function insertMatches(client: Queryable, rows: readonly MatchRow[]): Promise<Set<string>> {
  const columns = ['match_id', ...KEY_COLUMNS, ...SEARCH_COLUMNS, ...FACT_COLUMNS].join(', ')
  const inserted = await client.query<{ matchId: string }>(
    `insert into matches (${columns})
     select ${columns} from jsonb_populate_recordset(null::matches, $1) order by reference_etag
     on conflict (dna_db_id, reference_etag, query_etag) do nothing returning match_id as "matchId"`,
    [JSON.stringify(rows)],
  )
  return new Set(inserted.rows.map(({ matchId }) => matchId))
}

/** A search with a fingerprint alone may not know the frame rate, which the content keeps. */
function newValueOf(column: string): string {
  return column === 'query_fps' ? 'coalesce(n.query_fps, m.query_fps)' : `n.${column}`
}

/** Writes what a search found over existing matches, which the caller has locked. */
export async function updateMatches(client: Queryable, rows: readonly MatchRow[]): Promise<void> {
  const columns = [...SEARCH_COLUMNS, ...FACT_COLUMNS]
  await client.query(
    `update matches m set (${columns.join(', ')}) = (${columns.map(newValueOf).join(', ')}),
       version = m.version + (m.state <> n.state)::int, searched_at = clock_timestamp(),
       opened_at = case when m.state <> n.state then clock_timestamp() else m.opened_at end
     from jsonb_populate_recordset(null::matches, $1) n where m.match_id = n.match_id`,
    [JSON.stringify(rows)],
  )
}

export type MatchPassages = { readonly matchId: string; readonly passages: readonly Passage[] }

/** Writes the passages of matches. Their order becomes that of the query. */
export async function writePassages(client: Queryable, all: readonly MatchPassages[]): Promise<void> {
  const rows = all.map(({ matchId, passages }) => ({ match_id: matchId, passages: inQueryOrder(passages) }))
  await client.query(
    `insert into match_passages (match_id, passages)
     select match_id, passages from jsonb_populate_recordset(null::match_passages, $1)
     on conflict (match_id) do update set passages = excluded.passages`,
    [JSON.stringify(rows)],
  )
}

function inQueryOrder(passages: readonly Passage[]): Passage[] {
  return [...passages].sort((a, b) => a.queryStart - b.queryStart || a.refStart - b.refStart)
}

/** Writes changed passages of existing matches, e.g. ignored ones, with the facts that follow from them. */
export async function rewritePassages(client: Queryable, all: readonly MatchPassages[]): Promise<void> {
  await writePassages(client, all)
  const rows = all.map(({ matchId, passages }) => ({ match_id: matchId, ...factColumns(passages) }))
  await client.query(
    `update matches m set (${FACT_COLUMNS.join(', ')}) = (${FACT_COLUMNS.map((name) => `n.${name}`).join(', ')})
     from jsonb_populate_recordset(null::matches, $1) n where m.match_id = n.match_id`,
    [JSON.stringify(rows)],
  )
}
