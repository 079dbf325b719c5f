import { knownDuration } from './known-duration.ts'
import { boxesIn, childOf } from './parse-boxes.ts'
import { parseTrack, type Track } from './parse-track.ts'

/** What the index (moov) of an MP4 says, as far as ffprobe does not or says it otherwise from build to build. */
export type Movie = {
  /** Every length that the headers state for the whole (mvhd, mehd), in seconds; "unknown" and 0 are left out. */
  readonly claims: readonly number[]
  /** In the file's order, which is that of ffprobe's streams. */
  readonly tracks: readonly Track[]
  /** The samples are named by fragments (moof) and not by the index. */
  readonly isFragmented: boolean
  /** It names other files that hold the video (a reference movie). */
  readonly isReference: boolean
}

/** The index of half an hour has 3 MB. Of a larger one nothing is known here; ffprobe reads it all the same. */
export const MAX_MOVIE_BYTES = 64 * 1024 ** 2

/** What is known of a file without an index. */
export const NO_MOVIE: Movie = { claims: [], tracks: [], isFragmented: false, isReference: false }

/**
 * Reads the index. What makes no sense is left out.
 * @param moov The body of the box.
 */
export const parseMovie = (moov: Buffer): Movie => {
  const { scale, seconds } = parseMovieHeader(childOf(moov, 'mvhd'))
  const extension = childOf(moov, 'mvex')
  const extended = parseExtensionHeader(extension && childOf(extension, 'mehd'), scale)
  const traks = boxesIn(moov).filter(({ type }) => type === 'trak')
  return {
    claims: [seconds, extended].filter((claim) => claim !== undefined),
    tracks: traks.map(({ body }) => parseTrack(body, { movieScale: scale, extension })),
    isFragmented: extension !== undefined,
    isReference: childOf(moov, 'rmra') !== undefined,
  }
}

/** ISO/IEC 14496-12, 8.2.2. */
const parseMovieHeader = (mvhd: Buffer | undefined): { scale: number; seconds: number | undefined } => {
  if (mvhd === undefined || mvhd.length < 32) return { scale: 0, seconds: undefined }
  const isLong = mvhd.readUInt8(0) === 1
  const scale = mvhd.readUInt32BE(isLong ? 20 : 12)
  return { scale, seconds: knownDuration(mvhd, { at: isLong ? 24 : 16, isLong, scale }) }
}

/** ISO/IEC 14496-12, 8.8.2. */
const parseExtensionHeader = (mehd: Buffer | undefined, scale: number): number | undefined => {
  if (mehd === undefined || mehd.length < 8) return undefined
  return knownDuration(mehd, { at: 4, isLong: mehd.readUInt8(0) === 1, scale })
}
