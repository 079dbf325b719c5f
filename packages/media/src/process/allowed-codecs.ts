import type { FileFormat } from '../formats/formats.ts'

/**
 * Decoders that an untrusted file may open, by ffmpeg's names: the formats that cameras, platforms and editors put into
 * files. ffmpeg has some 500 more, among them old game formats, where most of its security holes are found. ffmpeg
 * ignores a name that its build does not have.
 */
const VIDEO_DECODERS = [
  ...[
    'h264',
    'hevc',
    'vvc',
    'libvvdec',
    'libdav1d',
    'libaom-av1',
    'av1',
    'vp9',
    'libvpx-vp9',
    'vp8',
    'libvpx',
  ],
  ...['mpeg4', 'h263', 'mpeg2video', 'mpeg1video', 'mjpeg', 'prores', 'dnxhd'],
  // Cover images.
  ...['png', 'bmp'],
]
const AUDIO_DECODERS = [
  ...['aac', 'aac_fixed', 'libfdk_aac', 'mp3float', 'mp3', 'mp2float', 'mp2', 'mp1float', 'mp1'],
  ...['ac3', 'ac3_fixed', 'eac3', 'dca', 'truehd', 'opus', 'libopus', 'vorbis', 'libvorbis', 'flac', 'alac'],
  ...['amrnb', 'amrwb', 'libopencore_amrnb', 'libopencore_amrwb'],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be', 'pcm_s8', 'pcm_u8'],
  ...['pcm_f32le', 'pcm_f32be', 'pcm_f64le', 'pcm_f64be', 'pcm_alaw', 'pcm_mulaw'],
]
/** ffprobe opens the decoder of every track that it describes. */
const SUBTITLE_DECODERS = ['mov_text', 'webvtt', 'cc_dec', 'dvdsub']

/** Decoders of editors and archives. */
const ARCHIVE_DECODERS = ['ffv1', 'huffyuv', 'ffvhuff', 'utvideo', 'rawvideo', 'v210', 'dvvideo']
const WINDOWS_DECODERS = [
  ...['wmv1', 'wmv2', 'wmv3', 'vc1', 'msmpeg4v1', 'msmpeg4v2', 'msmpeg4'],
  ...['wmav1', 'wmav2', 'wmapro', 'wmalossless', 'adpcm_ms', 'adpcm_ima_wav'],
]
const FLASH_DECODERS = ['flv', 'vp6', 'vp6f', 'vp6a', 'nellymoser', 'libspeex', 'speex', 'adpcm_swf']
const XIPH_DECODERS = ['theora', 'libspeex', 'speex', 'dirac']
const BROADCAST_DECODERS = ['vc1', 'dirac', 'cavs', 'aac_latm', 's302m', 'pcm_bluray', 'pcm_dvd', 'mlp']
const TEXT_DECODERS = ['subrip', 'srt', 'ass', 'ssa', 'text', 'pgssub', 'dvbsub']

const COVER_DECODERS = ['mjpeg', 'png', 'bmp', 'gif', 'webp']

/** Formats that hold no video: only these decoders, not those of video. */
const ONLY_DECODERS: Partial<Record<FileFormat, readonly string[]>> = {
  jpeg: ['mjpeg'],
  png: ['png'],
  webp: ['webp'],
  avif: ['png'],
  gif: ['gif'],
  mp3: [...AUDIO_DECODERS, ...COVER_DECODERS],
  flac: [...AUDIO_DECODERS, ...COVER_DECODERS],
  wav: [...AUDIO_DECODERS, 'adpcm_ms', 'adpcm_ima_wav'],
}

/** In addition to those of all videos. */
const FORMAT_DECODERS: Partial<Record<FileFormat, readonly string[]>> = {
  mp4: ['dvvideo'],
  matroska: [...ARCHIVE_DECODERS, ...WINDOWS_DECODERS, ...XIPH_DECODERS, ...TEXT_DECODERS, 'mlp', 'tta'],
  mpegts: [...BROADCAST_DECODERS, 'pgssub', 'dvbsub'],
  mpegps: BROADCAST_DECODERS,
  avi: [...ARCHIVE_DECODERS, ...WINDOWS_DECODERS],
  flv: FLASH_DECODERS,
  asf: WINDOWS_DECODERS,
  mxf: [...ARCHIVE_DECODERS, 'jpeg2000', 'libopenjpeg', 's302m', 'vc1'],
  ogg: XIPH_DECODERS,
}

/** Input option of ffmpeg and ffprobe. */
export function codecOptions(format: FileFormat): readonly [string, string] {
  const ofVideo = [...VIDEO_DECODERS, ...AUDIO_DECODERS, ...SUBTITLE_DECODERS]
  const names = ONLY_DECODERS[format] ?? [...ofVideo, ...(FORMAT_DECODERS[format] ?? [])]
  return ['-codec_whitelist', [...new Set(names)].join(',')]
}
