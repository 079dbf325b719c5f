import { withInput } from '../run/open-input.ts'
import { BoxReader } from './box-reader.ts'

/** What the top-level boxes of an MP4 (ISO/IEC 14496-12, 4.2) say about its completeness. */
export type BoxSummary = {
  /** File size in bytes. */
  readonly size: number
  /** The first bytes, up to 64, for telling what a file that is no MP4 is instead. */
  readonly head: Buffer
  /** True if the file starts with a box of a type that MP4 files start with. */
  readonly looksLikeMp4: boolean
  readonly hasIndex: boolean
  /** Bytes that the last box claims beyond the file's end. */
  readonly missingBytes: number
  /** What the movie header (mvhd) says; ffprobe's newer builds correct it silently where the tracks differ. */
  readonly movieSeconds: number | undefined
  /** Tracks (trak) in the index. ffprobe gives up at a thousand, and says then that memory is short. */
  readonly tracks: number
}

const FIRST_BOXES = new Set([
  'ftyp',
  'moov',
  'mdat',
  'free',
  'skip',
  'wide',
  'pnot',
  'styp',
  'uuid',
  'sidx',
  'moof',
])

export type BoxOptions = { readonly signal?: AbortSignal | undefined }

/** Walks the top-level boxes and those of the index, reading 16 bytes of each. Throws the refusal of too many. */
export const readBoxes = (path: string, { signal }: BoxOptions = {}): Promise<BoxSummary> =>
  withInput(path, ({ handle, stats }) => summarise(new BoxReader(handle, { size: stats.size, signal })))

const summarise = async (reader: BoxReader): Promise<BoxSummary> => {
  const { size } = reader
  const head = await reader.bytes(0, 64)
  let first: string | undefined
  let hasIndex = false
  let movieSeconds: number | undefined
  let tracks = 0
  let missingBytes = 0
  for await (const { type, content, to } of reader.boxes(0, size)) {
    first ??= type
    if (type === 'moov') {
      hasIndex = true
      movieSeconds = parseMovieHeader(await reader.bytes(content, 40))
      for await (const inner of reader.boxes(content, Math.min(size, to)))
        if (inner.type === 'trak') tracks += 1
    }
    if (to > size) missingBytes = to - size
  }
  const looksLikeMp4 = FIRST_BOXES.has(first ?? '')
  return {
    size,
    head: Buffer.from(head),
    looksLikeMp4,
    hasIndex,
    missingBytes: looksLikeMp4 ? missingBytes : 0,
    movieSeconds,
    tracks,
  }
}

/** mvhd is the first box in moov in all files but contrived ones (14496-12, 8.2.2). All ones mean "unknown". */
const parseMovieHeader = (bytes: Buffer): number | undefined => {
  if (bytes.length < 40 || bytes.toString('latin1', 4, 8) !== 'mvhd') return undefined
  const isLong = bytes.readUInt8(8) === 1
  const scale = bytes.readUInt32BE(isLong ? 28 : 20)
  const duration = isLong ? Number(bytes.readBigUInt64BE(32)) : bytes.readUInt32BE(24)
  const unknown = isLong ? duration >= 2 ** 64 - 1 : duration === 0xffff_ffff
  return unknown || scale === 0 || duration === 0 ? undefined : duration / scale
}
