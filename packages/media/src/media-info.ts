import type { FileFormat } from './formats/formats.ts'

/** Content of a file's header. All times are in seconds from the start of the presentation. */
export type MediaInfo = {
  readonly format: FileFormat
  /** A still picture, or sound without a picture: covers do not count. */
  readonly kind: 'video' | 'picture' | 'sound'
  /**
   * Length of the presentation, > 0, but 0 for a still picture; undefined if the container states none. An estimate in formats that do not state
   * it (formats.ts).
   */
  readonly durationSeconds: number | undefined
  /** As displayed: the display matrix (or rotate tag) is applied. In pixels, 1..16384; 0 for sound alone. */
  readonly width: number
  readonly height: number
  /** Clockwise rotation that a player applies: 0, 90, 180 or 270 in files from cameras. */
  readonly rotationDegrees: number
  /** Width over height of one pixel; 1 unless the picture is anamorphic. */
  readonly pixelAspect: number
  readonly frameRate: number
  /** ffprobe's name, e.g. `h264`; that of the sound for sound alone. */
  readonly videoCodec: string
  /** Index of the video stream among all streams of the file, as in ffmpeg's `0:N`; undefined for sound alone. */
  readonly videoIndex: number | undefined
  readonly videoStartSeconds: number
  /** Length of the video stream; undefined if the header does not state it. */
  readonly videoDurationSeconds: number | undefined
  readonly hasAudio: boolean
  readonly audioIndex: number | undefined
  readonly audioCodec: string | undefined
  /** Time of the first audio sample; 0 without audio. */
  readonly audioStartSeconds: number
  /** File size in bytes. */
  readonly size: number
  /** Bytes by which the last top-level box extends beyond the end of the file; > 0 means that the file is truncated. */
  readonly missingBytes: number
  /** Whether the edit lists hide all of the video or audio, so that every program must ignore them. */
  readonly ignoresEditList: boolean
  /** What is ignored in the file, as sentences for its owner. */
  readonly notes: readonly string[]
}
