import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { cropDots, type DotsRange, type Evidence } from '@kinoprint/dna'
import type { Database, Queryable } from '../database.ts'

const decompress = promisify(gunzip)

/** Writes what a match rests on, as gzipped JSON. Without it, what an earlier search wrote is deleted: it is out of date. */
export async function writeEvidence(
  client: Queryable,
  matchId: string,
  evidence: Uint8Array | null | undefined,
): Promise<void> {
  if (!evidence) {
    await client.query('delete from match_evidence where match_id = $1', [matchId])
    return
  }
  await client.query(
    `insert into match_evidence (match_id, data) values ($1, $2)
     on conflict (match_id) do update set data = excluded.data, written_at = clock_timestamp()`,
    [matchId, Buffer.from(evidence)],
  )
}

export type StoredEvidence = {
  /** Gzipped JSON as it was written. */
  readonly data: Buffer
  readonly writtenAt: Date
}

/** The evidence of a match: null if none is kept, undefined if there is no such match. */
export async function readEvidence(
  db: Database,
  matchId: string,
): Promise<StoredEvidence | null | undefined> {
  const { rows } = await db.pool.query<{ data: Buffer | null; writtenAt: Date }>(
    `select e.data, e.written_at as "writtenAt" from matches m left join match_evidence e using (match_id)
     where m.match_id = $1`,
    [matchId],
  )
  const [row] = rows
  if (row === undefined) return undefined
  return row.data === null ? null : { data: row.data, writtenAt: row.writtenAt }
}

/** Stored evidence as JSON, if `range` is given with the dots of part of the query only. */
export async function evidenceJson({ data }: StoredEvidence, range?: DotsRange): Promise<string> {
  const json = (await decompress(data)).toString()
  if (range === undefined) return json
  const evidence: Evidence = JSON.parse(json)
  return JSON.stringify({ ...evidence, dots: cropDots(evidence.dots, range) })
}
