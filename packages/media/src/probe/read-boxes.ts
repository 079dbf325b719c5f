import { withInput } from '../run/open-input.ts'
import { BoxReader } from './box-reader.ts'
import { MAX_MOVIE_BYTES, type Movie, NO_MOVIE, parseMovie } from './parse-movie.ts'
import type { FragmentRange } from './read-fragments.ts'

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
  /** What the index says. */
  readonly movie: Movie
  /** Where fragment headers (the bodies of moof) lie. */
  readonly fragments: readonly FragmentRange[]
  /** Bytes of the file that are neither the index nor the name of its format: all that can be picture and sound. */
  readonly dataBytes: number
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

/** Top-level boxes that hold no picture and no sound. */
const NOT_DATA = new Set(['ftyp', 'styp', 'moov', 'moof', 'sidx', 'mfra', 'emsg', 'pdin', 'meta'])

export type BoxOptions = { readonly signal?: AbortSignal | undefined }

/** Walks the top-level boxes and those of the index, reading 16 bytes of each. Throws the refusal of too many. */
export const readBoxes = (path: string, { signal }: BoxOptions = {}): Promise<BoxSummary> =>
  withInput(path, ({ handle, stats }) => summarise(new BoxReader(handle, { size: stats.size, signal })))

const summarise = async (reader: BoxReader): Promise<BoxSummary> => {
  const { size } = reader
  const head = await reader.bytes(0, 64)
  let first: string | undefined
  let hasIndex = false
  let movie = NO_MOVIE
  let dataBytes = 0
  const fragments: FragmentRange[] = []
  let tracks = 0
  let missingBytes = 0
  for await (const { type, content, to } of reader.boxes(0, size)) {
    first ??= type
    if (!NOT_DATA.has(type)) dataBytes += Math.min(size, to) - content
    if (type === 'moof') fragments.push({ from: content, to: Math.min(size, to) })
    if (type === 'moov') {
      hasIndex = true
      const end = Math.min(size, to)
      const isFirst = movie === NO_MOVIE && end - content <= MAX_MOVIE_BYTES
      if (isFirst) movie = parseMovie(await reader.bytes(content, end - content))
      for await (const inner of reader.boxes(content, end)) if (inner.type === 'trak') tracks += 1
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
    movie,
    fragments,
    dataBytes,
    tracks,
  }
}
