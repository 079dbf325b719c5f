import type { FfprobeStream } from './ffprobe-output.ts'
import type { Track } from './parse-track.ts'
import { refusal } from './refusal.ts'

/** A stream as ffprobe describes it, with what the index states about its track. */
export type Candidate = {
  readonly stream: FfprobeStream
  readonly track: Track | undefined
  readonly seconds: number | undefined
}

/** Note for the owner of a file whose audio is ignored. */
export const AUDIO_IGNORED = 'The audio is in a codec that ffmpeg cannot decode and was ignored.'

/** Chooses the video stream that a player shows: covers, previews and disabled tracks come last. Throws a refusal. */
export function pickVideo(candidates: readonly Candidate[]): Candidate {
  if (candidates.length === 0) throw refusal("The file's index lists no tracks.", 'Re-encode the file.')
  const videos = candidates.filter(({ stream }) => stream.codec_type === 'video' && !isCover(stream))
  if (videos.length === 0) {
    throw refusal('The file has no video stream.', 'Sound alone is not accepted here.')
  }
  const decodable = videos.filter(isDecodable)
  if (decodable.length === 0) {
    throw videos.every(({ track }) => track?.isEncrypted === true) ? encrypted() : undecodable()
  }
  const usual = preferring(preferring(decodable, isMoving), isDefault)
  const [first, ...rest] = preferring(usual, isLong(usual))
  if (first === undefined) throw new Error('A choice of streams is empty.')
  return rest.reduce((best, one) => (isLarger(one, best) ? one : best), first)
}

/** Whether a file has a picture that is not the cover of its sound. */
export function hasVideo(candidates: readonly Candidate[]): boolean {
  return candidates.some(({ stream }) => stream.codec_type === 'video' && !isCover(stream))
}

/** Chooses the audio stream that a player plays. Undefined if none can be decoded. */
export function pickAudio(candidates: readonly Candidate[]): Candidate | undefined {
  const audio = candidates.filter((one) => one.stream.codec_type === 'audio' && isDecodable(one))
  const usual = preferring(
    preferring(audio, (one) => !isCommentary(one.stream)),
    isDefault,
  )
  return preferring(usual, isLong(usual)).reduce<Candidate | undefined>(
    (best, one) => (best === undefined || channelsOf(one) > channelsOf(best) ? one : best),
    undefined,
  )
}

/** Why no audio is used although the file has some; undefined if it has none. */
export function ignoredAudioNote(candidates: readonly Candidate[]): string | undefined {
  const audio = candidates.filter(({ stream }) => stream.codec_type === 'audio')
  if (audio.length === 0) return undefined
  if (audio.every(({ track }) => track?.isEncrypted === true))
    return 'The audio is encrypted and was ignored.'
  return AUDIO_IGNORED
}

function isDecodable({ stream: { codec_name }, track }: Candidate): boolean {
  const hasCodec = codec_name !== undefined && codec_name !== 'unknown' && codec_name !== 'none'
  return hasCodec && track?.isEncrypted !== true
}

/** The preferred candidates, or all candidates if there are none. */
function preferring(
  candidates: readonly Candidate[],
  isPreferred: (candidate: Candidate) => boolean,
): readonly Candidate[] {
  const preferred = candidates.filter(isPreferred)
  return preferred.length === 0 ? candidates : preferred
}

function has({ disposition }: FfprobeStream, name: string): boolean {
  return Number(disposition?.[name] ?? 0) === 1
}

/** Covers and chapter images are video streams too. */
function isCover(stream: FfprobeStream): boolean {
  return has(stream, 'attached_pic') || has(stream, 'timed_thumbnails')
}

function isDefault({ stream }: Candidate): boolean {
  return has(stream, 'default')
}

/** Dispositions of audio for some listeners only, and how writers name such tracks. */
const SPECIAL = ['visual_impaired', 'descriptions', 'comment', 'karaoke'] as const
const SPECIAL_NAME = /\baudio description|\bdescriptive|\bdescribed|\bcommentary/i

function isCommentary(stream: FfprobeStream): boolean {
  const names = [stream.tags?.title, stream.tags?.name, stream.tags?.handler_name]
  return SPECIAL.some((name) => has(stream, name)) || SPECIAL_NAME.test(names.join(' '))
}

/** ffprobe's names of codecs for single images. */
const IMAGE_CODECS = new Set(['mjpeg', 'png', 'bmp', 'gif', 'tiff', 'webp'])

function isMoving(candidate: Candidate): boolean {
  return framesOf(candidate) !== 1 && !IMAGE_CODECS.has(String(candidate.stream.codec_name))
}

function framesOf({ stream, track }: Candidate): number {
  return Number(stream.nb_frames) || track?.samples || Number.POSITIVE_INFINITY
}

/** At least half as long as the longest, so that a preview is not taken for the video. */
function isLong(among: readonly Candidate[]): (candidate: Candidate) => boolean {
  const longest = Math.max(...among.map(({ seconds = 0 }) => seconds))
  return ({ seconds = 0 }) => seconds >= longest / 2
}

function areaOf({ stream }: Candidate): number {
  return (stream.width ?? 0) * (stream.height ?? 0)
}

function isLarger(a: Candidate, b: Candidate): boolean {
  const [more, less] = [a, b].map((one) => [areaOf(one), one.seconds ?? 0, framesOf(one)])
  const differs = more?.findIndex((value, i) => value !== less?.[i]) ?? -1
  return differs !== -1 && Number(more?.[differs]) > Number(less?.[differs])
}

function channelsOf({ stream }: Candidate): number {
  return stream.channels ?? 0
}

/** @param message What ffmpeg printed, in brackets. */
export function undecodable(message = ''): Error {
  return refusal(
    'The video is in an unknown codec, or in one that cannot be decoded here.',
    `Convert it to H.264: ffmpeg -i in.mp4 -c:v libx264 out.mp4 ${message}`,
  )
}

/** Checked here because ffmpeg reads encrypted content as damage. */
export function encrypted(): Error {
  return refusal('The video is encrypted (DRM).', 'Use an unencrypted copy.')
}
