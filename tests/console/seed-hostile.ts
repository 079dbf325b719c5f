import pg from 'pg'

/** Markup, text that runs from right to left, and a name as long as no client sends it. */
export const HOSTILE = '<img src=x onerror=window.hacked=1> \u202Eمرحبا gpj.elif'
const LONG = `uploads/${HOSTILE}/${'w'.repeat(4_000)}.mp4`

/** How many jobs there are in all. */
export const JOBS = 12_480

export type Seed = {
  /** A match with 48 passages, and hostile text wherever a user may type some. */
  readonly matchId: string
  /** Of a job that failed, with hostile text. */
  readonly jobId: string
  readonly videoId: string
}

type Row = Readonly<Record<string, unknown>>

/**
 * Fills the lists of an installation that has a library with one video, one match and its search: 12,480 jobs, hostile names
 * of 4,000 characters in every list, and a match with 48 passages of 0.4 s in `seconds` seconds.
 */
export async function seedHostile(databaseUrl: string, seconds: number): Promise<Seed> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const clone = async (table: string, changes: Row, copies = '1') => {
      const { rows } = await client.query<{ columns: string }>(
        `select string_agg(quote_ident(column_name), ', ') as columns from information_schema.columns
         where table_name = $1 and is_generated = 'NEVER' and is_identity = 'NO'`,
        [table],
      )
      const columns = rows[0]?.columns ?? ''
      await client.query(
        `insert into ${table} (${columns}) select ${columns} from (
           select (jsonb_populate_record(null::${table}, to_jsonb(t) || $1 || case when ${copies} = 1 then '{}' else
             jsonb_build_object('job_id', 'j' || md5(n::text), 'created_at', now() - n * interval '1 minute') end)).*
           from (select * from ${table} limit 1) t, generate_series(1, ${copies}) n) made`,
        [JSON.stringify(changes)],
      )
    }
    const matchId = `m${'7'.repeat(32)}`
    const jobId = `j${'7'.repeat(32)}`
    const videoId = `dv${'7'.repeat(32)}`
    await client.query(`update libraries set description = $1`, [LONG])
    await clone('jobs', {}, `${JOBS} - 1 - (select count(*)::int from jobs)`)
    const failed = {
      code: 'ResourceNotSupported',
      message: LONG,
      result: null,
      state: 'Failed',
      user_data: LONG,
    }
    await clone('jobs', { job_id: jobId, object: LONG, ...failed, created_at: new Date() })
    await clone('fingerprints', {})
    const made = await client.query<{ id: string }>('select max(id) as id from fingerprints')
    const hostileVideo = { object: LONG, etag: '"hostile"', fingerprint_id: made.rows[0]?.id }
    await clone('videos', { video_id: videoId, ...hostileVideo })
    await clone('matches', {
      match_id: matchId,
      query_etag: '"hostile"',
      query_object: LONG,
      reference_object: LONG,
      passage_count: 48,
      decided_state: 'dismissed',
      decided_note: LONG,
      decided_by: LONG,
      decided_at: new Date(),
    })
    const passages = await client.query<{ passages: Row[] }>('select passages from match_passages limit 1')
    const [model] = passages.rows[0]?.passages ?? []
    const many = Array.from({ length: 48 }, (_, at) => {
      const start = (at * (seconds - 1)) / 48
      const times = { queryStart: start, queryEnd: start + 0.4, refStart: start, refEnd: start + 0.4 }
      return { ...model, ...times, weak: false }
    })
    await client.query('insert into match_passages values ($1, $2)', [matchId, JSON.stringify(many)])
    await clone('match_evidence', { match_id: matchId })
    await client.query(
      `insert into match_events (match_id, kind, by_name, note) values ($1, 'note', $2, $2)`,
      [matchId, LONG],
    )
    return { matchId, jobId, videoId }
  } finally {
    await client.end()
  }
}
