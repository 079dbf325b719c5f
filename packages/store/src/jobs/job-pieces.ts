import type { Database } from '../database.ts'
import type { JobFence } from './job.ts'

/** A finished part of a running job. */
export type JobPiece = { readonly index: number; readonly data: Uint8Array }

/** Which pieces: `kind` names the content they were made of, and what they are for. */
export type PieceKind = { readonly jobId: string; readonly kind: string }

/** The pieces that earlier claims of a job have finished, by index. */
export async function loadJobPieces(db: Database, { jobId, kind }: PieceKind): Promise<JobPiece[]> {
  const { rows } = await db.pool.query<JobPiece>(
    'select piece as "index", data from job_pieces where job_id = $1 and kind = $2 order by piece',
    [jobId, kind],
  )
  return rows
}

/** Keeps a finished piece until the job ends. Does nothing if the worker has lost the job. */
export async function saveJobPiece(
  db: Database,
  { jobId, claim }: JobFence,
  { kind, index, data }: JobPiece & Pick<PieceKind, 'kind'>,
): Promise<void> {
  await db.pool.query(
    `insert into job_pieces (job_id, kind, piece, data)
     select job_id, $3::text, $4::int, $5::bytea from jobs where job_id = $1 and claims = $2 and state = 'Running' for share
     on conflict (job_id, kind, piece) do update set data = excluded.data`,
    [jobId, claim, kind, index, Buffer.from(data.buffer, data.byteOffset, data.byteLength)],
  )
}
