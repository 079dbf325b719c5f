import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { cropDots, type DotsRange, type Evidence } from '@kinoprint/dna'
import type { Database, Queryable } from '../database.ts'

const decompress = promisify(gunzip)

/** Writes the evidence of a match over an older one: gzipped JSON. */
export async function writeEvidence(
  client: Queryable,
  { matchId, evidence }: { readonly matchId: string; readonly evidence: Uint8Array },
): Promise<void> {
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

/** The evidence of a match; null if none is kept. */
export async function readEvidence(db: Database, matchId: string): Promise<StoredEvidence | null> {
  const { rows } = await db.pool.query<StoredEvidence>(
    'select data, written_at as "writtenAt" from match_evidence where match_id = $1',
    [matchId],
  )
  return rows[0] ?? null
}

/** Stored evidence with the dots of part of the query only. */
export async function evidenceWithDots({ data }: StoredEvidence, range: DotsRange): Promise<Evidence> {
  const evidence: Evidence = JSON.parse((await decompress(data)).toString())
  return { ...evidence, dots: cropDots(evidence.dots, range) }
}
