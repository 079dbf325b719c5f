/**
 * Decoders that a stranger's file may have opened, by ffmpeg's names: what cameras, platforms and editors put into MP4
 * and QuickTime files. ffmpeg knows some 500 more, old formats of games among them, in which most of its security holes
 * are found. A name that a build does not know is left out by it.
 */
const PICTURES = [
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
  // Cover pictures.
  ...['png', 'bmp'],
]
const SOUNDS = [
  ...['aac', 'aac_fixed', 'libfdk_aac', 'mp3float', 'mp3', 'mp2float', 'mp2', 'mp1float', 'mp1'],
  ...['ac3', 'ac3_fixed', 'eac3', 'dca', 'truehd', 'opus', 'libopus', 'vorbis', 'libvorbis', 'flac', 'alac'],
  ...['amrnb', 'amrwb', 'libopencore_amrnb', 'libopencore_amrwb'],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be', 'pcm_s8', 'pcm_u8'],
  ...['pcm_f32le', 'pcm_f32be', 'pcm_f64le', 'pcm_f64be', 'pcm_alaw', 'pcm_mulaw'],
]
/** ffprobe opens the decoder of every track that it describes. */
const SUBTITLES = ['mov_text', 'webvtt', 'cc_dec', 'dvdsub']

/** Input option of ffmpeg and ffprobe. */
export const CODEC_OPTIONS = ['-codec_whitelist', [...PICTURES, ...SOUNDS, ...SUBTITLES].join(',')] as const
