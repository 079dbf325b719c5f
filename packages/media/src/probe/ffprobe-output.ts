import { refusal } from './refusal.ts'

/** The fields of an ffprobe stream that are used here. They are untrusted, because they come from the file. */
export type FfprobeStream = {
  readonly index: number
  /** The track's id, e.g. `0x1`. */
  readonly id?: string
  readonly codec_type?: string
  readonly codec_name?: string
  readonly width?: number
  readonly height?: number
  readonly sample_aspect_ratio?: string
  readonly avg_frame_rate?: string
  readonly r_frame_rate?: string
  readonly start_time?: string
  readonly duration?: string
  readonly nb_frames?: string
  readonly channels?: number
  readonly disposition?: Readonly<Record<string, number>>
  readonly tags?: Readonly<Record<string, string>>
  readonly side_data_list?: readonly Readonly<Record<string, unknown>>[]
}

export type FfprobeOutput = {
  readonly streams: readonly FfprobeStream[]
  readonly format: { readonly start_time?: string; readonly duration?: string }
}

/** Parses the JSON of `ffprobe -show_streams -show_format`. Throws a refusal for a file that made ffprobe stop. */
export function parseFfprobeOutput(json: string): FfprobeOutput {
  try {
    const { streams = [], format = {} } = JSON.parse(json) as Partial<FfprobeOutput>
    return { streams, format }
  } catch (cause) {
    throw refusal('The MP4 header cannot be read.', 'Re-encode the file.', cause)
  }
}

/**
 * Lengths in ASF count from time 0, although the file may begin a thousand hours later. Returns them counted from
 * the start of the file.
 */
export function countedFromStart({ streams, format }: FfprobeOutput): FfprobeOutput {
  const start = Number(format.start_time)
  if (!(start > 0)) return { streams, format }
  const counted = <T extends { readonly duration?: string }>(one: T): T => {
    const seconds = Number(one.duration) - start
    return seconds > 0 ? { ...one, duration: String(seconds) } : one
  }
  return { streams: streams.map(counted), format: counted(format) }
}
