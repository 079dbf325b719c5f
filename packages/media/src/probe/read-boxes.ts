import { withInput } from '../process/open-input.ts'
import { BoxReader } from './box-reader.ts'
import { MAX_MOVIE_BYTES, type Movie, NO_MOVIE, parseMovie } from './parse-movie.ts'
import type { FragmentRange } from './read-fragments.ts'

/** What the top-level boxes of an MP4 (ISO/IEC 14496-12, 4.2) reveal about its completeness. */
export type BoxSummary = {
  /** File size in bytes. */
  readonly size: number
  readonly hasIndex: boolean
  /** Bytes by which the last box extends beyond the end of the file. */
  readonly missingBytes: number
  readonly movie: Movie
  /** Offsets of the fragment headers (the bodies of moof). */
  readonly fragments: readonly FragmentRange[]
  /** Number of bytes outside headers and indexes: an upper bound for video and audio. */
  readonly dataBytes: number
  /** Number of tracks (trak) in the index. ffprobe gives up at a thousand, with a misleading message about memory. */
  readonly tracks: number
}

/** Top-level boxes that contain neither video nor audio. */
const NOT_DATA = new Set(['ftyp', 'styp', 'moov', 'moof', 'sidx', 'mfra', 'emsg', 'pdin', 'meta'])

/** Stands for a file that has no boxes. */
export function withoutBoxes(size: number): BoxSummary {
  return {
    size,
    hasIndex: false,
    missingBytes: 0,
    movie: NO_MOVIE,
    fragments: [],
    dataBytes: size,
    tracks: 0,
  }
}

export type BoxOptions = { readonly signal?: AbortSignal | undefined }

/** Walks the top-level boxes and those of the index, reading 16 bytes of each. Throws the refusal of a file with too many boxes. */
export function readBoxes(path: string, { signal }: BoxOptions = {}): Promise<BoxSummary> {
  return withInput(path, ({ handle, stats }) =>
    summarize(new BoxReader(handle, { size: stats.size, signal })),
  )
}

async function summarize(reader: BoxReader): Promise<BoxSummary> {
  const { size } = reader
  let hasIndex = false
  let movie = NO_MOVIE
  let dataBytes = 0
  const fragments: FragmentRange[] = []
  let tracks = 0
  let missingBytes = 0
  for await (const { type, content, to } of reader.boxes(0, size)) {
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
  return {
    size,
    hasIndex,
    missingBytes,
    movie,
    fragments,
    dataBytes,
    tracks,
  }
}
