import { randomBytes } from 'node:crypto'
import type { Database } from '../database.ts'

/** An upload in parts that has not been completed. */
export type Upload = {
  readonly uploadId: string
  readonly bucket: string
  readonly object: string
  readonly createdAt: Date
}

/** A received part of an upload. */
export type UploadPart = {
  readonly number: number
  /** Bytes. */
  readonly size: number
  /** Including its quotes. */
  readonly etag: string
  readonly receivedAt: Date
  /** Name under which the object store keeps the bytes. */
  readonly staged: string
}

const UPLOAD = `upload_id as "uploadId", bucket, object, created_at as "createdAt"`
/** `bigint` arrives as text; sizes of parts are exact as numbers. */
const PART = `number, size::float8 as size, etag, received_at as "receivedAt", staged`

export async function createUpload(
  db: Database,
  { bucket, object, secretId }: Pick<Upload, 'bucket' | 'object'> & { readonly secretId: string },
): Promise<Upload> {
  const { rows } = await db.pool.query<Upload>(
    `insert into uploads (upload_id, bucket, object, secret_id) values ($1, $2, $3, $4) returning ${UPLOAD}`,
    [randomBytes(24).toString('hex'), bucket, object, secretId],
  )
  const [upload] = rows
  if (upload === undefined) throw new Error('The database returned no upload.')
  return upload
}

/** The upload of this object; null if it does not exist, or has been completed or aborted. */
export async function findUpload(
  db: Database,
  { uploadId, bucket, object }: Omit<Upload, 'createdAt'>,
): Promise<Upload | null> {
  const { rows } = await db.pool.query<Upload>(
    `select ${UPLOAD} from uploads where upload_id = $1 and bucket = $2 and object = $3`,
    [uploadId, bucket, object],
  )
  return rows[0] ?? null
}

export type UploadFilter = {
  readonly bucket: string
  readonly prefix: string
  /** Only uploads after this object and upload id, in the order of the list. */
  readonly after: Pick<Upload, 'object' | 'uploadId'>
  readonly limit: number
}

/** The uploads of a bucket, by object and then by age. */
export async function listUploads(
  db: Database,
  { bucket, prefix, after, limit }: UploadFilter,
): Promise<readonly Upload[]> {
  const { rows } = await db.pool.query<Upload>(
    `select ${UPLOAD} from uploads
     where bucket = $1 and starts_with(object, $2) and (object collate "C" > $3 or (object = $3 and upload_id > $4))
     order by object collate "C", upload_id limit $5`,
    [bucket, prefix, after.object, after.uploadId, limit],
  )
  return rows
}

/** Records that a part is about to be received, so that its bytes are never lost track of. */
export async function beginPart(
  db: Database,
  { uploadId, number, staged }: { readonly uploadId: string } & Pick<UploadPart, 'number' | 'staged'>,
): Promise<void> {
  await db.pool.query('insert into upload_parts (staged, upload_id, number) values ($1, $2, $3)', [
    staged,
    uploadId,
    number,
  ])
}

/** Forgets a part that was not received completely. */
export async function forgetPart(db: Database, staged: string): Promise<void> {
  await db.pool.query('delete from upload_parts where staged = $1', [staged])
}

/**
 * Records a received part. Returns the names of earlier parts of the same number, which it replaces; null if the upload
 * has ended meanwhile.
 */
export async function finishPart(
  db: Database,
  { staged, size, etag }: Pick<UploadPart, 'staged' | 'size' | 'etag'>,
): Promise<readonly string[] | null> {
  const { rows } = await db.pool.query<{ uploadId: string; number: number }>(
    `update upload_parts set size = $2, etag = $3, received_at = clock_timestamp() where staged = $1
     returning upload_id as "uploadId", number`,
    [staged, size, etag],
  )
  const [part] = rows
  if (part === undefined) return null
  const replaced = await db.pool.query<{ staged: string }>(
    `delete from upload_parts where upload_id = $1 and number = $2 and staged <> $3 and received_at is not null
     returning staged`,
    [part.uploadId, part.number, staged],
  )
  return replaced.rows.map((row) => row.staged)
}

/** The received parts of an upload after this number, in order. */
export async function listParts(
  db: Database,
  { uploadId, after, limit }: { readonly uploadId: string; readonly after: number; readonly limit: number },
): Promise<readonly UploadPart[]> {
  const { rows } = await db.pool.query<UploadPart>(
    `select ${PART} from upload_parts where upload_id = $1 and number > $2 and received_at is not null
     order by number, received_at limit $3`,
    [uploadId, after, limit],
  )
  return rows
}

/** Ends an upload. Returns the names of its staged parts, to remove; null if it has ended already. */
export async function endUpload(db: Database, uploadId: string): Promise<readonly string[] | null> {
  const { rows } = await db.pool.query<{ staged: string[] | null }>(
    `with parts as (select staged from upload_parts where upload_id = $1),
       ended as (delete from uploads where upload_id = $1 returning upload_id)
     select (select array_agg(staged) from parts) as staged from ended`,
    [uploadId],
  )
  const [ended] = rows
  return ended === undefined ? null : (ended.staged ?? [])
}

/** The uploads that began longer ago, oldest first. */
export async function listOldUploads(
  db: Database,
  { olderThanDays, limit }: { readonly olderThanDays: number; readonly limit: number },
): Promise<readonly Upload[]> {
  const { rows } = await db.pool.query<Upload>(
    `select ${UPLOAD} from uploads where created_at < clock_timestamp() - $1 * interval '1 day'
     order by created_at limit $2`,
    [olderThanDays, limit],
  )
  return rows
}
