/** What is known of a video before it is decoded. All times are seconds from the presentation's start. */
export type MediaInfo = {
  /** Length of the presentation as the container states it, > 0; undefined where it states none. */
  readonly durationSeconds: number | undefined
  /** As shown: the display matrix (or rotate tag) is applied. Pixels, 1..16384. */
  readonly width: number
  readonly height: number
  /** Clockwise turn that a player applies, 0, 90, 180 or 270 for what cameras write. */
  readonly rotationDegrees: number
  /** Width over height of one pixel; 1 unless the picture is anamorphic. */
  readonly pixelAspect: number
  readonly frameRate: number
  /** ffprobe's name, e.g. `h264`. */
  readonly videoCodec: string
  /** Index of the stream among all of the file's, as ffmpeg's `0:N` counts. */
  readonly videoIndex: number
  readonly videoStartSeconds: number
  /** The picture stream's own length; undefined where the header does not say. */
  readonly videoDurationSeconds: number | undefined
  readonly hasAudio: boolean
  readonly audioIndex: number | undefined
  readonly audioCodec: string | undefined
  /** When the first sound is heard; 0 without sound. */
  readonly audioStartSeconds: number
  /** File size in bytes. */
  readonly size: number
  /** Bytes that the last top-level box claims beyond the file's end: > 0 says that the file was cut. */
  readonly missingBytes: number
  /** The edit lists leave nothing of picture or sound: every program must read the file without them. */
  readonly ignoresEditList: boolean
  /** What of the file is left out, as sentences for its owner. */
  readonly notes: readonly string[]
}
