/**
 * Decoders that an untrusted file may open, by ffmpeg's names: the formats that cameras, platforms and editors put into
 * MP4 and QuickTime files. ffmpeg has some 500 more, among them old game formats, where most of its security holes are
 * found. ffmpeg ignores a name that its build does not have.
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

/** Input option of ffmpeg and ffprobe. */
export const CODEC_OPTIONS = [
  '-codec_whitelist',
  [...VIDEO_DECODERS, ...AUDIO_DECODERS, ...SUBTITLE_DECODERS].join(','),
] as const
