import { refusal } from './refusal.ts'

/** One stream as ffprobe describes it, as far as anybody here reads it. Values are what the file claims. */
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

export type FfprobeAnswer = {
  readonly streams: readonly FfprobeStream[]
  readonly format: { readonly start_time?: string; readonly duration?: string }
}

/** Reads the JSON of `ffprobe -show_streams -show_format`. Throws the refusal of a file that it broke off at. */
export const parseFfprobeAnswer = (text: string): FfprobeAnswer => {
  try {
    const { streams = [], format = {} } = JSON.parse(text) as Partial<FfprobeAnswer>
    return { streams, format }
  } catch (cause) {
    throw refusal('The MP4 header cannot be read.', 'Re-encode the file.', cause)
  }
}
