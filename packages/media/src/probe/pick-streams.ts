import type { FfprobeStream } from './ffprobe-answer.ts'
import type { Track } from './parse-track.ts'
import { refusal } from './refusal.ts'

/** A stream as ffprobe describes it, with what the index says of its track. */
export type Candidate = {
  readonly stream: FfprobeStream
  readonly track: Track | undefined
  readonly seconds: number | undefined
}

const isDecodable = ({ stream: { codec_name }, track }: Candidate): boolean =>
  codec_name !== undefined && codec_name !== 'unknown' && codec_name !== 'none' && track?.isEncrypted !== true

/** Chooses the picture that a player shows: covers, previews and tracks that are switched off come last. */
export const pickVideo = (candidates: readonly Candidate[]): Candidate => {
  if (candidates.length === 0) throw refusal("The file's index lists no tracks.", 'Re-encode the file.')
  const pictures = candidates.filter(({ stream }) => stream.codec_type === 'video' && !isCover(stream))
  if (pictures.length === 0) {
    throw refusal('The file has no picture stream.', 'Only videos are supported, not sound alone.')
  }
  const decodable = pictures.filter(isDecodable)
  if (decodable.length === 0) {
    throw pictures.every(({ track }) => track?.isEncrypted === true) ? encrypted() : undecodable()
  }
  const moving = preferring(decodable, isMoving)
  const [first, ...rest] = preferring(preferring(moving, isDefault), isLong(preferring(moving, isDefault)))
  if (first === undefined) throw new Error('A choice of streams is empty.')
  return rest.reduce((best, one) => (isLarger(one, best) ? one : best), first)
}

/** Chooses the sound that a player plays. Undefined where there is none that can be decoded. */
export const pickAudio = (candidates: readonly Candidate[]): Candidate | undefined => {
  const sounds = candidates.filter((one) => one.stream.codec_type === 'audio' && isDecodable(one))
  const usual = preferring(
    preferring(sounds, (one) => !isCommentary(one.stream)),
    isDefault,
  )
  return preferring(usual, isLong(usual)).reduce<Candidate | undefined>(
    (best, one) => (best === undefined || channelsOf(one) > channelsOf(best) ? one : best),
    undefined,
  )
}

/** Why no sound is used although there is some; undefined where there is none. */
export const soundLeftOut = (candidates: readonly Candidate[]): string | undefined => {
  const sounds = candidates.filter(({ stream }) => stream.codec_type === 'audio')
  if (sounds.length === 0) return undefined
  if (sounds.every(({ track }) => track?.isEncrypted === true)) {
    return 'The sound is encrypted and was left out.'
  }
  return SOUND_LEFT_OUT
}

export const SOUND_LEFT_OUT = 'The sound is in a codec that ffmpeg cannot decode and was left out.'

/** Those of which a thing is true, or all where it is true of none. */
const preferring = (
  candidates: readonly Candidate[],
  isPreferred: (candidate: Candidate) => boolean,
): readonly Candidate[] => {
  const preferred = candidates.filter(isPreferred)
  return preferred.length === 0 ? candidates : preferred
}

const has = ({ disposition }: FfprobeStream, name: string): boolean => Number(disposition?.[name] ?? 0) === 1

/** A cover is a video stream too, and so are the pictures of chapters. */
const isCover = (stream: FfprobeStream): boolean =>
  has(stream, 'attached_pic') || has(stream, 'timed_thumbnails')

const isDefault = ({ stream }: Candidate): boolean => has(stream, 'default')

/** Dispositions of sound made for some listeners, and what writers call such tracks. */
const SPECIAL = ['visual_impaired', 'descriptions', 'comment', 'karaoke'] as const
const SPECIAL_NAME = /\baudio description|\bdescriptive|\bdescribed|\bcommentary/i

const isCommentary = (stream: FfprobeStream): boolean =>
  SPECIAL.some((name) => has(stream, name)) ||
  SPECIAL_NAME.test(
    `${stream.tags?.title ?? ''} ${stream.tags?.name ?? ''} ${stream.tags?.handler_name ?? ''}`,
  )

/** ffprobe's names of codecs that code each picture alone. */
const STILL_CODECS = new Set(['mjpeg', 'png', 'bmp', 'gif', 'tiff', 'webp'])

const isMoving = (candidate: Candidate): boolean =>
  framesOf(candidate) !== 1 && !STILL_CODECS.has(String(candidate.stream.codec_name))

const framesOf = ({ stream, track }: Candidate): number =>
  Number(stream.nb_frames) || track?.samples || Number.POSITIVE_INFINITY

/** Half as long as the longest, so that a preview does not pass for the film. */
const isLong = (among: readonly Candidate[]): ((candidate: Candidate) => boolean) => {
  const longest = Math.max(...among.map(({ seconds = 0 }) => seconds))
  return ({ seconds = 0 }) => seconds >= longest / 2
}

const areaOf = ({ stream }: Candidate): number => (stream.width ?? 0) * (stream.height ?? 0)

const isLarger = (a: Candidate, b: Candidate): boolean => {
  const [more, less] = [a, b].map((one) => [areaOf(one), one.seconds ?? 0, framesOf(one)])
  const differs = more?.findIndex((value, i) => value !== less?.[i]) ?? -1
  return differs !== -1 && Number(more?.[differs]) > Number(less?.[differs])
}

const channelsOf = ({ stream }: Candidate): number => stream.channels ?? 0

/** @param words What ffmpeg says of it, in brackets. */
export const undecodable = (words = ''): Error =>
  refusal(
    'The picture is in an unknown codec, or in one that cannot be decoded here.',
    `Convert it to H.264: ffmpeg -i in.mp4 -c:v libx264 out.mp4 ${words}`,
  )

/** ffmpeg reads encrypted content as damage. */
export const encrypted = (): Error =>
  refusal('The video is encrypted (DRM).', 'Use a copy without encryption.')
