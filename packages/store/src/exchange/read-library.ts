import { Fault } from '@kinoprint/core'
import { type ArchiveHeader, type ArchiveRecord, readHeader, readRecords } from './archive-format.ts'
import { ByteSource } from './byte-source.ts'
import { type ExportPoint, exportPointText } from './export-library.ts'
import { checkedText, checkVideo, damaged, fieldsOf, type PortableVideo } from './portable-video.ts'

/** A video of a library file, with the bucket and object of its file. */
export type ArchivedVideo = PortableVideo & {
  readonly videoId: string
  readonly bucket: string
  readonly region: string
  readonly object: string
  /** Including its quotes. */
  readonly etag: string
}

export type LibraryFile = {
  /** The settings of the library as it was exported. Check them before use. */
  readonly library: unknown
  /** The videos, each checked whole. Throws Fault InvalidContent where the file is damaged or cut short. */
  readonly videos: AsyncGenerator<ArchivedVideo, void>
}

/** Reads a library file as it arrives. Throws Fault InvalidContent if its first bytes are wrong. */
export async function readLibraryFile(chunks: AsyncIterable<Uint8Array>): Promise<LibraryFile> {
  const source = new ByteSource(chunks)
  const header = await readHeader(source)
  return { library: header.library, videos: readVideos(source, header) }
}

async function* readVideos(source: ByteSource, header: ArchiveHeader): AsyncGenerator<ArchivedVideo, void> {
  for await (const record of readRecords(source, header)) yield checkArchived(record)
}

/** The id names a folder of thumbnails. */
const VIDEO_ID = /^dv[0-9a-f]{32}$/
const BUCKET_BYTES_MAX = 128
const REGION_BYTES_MAX = 64
const ETAG_BYTES_MAX = 256

function checkArchived({ description, data }: ArchiveRecord): ArchivedVideo {
  const fields = fieldsOf(description)
  const videoId = checkedText(fields, 'videoId')
  if (!VIDEO_ID.test(videoId)) throw damaged('its field videoId is not an id of a video')
  return {
    ...checkVideo(description, data),
    videoId,
    bucket: checkedText(fields, 'bucket', BUCKET_BYTES_MAX),
    region: checkedText(fields, 'region', REGION_BYTES_MAX),
    object: checkedText(fields, 'object'),
    etag: checkedText(fields, 'etag', ETAG_BYTES_MAX),
  }
}

export type LibraryFileState = {
  readonly library: unknown
  /** Bytes that are intact. */
  readonly end: number
  /** Number of intact videos. */
  readonly count: number
  /** Whether the file is complete. */
  readonly isComplete: boolean
  /** Where an export continues that broke off here; null if it has no video yet. */
  readonly resume: string | null
}

/** Checks a library file without decoding its fingerprints. Null if not even its first bytes are intact. */
export async function inspectLibraryFile(
  chunks: AsyncIterable<Uint8Array>,
): Promise<LibraryFileState | null> {
  const source = new ByteSource(chunks)
  let state: LibraryFileState | null = null
  try {
    const header = await readHeader(source)
    state = { library: header.library, end: header.end, count: 0, isComplete: false, resume: null }
    for await (const record of readRecords(source, header)) {
      const { end, count } = record
      state = { ...state, end, count, resume: exportPointText(pointOf(record)) }
    }
    return { ...state, end: source.position, isComplete: true }
  } catch (error) {
    if (error instanceof Fault) return state
    throw error
  }
}

function pointOf({ description, checksum, count }: ArchiveRecord): ExportPoint {
  const fields = fieldsOf(description)
  const bucket = checkedText(fields, 'bucket', BUCKET_BYTES_MAX)
  return { checksum, count, bucket, object: checkedText(fields, 'object') }
}
