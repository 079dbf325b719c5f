import type { Fault } from '@kinoprint/core'
import { encrypted } from './pick-streams.ts'
import type { BoxSummary } from './read-boxes.ts'
import { refusal } from './refusal.ts'

/** Of all bytes that the index names, so few are there in a file that holds the index alone. */
const DATA_SHARE = 0.001

const WHOLE_COPY = 'Use a complete copy of the file.'

/** Refuses what ffmpeg would only complain of: encrypted content, or an index without content. */
export const refuseUndecodable = ({ movie, dataBytes, fragments, hasIndex }: BoxSummary): void => {
  const pictures = movie.tracks.filter(({ handler }) => handler === 'vide')
  if (pictures.length > 0 && pictures.every(({ isEncrypted }) => isEncrypted)) throw encrypted()
  if (movie.isReference) {
    throw refusal('The file only refers to a video in other files.', 'Use the file that holds the video.')
  }
  if (!hasIndex || pictures.length === 0) return
  const promised = movie.tracks.reduce((sum, { sampleBytes }) => sum + sampleBytes, 0)
  if (promised > 0 ? dataBytes < DATA_SHARE * promised : movie.isFragmented && fragments.length === 0) {
    throw refusal('Only the index (moov) of the video is there, without its content (mdat).', WHOLE_COPY)
  }
}

export const withoutIndex = ({ fragments }: BoxSummary, cause: unknown): Fault =>
  fragments.length > 0
    ? refusal(
        'The file is a segment of a stream without its initialization segment (moov).',
        'Join them first: cat init.mp4 segment.m4s > whole.mp4',
        cause,
      )
    : refusal(
        'The file is an MP4 without its index (moov): it was cut off, or its recording was never finished.',
        WHOLE_COPY,
        cause,
      )

const CONVERT = 'Convert it to MP4: ffmpeg -i in.ext out.mp4'

/** What other files begin with, as Latin-1 text or as hexadecimal digits. */
const STARTS: readonly (readonly [string, string])[] = [
  ['#EXTM3U', 'a playlist'],
  ['1a45dfa3', 'Matroska or WebM'],
  ['RIFF', 'AVI or WAV'],
  ['FLV', 'Flash Video'],
  ['3026b275', 'Windows Media'],
  ['OggS', 'Ogg'],
  ['000001ba', 'MPEG'],
  ['000001b3', 'MPEG'],
]

const kindOf = (head: Buffer): string | undefined => {
  const [text, hex] = [head.toString('latin1'), head.toString('hex')]
  const known = STARTS.find(([start]) => text.startsWith(start) || hex.startsWith(start))
  if (known !== undefined) return known[1]
  return /^[\t\n\r\x20-\x7e]*$/.test(text) ? 'text' : undefined
}

export const notMp4 = ({ head }: BoxSummary): Fault => {
  const kind = kindOf(head)
  return refusal(`The file is ${kind === undefined ? '' : `${kind}, `}not an MP4 video.`, CONVERT)
}
