import { type InputFormat, inputFormats } from '@kinoprint/core'

export type FormatTraits = {
  /** ffmpeg's name of the demuxer. */
  readonly demuxer: string
  /** As messages name it, with the article. */
  readonly title: string
  readonly extensions: readonly string[]
  /**
   * Whether a decoder that starts at any time delivers the same frames as one that reads the whole file. Other formats
   * have no index of keyframes, or timestamps that jump: they are read from the start.
   */
  readonly isSeekable: boolean
  /** Whether the header states the length. Otherwise ffprobe estimates it, and only decoding shows it. */
  readonly statesLength: boolean
}

export const formatTraits: Readonly<Record<InputFormat, FormatTraits>> = {
  mp4: {
    demuxer: 'mp4',
    title: 'MP4',
    extensions: ['mp4', 'm4v', 'mov', 'qt', '3gp', '3g2', 'f4v', 'cmfv'],
    isSeekable: true,
    statesLength: true,
  },
  matroska: {
    demuxer: 'matroska',
    title: 'Matroska or WebM',
    extensions: ['mkv', 'webm', 'mk3d'],
    isSeekable: true,
    statesLength: true,
  },
  mpegts: {
    demuxer: 'mpegts',
    title: 'MPEG-TS',
    extensions: ['ts', 'm2ts', 'mts', 'm2t', 'trp'],
    isSeekable: false,
    statesLength: false,
  },
  mpegps: {
    demuxer: 'mpeg',
    title: 'MPEG-PS',
    extensions: ['mpg', 'mpeg', 'vob', 'm2p', 'mod'],
    isSeekable: false,
    statesLength: false,
  },
  avi: {
    demuxer: 'avi',
    title: 'AVI',
    extensions: ['avi', 'divx'],
    isSeekable: true,
    statesLength: true,
  },
  flv: {
    demuxer: 'flv',
    title: 'Flash Video',
    extensions: ['flv'],
    isSeekable: true,
    statesLength: false,
  },
  asf: {
    demuxer: 'asf',
    title: 'Windows Media',
    extensions: ['wmv', 'asf'],
    isSeekable: true,
    statesLength: true,
  },
  mxf: { demuxer: 'mxf', title: 'MXF', extensions: ['mxf'], isSeekable: true, statesLength: true },
  ogg: {
    demuxer: 'ogg',
    title: 'Ogg',
    extensions: ['ogv', 'ogg', 'ogm', 'ogx'],
    isSeekable: true,
    statesLength: false,
  },
}

/** Whether decoding may start anywhere in a file: see FormatTraits. */
export function canSeek({ format }: { readonly format: InputFormat }): boolean {
  return formatTraits[format].isSeekable
}

/** Extensions that video files have, without the dot. The content decides what a file is, not its name. */
export const videoExtensions: readonly string[] = inputFormats.flatMap(
  (format) => formatTraits[format].extensions,
)
