import type { Fault } from '@kinoprint/core'
import { encrypted } from './pick-streams.ts'
import type { BoxSummary } from './read-boxes.ts'
import { refusal } from './refusal.ts'

/** A file with less than this share of the bytes listed in its index contains only the index. */
const MIN_DATA_SHARE = 0.001

const COMPLETE_COPY = 'Use a complete copy of the file.'

/** Refuses what ffmpeg would report as damage: encrypted content, or an index without content. */
export function refuseUndecodable({ movie, dataBytes, fragments, hasIndex }: BoxSummary): void {
  const videos = movie.tracks.filter(({ handler }) => handler === 'vide')
  if (videos.length > 0 && videos.every(({ isEncrypted }) => isEncrypted)) throw encrypted()
  if (movie.isReference) {
    throw refusal('The file only refers to a video in other files.', 'Use the file that contains the video.')
  }
  if (!hasIndex || videos.length === 0) return
  const stated = movie.tracks.reduce((sum, { sampleBytes }) => sum + sampleBytes, 0)
  if (stated > 0 ? dataBytes < MIN_DATA_SHARE * stated : movie.isFragmented && fragments.length === 0) {
    throw refusal("The file contains only the video's index (moov), not its content (mdat).", COMPLETE_COPY)
  }
}

/** The refusal for a file without moov. */
export function withoutIndex({ fragments }: BoxSummary, cause: unknown): Fault {
  if (fragments.length > 0) {
    return refusal(
      'The file is a segment of a stream without its initialization segment (moov).',
      'Join them first: cat init.mp4 segment.m4s > whole.mp4',
      cause,
    )
  }
  return refusal(
    'The file is an MP4 without its index (moov): it is truncated, or its recording was never finished.',
    COMPLETE_COPY,
    cause,
  )
}
