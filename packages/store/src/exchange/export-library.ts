import { Fault } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { getLibrary } from '../libraries.ts'
import { type Home, loadFromShards } from '../shards/read-from-shards.ts'
import type { Video } from '../videos/videos.ts'
import { type ArchivePosition, encodeEnd, encodeHeader, encodeRecord } from './archive-format.ts'
import { describeVideo } from './portable-video.ts'

/** Fingerprints per statement. One of 30 min takes about 1 MB. */
const PAGE_SIZE = 4

export type ExportRequest = {
  readonly dnaDbId: string
  /** Where an export that broke off continues. Then only what follows is written, without a header. */
  readonly resume?: ExportPoint | undefined
}

/** The last video of an export, and the checksum after it. */
export type ExportPoint = ArchivePosition & { readonly bucket: string; readonly object: string }

/**
 * Writes a library as one file (docs/fingerprint-files.md), a few videos at a time, ordered by bucket and object. Videos
 * that are stored or deleted meanwhile may or may not be in it.
 *
 * @throws Fault NotFound if the library does not exist.
 */
export async function* exportLibrary(
  db: Database,
  { dnaDbId, resume }: ExportRequest,
): AsyncGenerator<Uint8Array, void> {
  const library = await getLibrary(db, dnaDbId)
  if (library === null) throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  let position: ArchivePosition
  let last = { bucket: '', object: '' }
  if (resume === undefined) {
    const { updatedAt: _updated, totalSeconds: _total, ...settings } = library
    const { bytes, checksum } = encodeHeader({ ...settings, exportedAt: new Date() })
    yield bytes
    position = { checksum, count: 0 }
  } else {
    position = resume
    last = resume
  }
  for (;;) {
    const rows = await readPage(db, dnaDbId, last)
    for (const { data, ...video } of rows) {
      const { videoId, bucket, region, object, etag } = video
      const location = { videoId, bucket, region, object, etag }
      const described = { ...location, ...describeVideo({ ...video, name: object, data }) }
      const record = encodeRecord(position, described, data)
      yield record.bytes
      position = record.position
    }
    const end = rows.at(-1)
    if (end === undefined) break
    last = end
  }
  yield encodeEnd(position)
}

type Row = Omit<Video, 'dnaDbId' | 'createdAt' | 'updatedAt'> & { readonly data: Uint8Array }

async function readPage(
  db: Database,
  dnaDbId: string,
  { bucket, object }: { readonly bucket: string; readonly object: string },
): Promise<Row[]> {
  const { rows } = await db.pool.query<Omit<Row, 'data'> & Home & { data: Buffer }>(
    `select v.video_id as "videoId", v.bucket, v.region, v.object, v.etag, v.duration_seconds as "durationSeconds",
       v.width, v.height, v.has_audio as "hasAudio", v.frame_count as "frameCount", v.codec, v.fps,
       v.bytes::float8 as bytes, f.data, f.shard, f.id as "fingerprintId"
     from (
       select * from videos
       where library_number = (select number from libraries where dna_db_id = $1) and (bucket, object) > ($2, $3)
       order by bucket, object limit ${PAGE_SIZE}
     ) v join fingerprints f on f.id = v.fingerprint_id
     order by v.bucket, v.object`,
    [dnaDbId, bucket, object],
  )
  const sharded = await loadFromShards(db, rows)
  return rows.map(({ shard, fingerprintId, ...row }) => ({
    ...row,
    // One that is missing on its shard is exported as damaged, like one that is damaged here.
    data: shard === null ? row.data : (sharded.get(fingerprintId) ?? new Uint8Array()),
  }))
}

/** An export point as text for a query. */
export function exportPointText({ checksum, count, bucket, object }: ExportPoint): string {
  return [checksum.toString('hex'), count, Buffer.from(`${bucket}\0${object}`).toString('base64url')].join(
    '.',
  )
}

/** Throws Fault InvalidArgument for text that `exportPointText` cannot have written. */
export function parseExportPoint(text: string): ExportPoint {
  const [, checksum, count, name] = /^([0-9a-f]{64})\.(\d{1,9})\.([\w-]+)$/.exec(text) ?? []
  const [bucket, object] = Buffer.from(name ?? '', 'base64url')
    .toString()
    .split('\0')
  if (checksum === undefined || bucket === undefined || object === undefined)
    throw new Fault('InvalidArgument', 'resume is not a point of an export. Export the library again.')
  return { checksum: Buffer.from(checksum, 'hex'), count: Number(count), bucket, object }
}
