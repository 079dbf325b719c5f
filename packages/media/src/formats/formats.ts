import { type InputFormat, inputFormats } from '@kinoprint/core'

/** Containers of video, which may also hold sound alone. */
export type Container = Exclude<InputFormat, 'pictures' | 'sound'>
type PictureFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif'
type SoundFormat = 'mp3' | 'flac' | 'wav'
/** The format of a file. */
export type FileFormat = Container | PictureFormat | SoundFormat

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

export const formatTraits: Readonly<Record<FileFormat, FormatTraits>> = {
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
  jpeg: picture('jpeg_pipe', 'a JPEG picture', ['jpg', 'jpeg', 'jpe', 'jfif']),
  png: picture('png_pipe', 'a PNG picture', ['png']),
  webp: picture('webp_pipe', 'a WebP picture', ['webp']),
  // Converted before ffmpeg reads it: see convert-avif.ts.
  avif: picture('png_pipe', 'an AVIF picture', ['avif']),
  gif: picture('gif', 'a GIF picture', ['gif']),
  mp3: { ...sound('mp3', 'an MP3 file', ['mp3']), statesLength: false },
  flac: sound('flac', 'a FLAC file', ['flac']),
  wav: sound('wav', 'a WAV file', ['wav', 'wave']),
}

function picture(demuxer: string, title: string, extensions: readonly string[]): FormatTraits {
  return { demuxer, title, extensions, isSeekable: false, statesLength: false }
}

function sound(demuxer: string, title: string, extensions: readonly string[]): FormatTraits {
  return { demuxer, title, extensions, isSeekable: true, statesLength: true }
}

const PICTURES: readonly PictureFormat[] = ['jpeg', 'png', 'webp', 'avif', 'gif']
const SOUND: readonly SoundFormat[] = ['mp3', 'flac', 'wav']
/** Names that containers have if they hold sound alone. */
const SOUND_EXTENSIONS = ['m4a', 'm4b', 'oga', 'opus', 'mka', 'weba', 'wma']

/** The formats that a name in settings stands for. */
export function formatsOf(setting: InputFormat): readonly FileFormat[] {
  if (setting === 'pictures') return PICTURES
  return setting === 'sound' ? SOUND : [setting]
}

/** The name in settings that stands for a format. */
export function settingOf(format: FileFormat): InputFormat {
  return inputFormats.find((setting) => formatsOf(setting).includes(format)) ?? 'mp4'
}

/** A name in settings, for messages. */
export function titleOfSetting(setting: InputFormat): string {
  if (setting === 'pictures') return 'pictures (JPEG, PNG, WebP, AVIF, GIF)'
  if (setting === 'sound') return 'sound (MP3, M4A, FLAC, WAV, Ogg)'
  return formatTraits[setting].title
}

/** Whether decoding may start anywhere in a file: see FormatTraits. */
export function canSeek({ format }: { readonly format: FileFormat }): boolean {
  return formatTraits[format].isSeekable
}

/** Extensions of the files of these formats, without the dot. The content decides what a file is, not its name. */
export function extensionsOf(settings: readonly InputFormat[]): readonly string[] {
  return settings.flatMap((setting) => [
    ...formatsOf(setting).flatMap((format) => formatTraits[format].extensions),
    ...(setting === 'sound' ? SOUND_EXTENSIONS : []),
  ])
}

/** Extensions that video files have. */
export const videoExtensions: readonly string[] = extensionsOf(
  inputFormats.filter((setting) => setting !== 'pictures' && setting !== 'sound'),
)
