import type { Fault } from '@kinoprint/core'
import type { MediaInfo } from '../media-info.ts'
import type { FfprobeAnswer, FfprobeStream } from './ffprobe-answer.ts'
import type { Movie } from './parse-movie.ts'
import type { Track } from './parse-track.ts'
import { type Candidate, pickAudio, pickVideo, soundLeftOut } from './pick-streams.ts'
import type { BoxSummary } from './read-boxes.ts'
import { refusal } from './refusal.ts'
import { type FragmentSeconds, refuseLength, streamSeconds } from './track-lengths.ts'

/** A camera writes up to 10 tracks; hundreds are an attack on whoever opens them all. */
const MAX_STREAMS = 32
/** Pixels; the largest side that H.264 and HEVC levels allow is 16384 or less. */
const MAX_SIDE = 16_384
/** 8192 x 8192: one decoded frame is then 100 MB, and a decoder keeps up to 16. */
export const MAX_PIXELS = 67_108_864
/** Pictures a second. High-speed cameras for everybody write up to 960. */
const MAX_FRAME_RATE = 1000

export type MediaLimits = {
  readonly boxes: BoxSummary
  readonly maxSeconds: number
  /** Where the index does not tell. */
  readonly fragments: FragmentSeconds
  /** Of a picture that ffprobe would not look at. */
  readonly refusedSize: string | undefined
  /** The answer is of a file whose edit lists were ignored. */
  readonly ignoresEditList: boolean
}

/** Picks the streams out of ffprobe's answer and refuses what cannot or must not be decoded. */
export const toMediaInfo = (
  data: FfprobeAnswer,
  { boxes, fragments, maxSeconds, refusedSize, ignoresEditList }: MediaLimits,
): MediaInfo => {
  refuseManyStreams(data.streams.length)
  const { movie } = boxes
  const candidates = data.streams.map((stream) => {
    const track = trackOf(stream, movie)
    return { stream, track, seconds: streamSeconds(stream, { track, fragments, maxSeconds }) }
  })
  const picture = pickVideo(candidates)
  const sound = pickAudio(candidates)
  const [video, audio] = [picture.stream, sound?.stream]
  refuseSize(video, refusedSize)
  refuseRate(video)
  const presentationStart = numberOf(data.format.start_time) ?? 0
  const startOf = (stream: FfprobeStream): number =>
    Math.max(0, (numberOf(stream.start_time) ?? presentationStart) - presentationStart)
  const end = endOf([picture, sound], startOf)
  refuseLength({ movie, fragments, format: positive(data.format.duration), end, maxSeconds })
  const claimed = positive(data.format.duration)
  const leftOut = sound === undefined ? soundLeftOut(candidates) : undefined
  const rotationDegrees = rotationOf(video)
  const turned = Math.abs(rotationDegrees - 90) < 45 || Math.abs(rotationDegrees - 270) < 45
  const [width, height] = [Number(video.width), Number(video.height)]
  const aspect = ratio(video.sample_aspect_ratio) ?? 1
  return {
    durationSeconds: end ?? (claimed !== undefined && claimed < maxSeconds ? claimed : undefined),
    width: turned ? height : width,
    height: turned ? width : height,
    rotationDegrees,
    pixelAspect: turned ? 1 / aspect : aspect,
    frameRate: ratio(video.avg_frame_rate) ?? ratio(video.r_frame_rate) ?? 25,
    videoCodec: String(video.codec_name),
    videoIndex: video.index,
    videoStartSeconds: startOf(video),
    videoDurationSeconds: picture.seconds,
    hasAudio: audio !== undefined,
    audioIndex: audio?.index,
    audioCodec: audio?.codec_name,
    audioStartSeconds: audio === undefined ? 0 : startOf(audio),
    size: boxes.size,
    missingBytes: boxes.missingBytes,
    ignoresEditList,
    notes: leftOut === undefined ? [] : [leftOut],
  }
}

/**
 * The container's own length counts an empty stretch before the presentation's start, or does not, depending on
 * ffprobe's age; the streams' ends agree in all.
 */
const endOf = (
  candidates: readonly (Candidate | undefined)[],
  startOf: (stream: FfprobeStream) => number,
): number | undefined => {
  const ends = candidates.flatMap((one) =>
    one?.seconds === undefined ? [] : [startOf(one.stream) + one.seconds],
  )
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** ffprobe writes a track's id as `0x1`; older ones write none, and have the streams in the order of the tracks. */
const trackOf = ({ id, index }: FfprobeStream, { tracks }: Movie): Track | undefined =>
  tracks.find((track) => track.id === Number(id)) ?? (id === undefined ? tracks[index] : undefined)

/** Also called with the number of tracks, before anything else opens them. */
export const refuseManyStreams = (count: number): void => {
  if (count <= MAX_STREAMS) return
  throw refusal(
    `The file holds ${count} streams.`,
    `At most ${MAX_STREAMS} are supported. Keep picture and sound: ffmpeg -i in.mp4 -map 0:v:0 -map 0:a:0 -c copy out.mp4`,
  )
}

const refuseSize = ({ width, height }: FfprobeStream, refusedSize: string | undefined): void => {
  if (width === undefined || height === undefined || !(width > 0) || !(height > 0)) {
    if (refusedSize !== undefined) throw tooLarge(refusedSize)
    throw refusal('The header does not say how large the picture is.', 'Re-encode the file.')
  }
  if (width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS) return
  throw tooLarge(`${width}x${height}`)
}

/** @param size e.g. `16384x16384` */
export const tooLarge = (size: string): Fault =>
  refusal(`The picture is ${size}.`, 'At most 8192x8192 pixels are supported. Scale the video down.')

/** One picture has no rate, whatever its length in the header makes of it. */
const refuseRate = (video: FfprobeStream): void => {
  const rate = ratio(video.avg_frame_rate) ?? 0
  if (rate <= MAX_FRAME_RATE || Number(video.nb_frames) === 1) return
  throw refusal(
    `The header says ${Math.round(rate)} frames a second.`,
    `At most ${MAX_FRAME_RATE} are supported. Re-encode the file at its actual frame rate.`,
  )
}

/** ffprobe gives the display matrix as a counter-clockwise turn, older files the rotate tag as a clockwise one. */
const rotationOf = (video: FfprobeStream): number => {
  const matrix = video.side_data_list?.map(({ rotation }) => numberOf(rotation)).find(Number.isFinite)
  const tag = numberOf(video.tags?.rotate)
  const clockwise = matrix === undefined ? (tag ?? 0) : -matrix
  return ((Math.round(clockwise) % 360) + 360) % 360
}

/** ffprobe gives times as text, and some as "N/A". */
const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const positive = (value: unknown): number | undefined => {
  const number = numberOf(value)
  return number !== undefined && number > 0 ? number : undefined
}

/** "24000/1001" or "16:9"; undefined for "0/0", "0:1" and "N/A". */
const ratio = (value: unknown): number | undefined => {
  const [over, under] = String(value).split(/[/:]/).map(Number)
  if (over === undefined || under === undefined || !(over > 0) || !(under > 0)) return undefined
  return over / under
}
