import type { Fault } from '@kinoprint/core'
import { type FileFormat, formatTraits, settingOf } from '../formats/formats.ts'
import type { MediaInfo } from '../media-info.ts'
import type { FfprobeOutput, FfprobeStream } from './ffprobe-output.ts'
import type { Movie } from './parse-movie.ts'
import type { Track } from './parse-track.ts'
import { type Candidate, hasVideo, ignoredAudioNote, pickAudio, pickVideo } from './pick-streams.ts'
import type { BoxSummary } from './read-boxes.ts'
import { refusal } from './refusal.ts'
import { type FragmentSeconds, refuseLength, streamSeconds } from './track-lengths.ts'

/** A camera writes up to 10 tracks. Hundreds are an attack on programs that open them all. */
const MAX_STREAMS = 32
/** Pixels. H.264 and HEVC levels allow at most this. */
const MAX_SIDE = 16_384
/** 8192 x 8192: a decoded frame of that size takes 100 MB, and a decoder keeps up to 16. */
export const MAX_PIXELS = 67_108_864
/** Frames per second. High-speed consumer cameras write up to 960. */
const MAX_FRAME_RATE = 1000

/** The same, where ffprobe estimates the rate. */
const MAX_ESTIMATED_RATE = 240
const DEFAULT_FRAME_RATE = 25

export type MediaContext = {
  readonly format: FileFormat
  readonly boxes: BoxSummary
  readonly maxSeconds: number
  /** Read only if the index does not state the length. */
  readonly fragments: FragmentSeconds
  /** Size of a picture that ffprobe refused to open. */
  readonly refusedSize: string | undefined
  /** Whether ffprobe ignored the edit lists. */
  readonly ignoresEditList: boolean
  /** Whether a file without a picture is read as sound. */
  readonly acceptsSound: boolean
}

/** Picks the streams from ffprobe's output. Throws a refusal for a file that cannot or must not be decoded. */
export function toMediaInfo(output: FfprobeOutput, context: MediaContext): MediaInfo {
  const { format, boxes, fragments, maxSeconds, ignoresEditList, acceptsSound } = context
  refuseManyStreams(output.streams.length)
  const { movie } = boxes
  const candidates = output.streams.map((stream) => {
    const track = trackOf(stream, movie)
    const seconds =
      format === 'matroska' ? taggedSeconds(stream) : streamSeconds(stream, { track, fragments, maxSeconds })
    return { stream, track, seconds }
  })
  const audioCandidate = pickAudio(candidates)
  if (acceptsSound && audioCandidate !== undefined && !hasVideo(candidates))
    return soundInfo(output, context, audioCandidate)
  const videoCandidate = pickVideo(candidates)
  const [video, audio] = [videoCandidate.stream, audioCandidate?.stream]
  refuseSize(video, context)
  if (format === 'mp4') refuseRate(video)
  const presentationStart = presentationStartOf(output, { format, streams: [video, audio] })
  const startOf = (stream: FfprobeStream): number =>
    Math.max(0, (numberOf(stream.start_time) ?? presentationStart) - presentationStart)
  const end = endOf([videoCandidate, audioCandidate], startOf)
  const stated = positive(output.format.duration)
  const { statesLength } = formatTraits[format]
  if (statesLength) refuseLength({ movie, fragments, format: stated, end, maxSeconds })
  const note = audioCandidate === undefined ? ignoredAudioNote(candidates) : undefined
  const rotationDegrees = rotationOf(video)
  const isSideways = Math.abs(rotationDegrees - 90) < 45 || Math.abs(rotationDegrees - 270) < 45
  const [width, height] = [Number(video.width), Number(video.height)]
  const aspect = ratio(video.sample_aspect_ratio) ?? 1
  // Whether a GIF moves is known once it is decoded.
  const isStill = settingOf(format) === 'pictures' && format !== 'gif'
  const length = end ?? (stated !== undefined && stated < maxSeconds ? stated : undefined)
  return {
    format,
    kind: isStill ? 'picture' : 'video',
    durationSeconds: isStill ? 0 : statesLength || (length ?? 0) < maxSeconds ? length : undefined,
    width: isSideways ? height : width,
    height: isSideways ? width : height,
    rotationDegrees,
    pixelAspect: isSideways ? 1 / aspect : aspect,
    frameRate: frameRateOf(video, format),
    videoCodec: String(video.codec_name),
    videoIndex: video.index,
    videoStartSeconds: startOf(video),
    videoDurationSeconds: statesLength ? videoCandidate.seconds : undefined,
    hasAudio: audio !== undefined,
    audioIndex: audio?.index,
    audioCodec: audio?.codec_name,
    audioStartSeconds: audio === undefined ? 0 : startOf(audio),
    size: boxes.size,
    missingBytes: boxes.missingBytes,
    ignoresEditList,
    notes: note === undefined ? [] : [note],
  }
}

/** A file without a picture. Its times are those of the sound. */
function soundInfo(
  { format: { duration, start_time } }: FfprobeOutput,
  { format, boxes, fragments, maxSeconds, ignoresEditList }: MediaContext,
  { stream, seconds }: Candidate,
): MediaInfo {
  const start = Math.max(0, (numberOf(stream.start_time) ?? 0) - (numberOf(start_time) ?? 0))
  const stated = positive(duration)
  const end = seconds === undefined ? stated : start + seconds
  const { statesLength } = formatTraits[format]
  if (statesLength) refuseLength({ movie: boxes.movie, fragments, format: stated, end, maxSeconds })
  return {
    format,
    kind: 'sound',
    durationSeconds: statesLength || (end ?? 0) < maxSeconds ? end : undefined,
    ...{ width: 0, height: 0, rotationDegrees: 0, pixelAspect: 1, frameRate: DEFAULT_FRAME_RATE },
    videoCodec: String(stream.codec_name),
    ...{ videoIndex: undefined, videoStartSeconds: 0, videoDurationSeconds: undefined },
    hasAudio: true,
    audioIndex: stream.index,
    audioCodec: stream.codec_name,
    audioStartSeconds: start,
    size: boxes.size,
    missingBytes: boxes.missingBytes,
    ignoresEditList,
    notes: [],
  }
}

/**
 * Whether the container's own length includes an empty edit at the start depends on ffprobe's version. The ends of the
 * streams are the same in all versions.
 */
function endOf(
  candidates: readonly (Candidate | undefined)[],
  startOf: (stream: FfprobeStream) => number,
): number | undefined {
  const ends = candidates.flatMap((one) =>
    one?.seconds === undefined ? [] : [startOf(one.stream) + one.seconds],
  )
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** ffprobe gives a track's id as `0x1`; old versions give none, and list the streams in the order of the tracks. */
function trackOf({ id, index }: FfprobeStream, { tracks }: Movie): Track | undefined {
  return tracks.find((track) => track.id === Number(id)) ?? (id === undefined ? tracks[index] : undefined)
}

/** Also called with the number of tracks, before any program opens them. */
export function refuseManyStreams(count: number): void {
  if (count <= MAX_STREAMS) return
  throw refusal(
    `The file has ${count} streams.`,
    `At most ${MAX_STREAMS} are supported. Keep one video and one audio stream: ffmpeg -i in.mp4 -map 0:v:0 -map 0:a:0 -c copy out.mp4`,
  )
}

function refuseSize(
  { width, height }: FfprobeStream,
  { refusedSize }: Pick<MediaContext, 'refusedSize'>,
): void {
  if (width === undefined || height === undefined || !(width > 0) || !(height > 0)) {
    if (refusedSize !== undefined) throw tooLarge(refusedSize)
    throw refusal('The header does not state the size of the picture.', 'Re-encode the file.')
  }
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS) return
  throw tooLarge(`${width}x${height}`)
}

/** @param size e.g. `16384x16384` */
export function tooLarge(size: string): Fault {
  return refusal(`The picture is ${size}.`, 'At most 8192x8192 pixels are supported. Scale the video down.')
}

/**
 * Where timestamps may start at any value (transport streams), ffmpeg counts time from the first of the streams that it
 * decodes; elsewhere from the first of all.
 */
function presentationStartOf(
  output: FfprobeOutput,
  {
    format,
    streams,
  }: { readonly format: FileFormat; readonly streams: readonly (FfprobeStream | undefined)[] },
): number {
  const starts = streams.flatMap((stream) => numberOf(stream?.start_time) ?? [])
  const isAnyValue = !formatTraits[format].isSeekable && starts.length > 0
  return isAnyValue ? Math.min(...starts) : (numberOf(output.format.start_time) ?? 0)
}

/**
 * Formats with timestamps in milliseconds do not state a rate, and ffprobe then reports up to a thousand frames per
 * second, which no camera writes into them.
 */
function frameRateOf(video: FfprobeStream, format: FileFormat): number {
  const rates = [ratio(video.avg_frame_rate), ratio(video.r_frame_rate)]
  const isPlausible = (rate: number | undefined) => rate !== undefined && rate <= MAX_ESTIMATED_RATE
  return (format === 'mp4' ? rates.find(Boolean) : rates.find(isPlausible)) ?? DEFAULT_FRAME_RATE
}

/** A single picture has no frame rate, although its length in the header suggests one. */
function refuseRate(video: FfprobeStream): void {
  const rate = ratio(video.avg_frame_rate) ?? 0
  if (rate <= MAX_FRAME_RATE || Number(video.nb_frames) === 1) return
  throw refusal(
    `The header states ${Math.round(rate)} frames per second.`,
    `At most ${MAX_FRAME_RATE} are supported. Re-encode the file at its actual frame rate.`,
  )
}

/** ffprobe reports the display matrix as a counter-clockwise rotation, and the rotate tag as a clockwise one. */
function rotationOf(video: FfprobeStream): number {
  const matrix = video.side_data_list?.map(({ rotation }) => numberOf(rotation)).find(Number.isFinite)
  const tag = numberOf(video.tags?.rotate)
  const clockwise = matrix === undefined ? (tag ?? 0) : -matrix
  return ((Math.round(clockwise) % 360) + 360) % 360
}

/** Matroska writers state the length of each stream in a tag, as `00:01:02.500000000`. */
function taggedSeconds({ tags }: FfprobeStream): number | undefined {
  const [, hours, minutes, seconds] = /^(\d{2,}):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(tags?.DURATION ?? '') ?? []
  return positive(3600 * Number(hours) + 60 * Number(minutes) + Number(seconds))
}

/** ffprobe gives times as text, some as "N/A". */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

function positive(value: unknown): number | undefined {
  const number = numberOf(value)
  return number !== undefined && number > 0 ? number : undefined
}

/** "24000/1001" or "16:9"; undefined for "0/0", "0:1" and "N/A". */
function ratio(value: unknown): number | undefined {
  const [over, under] = String(value).split(/[/:]/).map(Number)
  if (over === undefined || under === undefined || !(over > 0) || !(under > 0)) return undefined
  return over / under
}
