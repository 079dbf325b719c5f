import { boxesIn, childOf, readDuration } from './parse-boxes.ts'
import { parseTrack, type Track } from './parse-track.ts'

/** Facts from the index (moov) of an MP4 that ffprobe does not report, or reports differently from build to build. */
export type Movie = {
  /** Every length that the headers state for the whole file (mvhd, mehd), in seconds, except "unknown" and 0. */
  readonly statedSeconds: readonly number[]
  /** In file order, which is also the order of ffprobe's streams. */
  readonly tracks: readonly Track[]
  /** Whether fragments (moof), rather than the index, list the samples. */
  readonly isFragmented: boolean
  /** Whether this is a reference movie, whose video is in other files. */
  readonly isReference: boolean
}

/** The index of half an hour takes 3 MB. Larger ones are left to ffprobe. */
export const MAX_MOVIE_BYTES = 64 * 1024 ** 2

/** Stands for a file without an index. */
export const NO_MOVIE: Movie = { statedSeconds: [], tracks: [], isFragmented: false, isReference: false }

/**
 * Reads the index, skipping malformed parts.
 * @param moov The body of the box.
 */
export function parseMovie(moov: Buffer): Movie {
  const { scale, seconds } = parseMovieHeader(childOf(moov, 'mvhd'))
  const extension = childOf(moov, 'mvex')
  const extendedSeconds = parseExtensionHeader(extension && childOf(extension, 'mehd'), scale)
  const traks = boxesIn(moov).filter(({ type }) => type === 'trak')
  return {
    statedSeconds: [seconds, extendedSeconds].filter((stated) => stated !== undefined),
    tracks: traks.map(({ body }) => parseTrack(body, { movieScale: scale, extension })),
    isFragmented: extension !== undefined,
    isReference: childOf(moov, 'rmra') !== undefined,
  }
}

/** ISO/IEC 14496-12, 8.2.2. */
function parseMovieHeader(mvhd: Buffer | undefined): { scale: number; seconds: number | undefined } {
  if (mvhd === undefined || mvhd.length < 32) return { scale: 0, seconds: undefined }
  const isLong = mvhd.readUInt8(0) === 1
  const scale = mvhd.readUInt32BE(isLong ? 20 : 12)
  return { scale, seconds: readDuration(mvhd, { at: isLong ? 24 : 16, isLong, scale }) }
}

/** ISO/IEC 14496-12, 8.8.2. */
function parseExtensionHeader(mehd: Buffer | undefined, scale: number): number | undefined {
  if (mehd === undefined || mehd.length < 8) return undefined
  return readDuration(mehd, { at: 4, isLong: mehd.readUInt8(0) === 1, scale })
}
