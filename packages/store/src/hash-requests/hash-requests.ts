import type { Database } from '../database.ts'
import { MAX_ATTEMPTS } from '../jobs/job.ts'

/** A file that a request wants hashed and waits for. */
export type HashRequest = {
  readonly requestId: string
  /** Where the file is. */
  readonly bucket: string
  readonly object: string
  /** A fingerprint file of it; null until it is hashed. */
  readonly fingerprint: Uint8Array | null
  /** Why it could not be hashed. */
  readonly error: HashError | null
  /** Whether a worker has begun. */
  readonly isClaimed: boolean
}

type HashError = { readonly code: string; readonly message: string }

/** Proves that a worker still holds a request. */
type HashFence = { readonly requestId: string; readonly claim: number }

export type ClaimedHashRequest = { readonly request: HashRequest; readonly fence: HashFence }

const COLUMNS = `request_id as "requestId", bucket, object, fingerprint, error, claims > 0 as "isClaimed"`
/** Longer than any request waits. */
const EXPIRY = `clock_timestamp() + interval '10 minutes'`

export type NewHashRequest = Pick<HashRequest, 'requestId' | 'bucket' | 'object'>

/** Stores a request. No worker takes it before `recordHashFile`. */
export async function createHashRequest(
  db: Database,
  { requestId, bucket, object }: NewHashRequest,
): Promise<void> {
  await db.pool.query(
    `insert into hash_requests (request_id, bucket, object, expires_at) values ($1, $2, $3, ${EXPIRY})`,
    [requestId, bucket, object],
  )
}

/** Records that the file is complete: now the request waits for a worker. */
export async function recordHashFile(db: Database, requestId: string): Promise<void> {
  await db.pool.query('update hash_requests set is_there = true where request_id = $1', [requestId])
}

/** Null if it has been deleted. */
export async function getHashRequest(db: Database, requestId: string): Promise<HashRequest | null> {
  const { rows } = await db.pool.query<HashRequest>(
    `select ${COLUMNS} from hash_requests where request_id = $1`,
    [requestId],
  )
  return rows[0] ?? null
}

/** Deletes a request, which stops the worker that runs it. */
export async function deleteHashRequest(db: Database, requestId: string): Promise<void> {
  await db.pool.query('delete from hash_requests where request_id = $1', [requestId])
}

/** Requests that no one waits for any more, oldest first. Remove their files, then delete them. */
export async function expiredHashRequests(
  db: Database,
  { limit }: { readonly limit: number },
): Promise<HashRequest[]> {
  const { rows } = await db.pool.query<HashRequest>(
    `select ${COLUMNS} from hash_requests where expires_at <= clock_timestamp() order by expires_at limit $1`,
    [limit],
  )
  return rows
}

/** Claims the request that has waited longest, or whose worker has died. Null if there is none. */
export async function claimHashRequest(
  db: Database,
  { leaseMs }: { readonly leaseMs: number },
): Promise<ClaimedHashRequest | null> {
  const { rows } = await db.pool.query<HashRequest & { claim: number }>(
    `update hash_requests set claims = claims + 1, lease_until = clock_timestamp() + $1 * interval '1 millisecond'
     where request_id = (
       select request_id from hash_requests
       where is_there and ended_at is null and claims < ${MAX_ATTEMPTS}
         and (lease_until is null or lease_until <= clock_timestamp())
       order by created_at limit 1 for update skip locked
     ) returning ${COLUMNS}, claims as claim`,
    [leaseMs],
  )
  if (rows[0] === undefined) return null
  const { claim, ...request } = rows[0]
  return { request, fence: { requestId: request.requestId, claim } }
}

/** Renews the lease. False if the worker has lost the request and must stop. */
export async function renewHashRequest(
  db: Database,
  { requestId, claim }: HashFence,
  { leaseMs }: { readonly leaseMs: number },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `update hash_requests set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where request_id = $1 and claims = $2 and ended_at is null`,
    [requestId, claim, leaseMs],
  )
  return rowCount === 1
}

export type HashEnd = { readonly fingerprint: Uint8Array } | { readonly error: HashError }

/** Ends a claimed request. One that the worker has lost stays as it is. */
export async function endHashRequest(
  db: Database,
  { requestId, claim }: HashFence,
  end: HashEnd,
): Promise<void> {
  const [fingerprint, error] = 'error' in end ? [null, JSON.stringify(end.error)] : [end.fingerprint, null]
  await db.pool.query(
    `update hash_requests set fingerprint = $3, error = $4, lease_until = null, ended_at = clock_timestamp()
     where request_id = $1 and claims = $2 and ended_at is null`,
    [requestId, claim, fingerprint === null ? null : Buffer.from(fingerprint), error],
  )
}

/** Lets another worker claim a request at once. */
export async function releaseHashRequest(db: Database, { requestId, claim }: HashFence): Promise<void> {
  await db.pool.query(
    'update hash_requests set lease_until = null where request_id = $1 and claims = $2 and ended_at is null',
    [requestId, claim],
  )
}
